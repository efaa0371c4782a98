"""Bad days as an operator sees them: a plain sentence, nothing else held up, and no wrong number.

What every other bad answer of a service does is in tests/faults; this is what people are told.
"""

import json
import os
import pty
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sandbox.github.installations import INSTALLATION
from sandbox.github.records import TokenAccess
from sandbox.traffic import ForcedAnswer
from tests.support.organisation import Organisation, Ran, ago
from tests.support.processes import begin, end

pytestmark = pytest.mark.slow


TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories: [{name: acme/shop}, {name: acme/web}]
    sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}
    not_applicable: {tickets-done: "We do not use Jira."}
  - id: linnet
    name: Linnet
    jira: {project: LIN, board: 7}
    not_applicable: {reached-production: "No code.", commits: "No code."}
"""
MERGES, WORKFLOW = "{evidence: merge}", "{evidence: workflow, workflow: deploy.yml}"
GITHUB = {"github:acme/shop", "github:acme/web"}
APP = {"HEARTEN_GITHUB_TOKEN": "", "HEARTEN_GITHUB_APP_ID": "123"}


@pytest.fixture
def acme(organisation: Organisation) -> Organisation:
    """Two repositories and a project; in each something was done in every sprint that counts."""
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repository(name)
        repo.commit(at=ago(300))
        for days in range(189, 0, -14):
            repo.run("deploy.yml", repo.squash_merge(at=ago(days)), at=ago(days))
    site = organisation.world.sites["jira"]
    site.board(7, "LIN")
    for number, days in enumerate(range(210, 0, -14)):
        closed = ago(days - 14) if days > 14 else None
        site.sprint(
            7,
            f"Sprint {number}",
            start=ago(days),
            end=ago(days - 14),
            activated=ago(days),
            completed=closed,
        )
        site.issue(f"LIN-{number}", created=ago(220), moves=[(ago(days - 7), "Done")])
    organisation.configure(TEAMS)
    return organisation


def unread(organisation: Organisation) -> dict[str, str]:
    """What `status` says is missing, by source."""
    shown = json.loads(organisation.run("status", "--format", "json").out)
    return {gap["source"]: gap["action"] for team in shown for gap in team["gaps"]}


def statuses(organisation: Organisation) -> set[str]:
    """Of what ends within the six months that are read."""
    return {result["status"] for result in organisation.results("--from", f"{ago(150):%Y-%m-%d}")}


def run_with(organisation: Organisation, *arguments: str, **settings: str) -> Ran:
    """Run `hearten` with other settings."""
    return replace(organisation, more=settings).run(*arguments)


def struck(organisation: Organisation, **settings: str) -> tuple[Ran, dict[str, str]]:
    """Collect and evaluate on a bad day; return what collecting said, and what is missing."""
    collected = run_with(organisation, "collect", **settings)
    evaluated = run_with(organisation, "evaluate", **settings)
    assert (collected.code, evaluated.code) == (1, 0), collected.messages + evaluated.messages
    assert "Traceback" not in collected.messages + evaluated.messages
    assert "not_met" not in statuses(organisation)
    return collected, unread(organisation)


def heal(organisation: Organisation) -> None:
    """Collect and evaluate on the next day, on which all is well."""
    organisation.sandbox.reset()
    organisation.collect_and_evaluate()
    assert unread(organisation) == {}
    assert statuses(organisation) <= {"met", "in_progress", "not_applicable"}
    assert "met" in statuses(organisation)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(
            (403, {"message": "This installation has been suspended"}),
            "GitHub says that the App's installation is suspended (403). Ask an owner of the "
            "organisation to resume it.",
            id="suspended",
        ),
        pytest.param(
            (404, {"message": "Not Found"}),
            "GitHub does not know this installation of the App (404). Set "
            "HEARTEN_GITHUB_APP_INSTALLATION_ID to the number at the end of the installation's "
            "address.",
            id="removed",
        ),
        pytest.param(
            (401, {"message": "A JSON web token could not be decoded"}),
            "GitHub refused the App's id or private key (401). Set HEARTEN_GITHUB_APP_ID and "
            "HEARTEN_GITHUB_APP_PRIVATE_KEY to those of the App's settings page.",
            id="its key was revoked",
        ),
    ],
)
def test_an_app_that_github_refuses_leaves_jira_to_be_read(
    acme: Organisation, app_key: str, answer: tuple[int, object], said: str
) -> None:
    status, body = answer
    acme.sandbox.fail("POST /app/installations", status=status, body=body)
    app = APP | {
        "HEARTEN_GITHUB_APP_PRIVATE_KEY": app_key,
        "HEARTEN_GITHUB_APP_INSTALLATION_ID": str(INSTALLATION),
    }

    collected, missing = struck(acme, **app)

    assert missing == dict.fromkeys(GITHUB, said)
    assert "Read 2 of 4 sources" in collected.messages
    heal(acme)


def test_of_a_refusal_only_hearten_tells_and_not_its_libraries(
    acme: Organisation, app_key: str
) -> None:
    acme.sandbox.fail("POST /app/installations", status=403, body={"message": "Suspended"})
    app = APP | {
        "HEARTEN_GITHUB_APP_PRIVATE_KEY": app_key,
        "HEARTEN_GITHUB_APP_INSTALLATION_ID": str(INSTALLATION),
    }

    ran = end(begin(replace(acme, more=app), "collect"))

    assert ran.code == 1
    assert "Request POST" not in ran.messages
    assert "Ask an owner of the organisation to resume it." in " ".join(ran.messages.split())


def remove_the_project(acme: Organisation) -> None:
    site = acme.world.sites["jira"]
    site.projects["LIN"] = replace(site.projects["LIN"], readable=False)


def bring_the_project_back(acme: Organisation) -> None:
    site = acme.world.sites["jira"]
    site.projects["LIN"] = replace(site.projects["LIN"], readable=True)


def hide_the_repository(acme: Organisation) -> None:
    acme.world.repositories["acme/web"].access = TokenAccess.MISSING


def show_the_repository(acme: Organisation) -> None:
    acme.world.repositories["acme/web"].access = TokenAccess.OPEN


@pytest.mark.parametrize("later", [False, True], ids=["first run", "later run"])
@pytest.mark.parametrize(
    ("strike", "mend", "sources", "said"),
    [
        pytest.param(
            hide_the_repository,
            show_the_repository,
            {"github:acme/web"},
            "GitHub does not show acme/web to this token (404). Check its entry in teams.yaml, and "
            "ask an owner whether it was moved or removed, or needs read access.",
            id="a repository was removed, or moved out of sight",
        ),
        pytest.param(
            remove_the_project,
            bring_the_project_back,
            {"jira:jira:LIN"},
            'Jira did not accept the question about the tickets of `project = "LIN"` on Jira site '
            "`jira` (400). Check its entry in teams.yaml, and ask an owner whether it was moved or "
            "removed, or needs read access.",
            id="a project was removed",
        ),
    ],
)
def test_what_was_removed_is_named_with_who_acts_and_holds_up_nothing(
    acme: Organisation,
    *,
    later: bool,
    strike: Callable[[Organisation], None],
    mend: Callable[[Organisation], None],
    sources: set[str],
    said: str,
) -> None:
    if later:
        acme.collect_and_evaluate()
    strike(acme)

    collected, missing = struck(acme)

    assert missing == dict.fromkeys(sources, said)
    assert f"Read {4 - len(sources)} of 4 sources" in collected.messages
    assert all(collected.messages.count(f"{source}: not read: {said}") == 1 for source in sources)
    mend(acme)
    heal(acme)


def test_an_archived_repository_is_read_as_ever(acme: Organisation) -> None:
    acme.world.repositories["acme/web"].archived = True

    heal(acme)


@pytest.mark.parametrize(
    "production", [MERGES, WORKFLOW], ids=["over GraphQL", "over REST, which redirects"]
)
@pytest.mark.parametrize("name", ["acme/site", "other/web"], ids=["renamed", "transferred"])
def test_a_repository_with_another_name_is_read_on_and_its_changes_count_once(
    acme: Organisation, name: str, production: str
) -> None:
    teams = TEAMS.replace("{name: acme/web}", f"{{name: acme/web, production: {production}}}")
    acme.configure(teams)
    acme.collect_and_evaluate()
    before = {(r["sprint"]["id"], r["target"]["id"]): r["value"] for r in acme.results()}
    repo = acme.world.repositories.pop("acme/web")
    repo.name, repo.former_names = name, ("acme/web",)
    acme.world.repositories[name] = repo

    heal(acme)
    by_old_name = {(r["sprint"]["id"], r["target"]["id"]): r["value"] for r in acme.results()}
    acme.configure(teams.replace("acme/web", name))
    heal(acme)
    doctor = acme.run("doctor")

    assert by_old_name == before
    by_new_name = {(r["sprint"]["id"], r["target"]["id"]): r["value"] for r in acme.results()}
    assert by_new_name == before
    assert "GitHub calls it" not in doctor.out


@pytest.mark.parametrize("read_before", [False, True], ids=["at first", "once it is renamed"])
def test_a_repository_that_is_listed_by_two_names_counts_once(
    acme: Organisation, *, read_before: bool
) -> None:
    both = TEAMS.replace("{name: acme/web}", "{name: acme/web}, {name: acme/site}")
    if read_before:
        acme.collect_and_evaluate()
    repo = acme.world.repositories.pop("acme/web")
    repo.name, repo.former_names = "acme/site", ("acme/web",)
    acme.world.repositories["acme/site"] = repo
    acme.configure(both)

    collected = acme.run("collect")

    said = (
        "GitHub calls acme/web acme/site today, which teams.yaml names too: it would count twice. "
        "Write acme/site in place of acme/web in teams.yaml."
    )
    assert collected.code == 1
    assert said in " ".join(collected.messages.split())
    assert "Read 4 of 5 sources" in collected.messages


def test_a_status_that_jira_no_longer_knows_decides_nothing_against_a_team(
    acme: Organisation,
) -> None:
    site = acme.world.sites["jira"]
    site.status("Shipped", "done", listed=False)
    site.issues.clear()
    for number, days in enumerate(range(203, 0, -14)):
        moves = [(ago(days, hours=3), "Shipped"), (ago(days), "Done")]
        site.issue(f"LIN-{number}", created=ago(220), moves=moves)
    acme.collect_and_evaluate()

    found = acme.results("--team", "linnet", "--target", "tickets-done")
    settled = [r for r in found if r["status"] != "in_progress"]

    assert {r["status"] for r in settled} == {"no_data"}
    assert {item["reason"] for r in settled for item in r["left_out"]} == {
        "its status is unknown to Jira"
    }
    explained = acme.run("explain", "linnet", "last", "tickets-done")
    assert explained.out.startswith(
        "No data: we could not read 1 of 1 Jira project (LIN: Jira no longer knows a status of LIN-"
    )


def test_a_board_without_sprints_is_no_failure_and_says_so(acme: Organisation) -> None:
    acme.world.sites["jira"].boards[7].sprints.clear()

    collected = acme.run("collect")
    acme.run("evaluate")
    shown = acme.run("status")
    doctor = acme.run("doctor")

    assert collected.code == 0
    assert acme.results("--team", "linnet") == []
    assert "No sprint to show yet" in shown.out
    assert "board 7: " in doctor.out


def test_a_sprint_without_dates_is_passed_over(acme: Organisation) -> None:
    site = acme.world.sites["jira"]
    site.sprint(7, "Some day")
    site.sprint(7, "Closed without any date", state="closed")

    heal(acme)

    assert {r["sprint"]["name"].partition(" ")[0] for r in acme.results("--team", "linnet")} == {
        "Sprint"
    }


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        pytest.param(-3, "is 3 hours ahead of", id="ahead"),
        pytest.param(3, "is 3 hours behind", id="behind"),
    ],
)
def test_a_clock_that_is_hours_wrong_is_told_with_the_mend_and_judges_nothing_wrong(
    acme: Organisation, hours: int, said: str
) -> None:
    def of_another_time(answer: ForcedAnswer) -> ForcedAnswer:
        date = datetime.now(UTC) + timedelta(hours=hours)  # noqa: TID251 - the services' clock
        return replace(
            answer, headers={**answer.headers, "date": format_datetime(date, usegmt=True)}
        )

    acme.sandbox.spoil(".", of_another_time)
    collected = acme.run("collect")
    acme.run("evaluate")
    doctor = acme.run("doctor")

    for told in (collected.messages, doctor.out):
        assert said in told
        assert "time server (NTP)" in told
    assert doctor.code == 1
    assert "not_met" not in statuses(acme)
    heal(acme)


def test_on_a_terminal_too_each_source_that_is_not_read_is_told_once(acme: Organisation) -> None:
    hide_the_repository(acme)
    ours, its = pty.openpty()
    with begin(acme, "collect", stderr=its, COLUMNS="400") as process:
        os.close(its)
        shown = _everything(ours)

    assert process.returncode == 1
    assert shown.count("GitHub does not show acme/web to this token") == 1


def _everything(terminal: int) -> str:
    shown = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # nobody holds the other end any more
            return shown.decode()
        shown += more
