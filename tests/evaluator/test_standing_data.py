"""A team's standing as data."""

import json
from dataclasses import replace

import pytest

from evaluator.model.facts import Reason
from evaluator.model.plan import Target
from evaluator.model.results import EvidenceItem, EvidenceStep, Gap, LeftOut, Status
from evaluator.standing_data import result_data, standing_data
from evaluator.streaks import Streak
from evaluator.team_standing import SprintResults, TeamStanding
from tests.evaluator.builders import LATER, PLAN, SPRINT_A, TEAM, at
from tests.evaluator.results import a_result

TARGET = Target("reached-production", "Reached production", "", "changes_in_production", ())
GAP = Gap("github:nhsuk/web", Reason.STALE, "not read since the sprint ended")
JUDGED = a_result(
    Status.MET,
    0,
    evidence=(EvidenceItem("commit", "c1", "", at("2026-07-01 23:30")),),
    left_out=(LeftOut("c2", "made by a bot", "", at("2026-03-05")), LeftOut("v1", "no time")),
    gaps=(GAP,),
)
STANDING = TeamStanding(
    team=TEAM,
    last_finished=SprintResults(SPRINT_A, (JUDGED,)),
    just_closed=None,
    current=None,
    streaks=((TARGET.id, Streak(3, paused=True)),),
    data_as_of=LATER,
    gaps=(GAP,),
)


def test_the_steps_of_evidence_have_local_days_and_links_to_what_is_configured_alone() -> None:
    steps = (
        EvidenceStep(
            "started", "HER-1", "https://jira.example/browse/HER-1", at("2026-07-01 23:30")
        ),
        EvidenceStep("heard", "FB-1", "javascript:alert(1)", at("2026-07-01")),
    )
    item = EvidenceItem("feedback", "HER-1", "", at("2026-07-01"), steps=steps)

    data = result_data(replace(JUDGED, evidence=(item,)), PLAN)

    assert [(one["local_date"], one["url"]) for one in data["evidence"][0]["steps"]] == [
        ("2026-07-02", "https://jira.example/browse/HER-1"),
        ("2026-07-01", ""),
    ]


def test_a_result_has_its_targets_title_its_status_in_words_and_local_days() -> None:
    data = result_data(JUDGED, replace(PLAN, targets=(replace(TARGET, stretch=True),)))

    assert data["target"] == {
        "id": TARGET.id,
        "version": "2021-10-01",
        "title": "Reached production",
        "stretch": True,
    }
    assert data["status_text"] == "Met"
    assert (data["sprint"]["first_day"], data["sprint"]["last_day"]) == ("2026-03-03", "2026-03-16")
    assert [item["local_date"] for item in data["evidence"]] == ["2026-07-02"]
    assert [item["local_date"] for item in data["left_out"]] == ["2026-03-05", None]
    assert data["gaps"][0]["action"] == "Not read since the sprint ended. Run `hearten collect`."


def test_a_target_that_is_no_longer_there_has_no_title() -> None:
    data = result_data(JUDGED, replace(PLAN, targets=()))

    assert (data["target"]["title"], data["target"]["stretch"]) == (None, False)


def test_a_standing_is_plain_data_with_its_sprints_streaks_and_gaps() -> None:
    data = standing_data(STANDING, PLAN)

    assert data["last_finished"]["results"] == [result_data(JUDGED, PLAN)]
    assert (data["just_closed"], data["current"]) == (None, None)
    assert data["streaks"] == [{"target": TARGET.id, "length": 3, "paused": True}]
    assert data["gaps"] == [{"source": GAP.source, "reason": "stale", "action": GAP.detail}]
    assert data["time_zone"] == "Europe/London"
    assert json.loads(json.dumps(data)) == data


def test_what_becomes_of_each_result_may_be_more() -> None:
    data = standing_data(STANDING, PLAN, lambda result: {"only": result.target})

    assert data["last_finished"]["results"] == [{"only": TARGET.id}]


def test_a_team_whose_board_cannot_be_read_says_why_and_has_no_data() -> None:
    unreadable = replace(
        STANDING, unreadable=GAP, without_sprint=((TARGET.id, Status.NO_DATA),), last_finished=None
    )

    data = standing_data(unreadable, PLAN)

    assert data["unreadable"] == {
        "source": GAP.source,
        "reason": "stale",
        "action": GAP.detail,
        "statuses": [{"target": TARGET.id, "status": "no_data", "status_text": "No data"}],
    }
    assert standing_data(STANDING, PLAN)["unreadable"] is None


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "data:text/html,x", "//github.com/x", "https://github.com"),
        *("https://github.com.evil.example/x", "https://github.com@evil.example/x", " https://x"),
        *("https://github.com/x\ny", 'https://github.com/"', "https://jira.example.org/browse/A-1"),
    ],
)
def test_what_leads_elsewhere_is_no_link(url: str) -> None:
    assert PLAN.link(url) == ""
    assert PLAN.link("https://github.com/acme/shop/pull/7").endswith("/7")

    found = replace(
        JUDGED,
        evidence=(EvidenceItem("commit", "c1", url, LATER),),
        left_out=(LeftOut("c2", "made by a bot", url),),
    )
    data = result_data(found, PLAN)
    assert (data["evidence"][0]["url"], data["left_out"][0]["url"]) == ("", None)


def test_a_configured_jira_site_is_linked() -> None:
    plan = replace(PLAN, jira_html=(("jira", "https://jira.example.org/"),))

    assert plan.link("https://jira.example.org/browse/A-1")
