"""A file that held something and is gone, empty or misspelt is a fault, never a change of plan."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hearten.config.files import init
from hearten.config.loading import FILES
from tests.config.folder import TARGETS, TEAMS, Folder

HELD = {
    "hearten.yaml": "settle_days: 5\n",
    "teams.yaml": TEAMS,
    "targets.yaml": TARGETS,
    "excused.yaml": "excused: [{team: heron, from: 2026-02-02, to: 2026-02-03, reason: closure}]\n",
    "roles.yaml": "roles:\n  - {name: Testers, answers_for: [Asking what if]}\n",
    "time_allocation.yaml": "time_allocation:\n  - {role: Tester, rows: []}\n",
}
INSTEAD = {
    "hearten.yaml": ("product: {name: hearten}\n", "{}\n"),
    "excused.yaml": ("excused: []\n",),
    "roles.yaml": ("roles: []\n",),
    "time_allocation.yaml": ("time_allocation: []\n",),
}
ORGANISATIONS = [
    "time_zone: Europe/Paris",
    "settle_days: 4",
    "product: {name: Kindling}",
    "product: {footer: Ours}",
    "bank_holidays: scotland",
    "bank_holidays: none",
    "closures: [{from: 2026-12-25, to: 2026-12-31, name: Winter}]",
    "dates: [{name: Close, day: 2026-11-27}]",
    "bots: [ours]",
    "agents_count: true",
    "jira_sites: {old: {url: 'https://jira.example.net', token_env: OLD_TOKEN}}",
]
REPOSITORY = "    repositories: [{name: example/web}]\n"


def rewrite(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


@pytest.fixture
def full(folder: Folder) -> Folder:
    for name, text in HELD.items():
        (folder.path / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "lose",
    [
        pytest.param(Path.unlink, id="gone"),
        pytest.param(rewrite(""), id="empty"),
        pytest.param(rewrite("\n\n# settle_days: 5\n"), id="comments alone"),
        pytest.param(lambda path: path.rename(path.with_suffix(".yml")), id="another ending"),
        pytest.param(lambda path: path.rename(f"{path}~"), id="renamed altogether"),
    ],
)
def test_a_file_that_held_something_does_not_go_missing_quietly(
    full: Folder, name: str, lose: Callable[[Path], object]
) -> None:
    before = full.load()

    lose(full.path / name)
    (fault,) = full.faults(previous=before)

    assert fault.file in {name, name.replace("yaml", "yml")}
    assert not fault.key
    if name in INSTEAD and fault.file == name:
        assert f"or write `{INSTEAD[name][0].strip()}` in it" in fault.message


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, texts in INSTEAD.items() for text in texts]
)
def test_what_holds_nothing_any_more_says_so(full: Folder, name: str, text: str) -> None:
    before = full.load()

    (full.path / name).write_text(text, encoding="utf-8")
    after = full.load(previous=before)

    assert after != before
    assert after.files == before.files


@pytest.mark.parametrize("text", ["", "# none\n", "{}\n"])
def test_an_empty_list_of_excuses_is_written_out(folder: Folder, text: str) -> None:
    (fault,) = folder.write(excused=text).faults()

    assert str(fault) == (
        "excused.yaml:1: is empty; put back what it held, or write `excused: []` in it"
    )


@pytest.mark.parametrize("hearten", [None, "", "# nothing yet\n"])
def test_a_first_run_needs_neither_the_organisation_nor_excuses(
    folder: Folder, hearten: str | None
) -> None:
    if hearten is not None:
        folder.write(hearten=hearten)
    before = folder.load()

    assert before.files == ("targets.yaml", "teams.yaml")
    assert folder.load(previous=before) == before


@pytest.mark.parametrize("said", ORGANISATIONS)
def test_of_an_older_snapshot_what_differs_from_the_defaults_was_written(
    folder: Folder, said: str
) -> None:
    folder.write(teams=TEAMS + REPOSITORY)
    without = replace(folder.load(), files=None)
    with_it = replace(folder.write(hearten=f"{said}\n").load(), files=None)

    (folder.path / "hearten.yaml").unlink()

    assert folder.faults(previous=without) == []
    assert [fault.message for fault in folder.faults(previous=with_it)] == [
        "was there, and is gone; put it back, or write `product: {name: hearten}` in it"
    ]


def test_of_an_older_snapshot_with_excuses_the_file_was_there(full: Folder) -> None:
    before = replace(full.load(), files=None)

    (full.path / "excused.yaml").unlink()

    assert [fault.file for fault in full.faults(previous=before)] == ["excused.yaml"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("exused.yaml", "excused.yaml"),
        ("excuses.yml", "excused.yaml"),
        ("hearten.yml", "hearten.yaml"),
        ("Hearten.YAML", "hearten.yaml"),
        ("harten.yaml", "hearten.yaml"),
        ("team.yaml", "teams.yaml"),
        ("tagrets.yaml", "targets.yaml"),
        ("role.yml", "roles.yaml"),
        ("time-allocation.yaml", "time_allocation.yaml"),
    ],
)
@pytest.mark.parametrize("held", [True, False])
def test_a_misspelt_file_is_a_fault_that_names_the_right_one(
    full: Folder, name: str, meant: str, held: bool
) -> None:
    written = full.path / meant
    text = written.read_text(encoding="utf-8") if held else "no: [yaml\n"
    written.unlink()
    (full.path / name).write_text(text, encoding="utf-8")

    (fault,) = full.faults()

    assert str(fault) == f"{name}:1: is not read; rename it to {meant}"


def test_a_misspelt_file_beside_the_right_one_is_a_fault_too(full: Folder) -> None:
    (full.path / "exused.yaml").write_text(HELD["excused.yaml"], encoding="utf-8")

    (fault,) = full.faults()

    assert fault.message == (
        "is not read; put what it holds into excused.yaml, and move it out of this folder"
    )


@pytest.mark.parametrize(
    "name", ["rules.yaml", "compose.yaml", "teams.old.yaml", "excused.yaml.bak", "README.md"]
)
def test_another_programs_file_is_none_of_ours(full: Folder, name: str) -> None:
    (full.path / name).write_text("groups: []\n", encoding="utf-8")

    assert full.faults() == []


def test_the_plan_names_the_files_that_it_was_read_from(tmp_path: Path) -> None:
    init(tmp_path)

    assert Folder(tmp_path).load().files == tuple(sorted(FILES))
