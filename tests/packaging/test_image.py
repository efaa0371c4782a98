"""The Dockerfile, as hadolint and its purpose have it. `.ci/container` builds it for real."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT.joinpath("Dockerfile").read_text()
# What the first stage takes from the folder, and where to.
TAKEN = [
    (source, target)
    for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
    for *sources, target in [line.split()]
    for source in sources
]


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")

    said = subprocess.run(
        [hadolint, ROOT / "Dockerfile"], check=False, capture_output=True, text=True
    )

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_what_the_image_is_made_of_is_enough_to_build_the_wheel(tmp_path: Path) -> None:
    for source, target in TAKEN:
        if ROOT.joinpath(source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / target)
        else:
            shutil.copy(ROOT / source, tmp_path / target)

    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    said = subprocess.run(build, cwd=tmp_path, check=False, capture_output=True, text=True)

    assert said.returncode == 0, said.stderr


def test_all_that_the_image_is_made_of_is_let_through_to_its_builder() -> None:
    let_through = re.findall("^!(.+)$", ROOT.joinpath(".dockerignore").read_text(), re.MULTILINE)

    assert sorted(let_through) == sorted(source.rstrip("/") for source, _ in TAKEN)


def test_the_image_that_runs_gets_only_what_was_installed() -> None:
    last = DOCKERFILE.rpartition("FROM ")[2]

    copied = [line for line in last.splitlines() if line.startswith(("COPY", "ADD"))]

    assert copied == ["COPY --from=build /opt/hearten /opt/hearten"]


def test_the_image_is_made_on_one_of_a_digest() -> None:
    bases = re.findall(r"^(?:ARG BASE=|FROM )(\S+)", DOCKERFILE, re.MULTILINE)

    assert set(bases[1:]) == {"${BASE}"}
    assert re.fullmatch(r"docker\.io/library/python@sha256:[0-9a-f]{64}", bases[0])
    assert "docker.io/library/python:3.11-slim-bookworm" in DOCKERFILE


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    users = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)

    assert len(users) == 1
    assert "0" not in users[0]


@pytest.mark.parametrize("file", ["Dockerfile", "compose.yaml", ".ci/container"])
def test_no_secret_stands_in_what_makes_a_container(file: str) -> None:
    values = re.findall(
        r"(?:TOKEN|PASSWORD|KEY|DATABASE_URL)(?!_FILE|__FILE)\w*[:=] *(\S+)",
        ROOT.joinpath(file).read_text(),
    )

    assert [value for value in values if "sqlite:////var/lib/hearten" not in value] == []
