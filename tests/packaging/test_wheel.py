"""The wheel holds everything that the command needs, and works where nothing else of ours is."""

import os
import subprocess
import sys
import sysconfig
import venv
from email import message_from_bytes
from pathlib import Path
from zipfile import ZipFile

import pytest

from hearten import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `hearten` of a fresh virtual environment; it shares only what others have made."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, symlinks=True, with_pip=False)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    (own,) = folder.glob("lib/python*/site-packages")
    own.joinpath("others.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "hearten"


def run(command: Path, *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [command, *arguments],
        cwd=folder,
        env={"PATH": os.defpath, "HEARTEN_CONFIG": "config"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_wheel_holds_every_file_of_every_package(wheel: Path) -> None:
    ours = {
        str(path.relative_to(ROOT / "src"))
        for path in ROOT.joinpath("src").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert ours <= set(ZipFile(wheel).namelist())


def test_the_wheel_has_the_version_that_the_package_says(wheel: Path) -> None:
    assert wheel.name.startswith(f"hearten-{__version__}-")


def test_the_wheel_names_its_licence_and_holds_its_text_and_that_of_what_others_made(
    wheel: Path,
) -> None:
    others = "src/api/pages/static/LICENCE-nhsuk-frontend.txt"
    info = f"hearten-{__version__}.dist-info"
    held = ZipFile(wheel)
    said = message_from_bytes(held.read(f"{info}/METADATA"))

    assert said["License-Expression"] == "MIT"
    assert said.get_all("License-File") == ["LICENSE", others]
    for file in ("LICENSE", others):
        assert held.read(f"{info}/licenses/{file}") == ROOT.joinpath(file).read_bytes()


@pytest.mark.slow
def test_the_installed_command_is_the_one_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = [
        str(installed.with_name("python")),
        "-c",
        "import hearten, store; print(hearten.__file__)",
    ]

    said = subprocess.run(where, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert said.startswith(str(installed.parents[1]))


@pytest.mark.slow
def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", folder=tmp_path) == f"hearten {__version__}\n"


@pytest.mark.slow
def test_the_installed_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    assert "collect" in run(installed, "--help", folder=tmp_path)


@pytest.mark.slow
def test_the_installed_command_writes_examples_and_their_schemas(
    installed: Path, tmp_path: Path
) -> None:
    run(installed, "init", folder=tmp_path)
    schema = run(installed, "config", "schema", "teams.yaml", folder=tmp_path)

    assert sorted(path.name for path in tmp_path.joinpath("config").iterdir()) == [
        "excused.yaml",
        "hearten.yaml",
        "roles.yaml",
        "targets.yaml",
        "teams.yaml",
        "time_allocation.yaml",
    ]
    assert '"repositories"' in schema


@pytest.mark.slow
def test_the_installed_command_runs_the_demonstration(installed: Path, tmp_path: Path) -> None:
    assert "Where to look next" in run(installed, "demo", "--once", folder=tmp_path)
