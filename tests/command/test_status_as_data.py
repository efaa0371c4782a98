"""A team's standing as data: one shape on the command line and in REST."""

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from api.rest.serializers import Presenter
from evaluator.model.facts import Reason
from evaluator.model.plan import Plan
from evaluator.model.results import EvidenceItem, Gap, LeftOut, Status
from evaluator.streaks import Streak
from evaluator.team_standing import SprintResults, TeamStanding
from hearten.console.status import in_words, print_status, status_data
from tests.evaluator.builders import LATER, PLAN, SPRINT_A, TEAM
from tests.evaluator.results import a_result

JUDGED = replace(
    a_result(Status.MET, 1),
    evidence=(EvidenceItem("ticket", "HER-1", "https://jira.example/browse/HER-1", LATER),),
    left_out=(LeftOut("HER-2", "a sub-task"),),
    gaps=(Gap("github:nhsuk/web", Reason.STALE, "not read since the sprint ended"),),
)
STANDING = TeamStanding(
    team=TEAM,
    last_finished=SprintResults(SPRINT_A, (JUDGED,)),
    just_closed=None,
    current=None,
    streaks=(("tickets-done", Streak(3, paused=True)),),
    data_as_of=LATER,
    gaps=(Gap("github:nhsuk/web", Reason.STALE, "Not read yet. Run `hearten collect`."),),
)


def shown(standing: TeamStanding, plan: Plan) -> dict[str, Any]:
    (data,) = status_data([standing], plan)
    return data


def test_the_command_line_has_what_rest_has_but_for_its_addresses() -> None:
    rest = Presenter(PLAN, "https://hearten.example").standing(STANDING)
    for each in rest["last_finished"]["results"]:
        del each["evidence_url"], each["page_url"]
    team = rest.pop("team")

    data = shown(STANDING, PLAN)

    assert rest.items() <= data.items()
    assert data["streaks"] == [{"target": "tickets-done", "length": 3, "paused": True}]
    assert (data["team"], data["name"], data["group"]) == (team["id"], team["name"], team["group"])


@pytest.mark.parametrize("length", [None, 1, 2, 3])
def test_a_streak_is_printed_only_of_a_team_that_opted_in(length: int | None) -> None:
    streaks = () if length is None else ((JUDGED.target, Streak(length)),)
    standing, text = replace(STANDING, streaks=streaks), StringIO()

    print_status([standing], PLAN, Console(file=text, width=200))

    assert ("in a row" in text.getvalue()) == (length in {2, 3})
    assert (shown(standing, PLAN)["sprints_met_in_a_row"] == {}) == (length is None)


@pytest.mark.parametrize(("stretch", "style"), [(False, "yellow"), (True, "none")])
def test_a_stretch_target_that_is_not_met_warns_nobody(stretch: bool, style: str) -> None:
    target = replace(PLAN.targets[0], id=JUDGED.target, stretch=stretch)

    said = in_words(replace(JUDGED, status=Status.NOT_MET), replace(PLAN, targets=(target,)))

    assert str(said.style) == style


UNREADABLE = replace(
    STANDING,
    last_finished=None,
    unreadable=Gap("board:jira:42", Reason.NO_ACCESS, "Let the token see board 42."),
    without_sprint=(("tickets-done", Status.NO_DATA),),
)


def test_a_board_that_cannot_be_read_is_said_with_each_targets_status() -> None:
    assert shown(UNREADABLE, PLAN)["unreadable"] == {
        "source": "board:jira:42",
        "reason": "no_access",
        "action": "Let the token see board 42.",
        "statuses": [{"target": "tickets-done", "status": "no_data", "status_text": "No data"}],
    }
    assert shown(STANDING, PLAN)["unreadable"] is None


def test_the_table_says_no_data_where_a_board_cannot_be_read() -> None:
    written = StringIO()
    console = Console(file=written, width=120)

    print_status([UNREADABLE], PLAN, console)

    printed = written.getvalue()
    assert "No data: no access" in printed
    assert "No sprint to show yet" not in printed


def test_the_command_line_keeps_the_key_that_scripts_know() -> None:
    data = shown(STANDING, PLAN)

    assert data["sprints_met_in_a_row"] == {"tickets-done": {"length": 3, "paused": True}}
