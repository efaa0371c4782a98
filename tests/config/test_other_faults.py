import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from hearten.config.faults import ConfigError
from tests.config.folder import TARGETS, TEAMS, Folder

HERON_AWAY = "excused:\n  - {team: heron, from: 2026-02-02, to: 2026-02-13, reason: closure}\n"


@pytest.mark.parametrize(
    ("written", "line", "key", "mend"),
    [
        pytest.param(
            "weather: x\n",
            1,
            "weather",
            "the keys are agents_count, bank_holidays",
            id="unknown key",
        ),
        pytest.param(
            "\ntime_zone: Europe/Londn\n", 2, "time_zone", "Europe/London", id="no such time zone"
        ),
        pytest.param("settle_days: 21\n", 1, "settle_days", "at most 20", id="three weeks"),
        pytest.param("settle_days: -1\n", 1, "settle_days", "at least 0", id="before the end"),
        pytest.param("settle_days: yes\n", 1, "settle_days", "whole number", id="yes is no number"),
        pytest.param(
            "bank_holidays: england\n",
            1,
            "bank_holidays",
            "england-and-wales",
            id="England alone",
        ),
        pytest.param("product: Hearten\n", 1, "product", "must hold keys", id="a word for keys"),
        pytest.param("bots:\n  - a\n  - 4\n", 3, "bots[2]", "quotes", id="a number for a login"),
        pytest.param(
            "closures:\n  - {from: 2027-01-02, to: 2027-01-01, name: Winter}\n",
            2,
            "closures[Winter].to",
            "lies before `from`",
            id="a closure that ends first",
        ),
        pytest.param(
            "dates:\n  - {name: Close}\n",
            2,
            "dates[Close]",
            "must have either `day`, or both `from` and `to`",
            id="a date without a day",
        ),
        pytest.param(
            "dates:\n  - {name: Close, from: 2026-01-02}\n",
            2,
            "dates[Close]",
            "must have either `day`, or both `from` and `to`",
            id="a date that does not end",
        ),
        pytest.param(
            "dates:\n  - {name: Close, day: 2026-01-02, from: 2026-01-02, to: 2026-01-03}\n",
            2,
            "dates[Close]",
            "must have either `day`, or both `from` and `to`",
            id="a date with a day and days",
        ),
        pytest.param(
            "dates:\n  - {name: Trial, from: 2026-01-02, to: 2026-01-01}\n",
            2,
            "dates[Trial].to",
            "lies before `from`",
            id="a date that ends first",
        ),
        pytest.param(
            "dates:\n  - {name: Trial, from: 2026-01-02, to: 2027-06-01, every_year: true}\n",
            2,
            "dates[Trial].every_year",
            "leave out `every_year`",
            id="a year that is longer than a year",
        ),
        *(
            pytest.param(
                f"product: {{query_url: 'https://h.example/{place}'}}\n",
                1,
                "product.query_url",
                "nothing else in curly brackets",
                id=f"a format {place}",
            )
            for place in (
                "{title!r}",
                "{title:>99999999}",
                "{title.x}",
                "{}{title}",
                "{title:{body}}",
            )
        ),
        pytest.param(
            "product: {query_url: 'https://{title}/'}\n",
            1,
            "product.query_url",
            "must name its host itself",
            id="a title for a host",
        ),
        pytest.param(
            "product: {retro_action_url: '{site}.example/{label}'}\n",
            1,
            "product.retro_action_url",
            "must be a web address",
            id="a site that goes on",
        ),
        pytest.param(
            "jira_sites:\n  jira: {url: 'https://j.example', token_env: J}\n",
            2,
            "jira_sites.jira",
            "give this one another name",
            id="the name of the environment's site",
        ),
        pytest.param(
            "jira_sites:\n  old: {url: j.example, token_env: J}\n",
            2,
            "jira_sites.old.url",
            "write it as https://host",
            id="an address without a scheme",
        ),
    ],
)
def test_a_fault_of_the_organisation_is_reported_with_its_line_and_its_mend(
    folder: Folder, written: str, line: int, key: str, mend: str
) -> None:
    folder.write(hearten=written)

    (fault,) = folder.faults()

    assert (fault.file, fault.line, fault.key) == ("hearten.yaml", line, key)
    assert mend in fault.message


@pytest.mark.parametrize(
    "site",
    [
        pytest.param("{url: 'https://me:hunter2@j.example', token_env: J}", id="in the address"),
        pytest.param("{url: 'https://j.example', token_env: hunter2}", id="for its variable"),
        pytest.param("{url: 'https://j.example', token_env: J, token: hunter2}", id="as a key"),
        pytest.param("{url: hunter2, token_env: J}", id="for the address"),
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_and_not_repeated(folder: Folder, site: str) -> None:
    folder.write(hearten=f"jira_sites:\n  old: {site}\n")

    (fault,) = folder.faults()

    assert "hunter2" not in str(fault)


@pytest.mark.parametrize(
    ("was", "written", "key", "mend"),
    [
        pytest.param("heron", "herron", "team", "did you mean heron?", id="no such team"),
        pytest.param("02-13", "01-13", "to", "lies before `from`", id="ends before it begins"),
        pytest.param("closure", "tired", "reason", "reduced_capacity", id="another reason"),
        pytest.param(", reason: closure", "", "reason", "is missing", id="no reason"),
    ],
)
def test_a_fault_in_an_excused_period_is_reported_with_its_line_and_its_mend(
    folder: Folder, was: str, written: str, key: str, mend: str
) -> None:
    folder.write(excused=HERON_AWAY.replace(was, written))

    (fault,) = folder.faults()

    assert (fault.file, fault.line) == ("excused.yaml", 2)
    assert fault.key.endswith(f"].{key}")
    assert mend in fault.message


def test_sickness_is_never_a_reason(folder: Folder) -> None:
    folder.write(excused=HERON_AWAY.replace("closure", "sickness"))

    (fault,) = folder.faults()

    assert fault.message == "Use reduced_capacity. Do not record health reasons."


@pytest.mark.parametrize(
    ("written", "line", "mend"),
    [
        pytest.param("teams:\n  - id: [a\n", 3, "is not YAML", id="an open bracket"),
        pytest.param("teams:\n\t- id: a\n", 2, "is not YAML", id="a tab"),
        pytest.param("teams: []\n---\nteams: []\n", 2, "single document", id="two documents"),
        pytest.param("- id: heron\n", 1, "must hold keys", id="a list at the top"),
        pytest.param("teams: []\n# \x07\n", 2, "character", id="a bell"),
        pytest.param("teams: *heron\n", 1, "undefined alias", id="an alias of nothing"),
        pytest.param("teams: &t\n  - *t\n", 1, "refers to itself", id="a list inside itself"),
        pytest.param("teams: !!python/name:os.system ''\n", 1, "plain text", id="a Python name"),
        pytest.param("teams: []\n<<: {a: 1}\n", 2, "write every key out", id="a merge key"),
        pytest.param("teams: []\n? [a]\n: 1\n", 2, "write every key out", id="a list for a key"),
    ],
)
def test_what_is_not_plain_yaml_is_reported_with_its_line(
    folder: Folder, written: str, line: int, mend: str
) -> None:
    folder.write(teams=written)

    fault = folder.faults()[0]

    assert (fault.file, fault.line) == ("teams.yaml", line)
    assert mend in fault.message


LAUGHS = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("written", "line", "mend"),
    [
        pytest.param(LAUGHS, 1, "aliases stand for more than 10,000 values", id="aliases"),
        pytest.param(
            "a: &a {x: 1}\n"
            + "".join(f"{b}: &{b} {{p: *{a}, q: *{a}}}\n" for a, b in pairwise("abcdefghijklmnop")),
            2,
            "write them out",
            id="aliases of keys",
        ),
        pytest.param("settle_days: " + "[" * 3000, 1, "more than 40 levels", id="brackets"),
        pytest.param("product: " + "{a: " * 3000, 1, "more than 40 levels", id="braces"),
        pytest.param("bots:\n" + "- " * 3000, 2, "more than 40 levels", id="lists"),
        pytest.param("settle_days: " + "[\n" * 3000, 40, "more than 40 levels", id="lines"),
        pytest.param(f"settle_days: {2**31}", 1, "too large a number", id="a large number"),
        pytest.param("settle_days: " + "9" * 6000, 1, "too large a number", id="many digits"),
        pytest.param("settle_days: 0x" + "f" * 60, 1, "too large a number", id="hexadecimal"),
        pytest.param("settle_days: 1" + ":59" * 20000, 1, "too large a number", id="base 60"),
        pytest.param("settle_days: .inf", 1, "too large a number", id="infinity"),
        pytest.param('settle_days: !!int ""', 1, "does not exist", id="a number of nothing"),
        pytest.param("product: {logo: !!bool x}", 1, "does not exist", id="neither true nor false"),
        pytest.param(r'bots: ["a\ud800"]', 1, "half of a character", id="half of a character"),
        pytest.param(r'"\udc00": 1', 1, "half of a character", id="half of one in a key"),
        pytest.param(r'bots: ["a\0"]', 1, "remove it", id="a zero byte"),
        pytest.param(r'bots: ["a\e[31m"]', 1, "remove it", id="an escape"),
        pytest.param("# " + "x" * 10_000_000, 1, "larger than 10 MB", id="much"),
        pytest.param(
            "closures: [{name: x, from: 2000-01-01, to: 9999-12-31}]",
            1,
            "no working day for over a year",
            id="8,000 years of closure",
        ),
        pytest.param(
            "closures:\n"
            "  - {name: x, from: 2026-01-01, to: 2026-12-31}\n"
            "  - {name: y, from: 2027-01-04, to: 2027-01-05}\n",
            3,
            "no working day for over a year",
            id="closures with a weekend between",
        ),
        pytest.param(
            "closures: [{name: x, from: 0001-01-01, to: 2000-01-02}]",
            1,
            "lies before 1900",
            id="a day of Rome",
        ),
    ],
)
def test_a_bomb_is_one_fault_within_a_second(
    folder: Folder, written: str, line: int, mend: str
) -> None:
    folder.write(hearten=written)
    began = time.process_time()  # of this process alone: the machine may be busy

    (fault,) = folder.faults()

    assert time.process_time() - began < 1  # seconds
    assert (fault.file, fault.line) == ("hearten.yaml", line)
    assert mend in fault.message
    assert len(fault.message) < 300


def test_a_year_of_closure_and_one_more_in_another_year_are_none(folder: Folder) -> None:
    folder.write(
        hearten="closures:\n"
        "  - {name: x, from: 2026-01-01, to: 2026-12-31}\n"
        "  - {name: y, from: 2028-01-01, to: 2028-12-31}\n"
    )

    assert len(folder.load().closures) == 2


def test_what_holds_for_ever_may_say_so(folder: Folder) -> None:
    folder.write(
        teams="teams:\n  - id: heron\n    name: Heron\n    active_to: 9999-12-31\n    sprints:\n"
        "      - {from: cadence, first_day: 2024-01-01, length_days: 14, to: 9999-12-31}\n"
        "      - {from: 9999-12-31, length_days: 7}\n"
    )

    assert folder.load().teams[0].active.last == date.max


def test_a_file_that_is_not_utf_8_is_reported(folder: Folder) -> None:
    (folder.path / "teams.yaml").write_bytes("teams: [Krähe]".encode("latin-1"))

    assert [fault.message for fault in folder.faults()] == ["is not UTF-8 text; save it as UTF-8"]


def test_a_folder_in_place_of_a_file_is_reported(folder: Folder) -> None:
    (folder.path / "hearten.yaml").mkdir()

    assert "cannot be read" in folder.faults()[0].message


def test_a_missing_folder_points_at_the_examples(tmp_path: Path) -> None:
    faults = Folder(tmp_path / "nowhere").faults()

    assert [fault.file for fault in faults] == ["targets.yaml", "teams.yaml"]
    assert all("run `hearten init`" in fault.message for fault in faults)


def test_a_file_that_would_be_passed_over_for_its_ending_is_reported(folder: Folder) -> None:
    (folder.path / "excused.yml").write_text(HERON_AWAY, encoding="utf-8")

    (fault,) = folder.faults()

    assert str(fault) == "excused.yml:1: is not read; rename it to excused.yaml"


def test_everything_wrong_in_all_files_is_reported_in_one_go(folder: Folder) -> None:
    folder.write(
        hearten="settle_days: many\njira_site: {}\n",
        teams=TEAMS
        + "    colour: red\n    colour: blue\n    active_from: soon\n"
        + "    jira: {board: x, site: other}\n    repositories:\n      - name: a/b\n"
        + "        production: {evidence: tag, tags: '(', workflow: x}\n",
        targets=TARGETS.replace("    benefit: Your work reaches people sooner.\n", "")
        .replace("changes_in_production", "happiness")
        .replace("    versions", "    scope: person\n    versions")
        + "      - {effective_from: 2021-10-01, minimum: 0, status: agreed}\n"
        + "      - {effective_from: 2022-10-01, minimum: 2, status: proposed}\n",
        excused=HERON_AWAY.replace("heron", "wren").replace("closure", "sickness"),
    )

    found = [(fault.file, fault.line, fault.key.rpartition(".")[2]) for fault in folder.faults()]

    assert found == [
        ("excused.yaml", 2, "reason"),
        ("excused.yaml", 2, "team"),
        ("hearten.yaml", 1, "settle_days"),
        ("hearten.yaml", 2, "jira_site"),
        ("targets.yaml", 2, "benefit"),
        ("targets.yaml", 5, "measure"),
        ("targets.yaml", 7, "scope"),
        ("targets.yaml", 10, "effective_from"),
        ("targets.yaml", 10, "minimum"),
        ("targets.yaml", 11, "consultation_closes"),
        ("targets.yaml", 11, "proposed_on"),
        ("teams.yaml", 5, "colour"),
        ("teams.yaml", 6, "colour"),
        ("teams.yaml", 7, "active_from"),
        ("teams.yaml", 8, "board"),
        ("teams.yaml", 8, "project"),
        ("teams.yaml", 8, "site"),
        ("teams.yaml", 11, "tags"),
        ("teams.yaml", 11, "workflow"),
    ]


def test_what_cannot_be_known_is_not_called_wrong(folder: Folder) -> None:
    folder.write(
        hearten="jira_sites: [\n",
        teams=TEAMS.replace("id: heron", "id: Heron!")
        + "    jira: {project: HER, site: legacy}\n    not_applicable: {tickets-done: no Jira}\n",
        targets="targets: {\n",
        excused=HERON_AWAY,
    )

    assert [fault.file for fault in folder.faults()] == [
        "hearten.yaml",
        "targets.yaml",
        "teams.yaml",
    ]


def test_a_fault_reads_as_file_line_key_and_mend(folder: Folder) -> None:
    folder.write(teams=TEAMS + "    nam: Heron\n")

    with pytest.raises(ConfigError) as refused:
        folder.load()

    assert str(refused.value) == (
        f"{folder.path}/teams.yaml:5: teams[heron].nam: is not a key here; did you mean name?"
    )
