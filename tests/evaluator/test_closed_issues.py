"""Retro actions and feedback of a team that keeps its work in GitHub alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.facts import ClosedIssue, Commit, Facts, Reason
from evaluator.model.plan import Plan, Target
from evaluator.model.results import Measurement, Result, Sprint, State, Status
from evaluator.team_facts import team_facts
from tests.evaluator.builders import (
    AT_LEAST_ONE,
    LATER,
    PLAN,
    SPRINT_A,
    TEAM,
    at,
    commit,
    deployed,
    gap_reasons,
    labels,
    reasons,
    shipped,
)

WREN = replace(TEAM, jira=())
OF_WREN = replace(PLAN, teams=(WREN,))
FORTNIGHT = timedelta(days=14)
BEFORE = tuple(
    replace(
        SPRINT_A,
        id=f"{n}",
        start=SPRINT_A.start - n * FORTNIGHT,
        end=SPRINT_A.start - (n - 1) * FORTNIGHT,
    )
    for n in (3, 2, 1)
)
RETRO = Target("retro-actions", "", "", "retro_actions_done", (AT_LEAST_ONE,), stretch=True)
FEEDBACK = Target("user-feedback", "", "", "feedback_acted_on", (AT_LEAST_ONE,), stretch=True)
FIRST = commit("c0", made="2026-01-01")
BEGAN = deployed("D0", "c0", "2026-02-04")
SINCE = "issues in GitHub are seen only once a change that closes them is in production"


def issue(number: int = 12, *named: str, **known: Any) -> ClosedIssue:
    """Return an issue that was made on 18 February; its pull request was on 5 March."""
    made = ClosedIssue("nhsuk/web", number, 7, named, at("2026-02-18"), at("2026-03-05"))
    return replace(made, **known)


def change(sha: str, *closes: ClosedIssue, number: int = 7, **known: Any) -> Commit:
    parents = ("c0",)
    return commit(sha, *parents, made="2026-03-06", pull_request=number, closes=closes, **known)


def facts(*commits: Commit, when: str = "2026-03-10") -> Facts:
    events = [BEGAN, *(deployed(f"of {one.sha}", one.sha, when) for one in commits)]
    return shipped([FIRST, *commits], events)


def find(
    measure: str, found: Facts, window: Sprint = SPRINT_A, plan: Plan = OF_WREN
) -> Measurement:
    known = team_facts(plan.teams[0], plan, found)
    context = MeasureContext(plan.teams[0], window, plan, known, LATER, BEFORE)
    return MEASURES[measure].found(context)


def judged(target: Target, found: Facts) -> Result:
    plan = replace(OF_WREN, targets=(target,))
    rows = evaluate_team(WREN, plan, found, LATER, {})
    return next(row for row in rows if row.sprint.id == SPRINT_A.id)


def test_a_retro_action_is_done_when_the_change_that_closes_it_reaches_production() -> None:
    others = change("c2", number=8)
    found = find("retro_actions_done", facts(change("c1", issue(12, "retro-action")), others))

    (item,) = found.evidence
    assert (item.kind, item.label, item.at) == ("retro_action", "#12", at("2026-03-10"))
    assert item.url == "https://github.com/nhsuk/web/issues/12"
    assert found.sources == ("github:nhsuk/web",)


@pytest.mark.parametrize(
    ("closes", "reason"),
    [
        (issue(12, "retro-action", declined=True), "decided not to do: closed as not planned"),
        (
            issue(12, "retro-action", created=at("2026-01-10")),
            "made before the two sprints before this one",
        ),
    ],
)
def test_a_retro_action_that_is_old_or_was_decided_against_is_left_out(
    closes: ClosedIssue, reason: str
) -> None:
    found = find("retro_actions_done", facts(change("c1", closes)))

    assert reasons(found) == {"#12": reason}
    assert not found.evidence


def test_an_issue_counts_once_by_the_first_change_that_reaches_production() -> None:
    one = issue(12, "retro-action")
    commits = [change("c1", one), change("c2", replace(one, pull_request=8), number=8)]
    events = [BEGAN, deployed("D1", "c1", "2026-02-27"), deployed("D2", "c2", "2026-03-10")]

    assert not find("retro_actions_done", shipped([FIRST, *commits], events)).evidence


def test_an_issue_of_another_repository_is_called_with_its_name() -> None:
    other = issue(3, "retro-action", repository="nhsuk/ideas")
    found = find("retro_actions_done", facts(change("c1", other, issue(12, "retro-action"))))

    assert labels(found) == ["#12", "nhsuk/ideas#3"]
    assert found.evidence[1].url == "https://github.com/nhsuk/ideas/issues/3"


def test_changes_of_bots_close_nothing_and_neither_does_what_is_not_in_production() -> None:
    bots = change("c1", issue(12, "retro-action"), bot=True)
    waiting = change("c2", issue(13, "retro-action"), number=8)

    found = find("retro_actions_done", shipped([FIRST, bots, waiting], [BEGAN]))

    assert gap_reasons(found) == [Reason.NOTHING_MATCHED]
    assert find("retro_actions_done", facts(bots)).value is None


@pytest.mark.parametrize(
    ("target", "label"), [(RETRO, "retro-action"), (FEEDBACK, "user-feedback")]
)
def test_a_team_that_never_closed_an_issue_with_the_label_has_no_data(
    target: Target, label: str
) -> None:
    row = judged(target, facts(change("c1", issue(12, "tech-debt"))))

    assert row.status is Status.NO_DATA
    assert [gap.reason for gap in row.gaps] == [Reason.NOTHING_MATCHED]
    assert row.reason == (
        "we could not count in 1 of 1 repository (nhsuk/web: no change of it in production is "
        f"known to close an issue with the label {label})."
    )


@pytest.mark.parametrize(
    ("target", "label", "why"),
    [
        (RETRO, "retro-action", "tell whether another was open."),
        (FEEDBACK, "user-feedback", "tell whether another was taken up."),
    ],
)
def test_too_few_are_no_data_because_nobody_sees_what_is_open(
    target: Target, label: str, why: str
) -> None:
    past = replace(issue(12, label), created=at("2026-01-10"), started=at("2026-02-10"))

    row = judged(target, facts(change("c1", past), when="2026-02-12"))

    assert (row.status, row.state, row.gaps) == (Status.NO_DATA, State.FINAL, ())
    assert row.reason == f"{SINCE}, so nobody can {why}"
    enough = issue(12, label, created=at("2026-02-18"))
    assert judged(target, facts(change("c1", enough))).status is Status.MET


def test_a_team_with_jira_has_only_its_tickets() -> None:
    found = facts(change("c1", issue(12, "retro-action", "user-feedback")))

    for measure in ("retro_actions_done", "feedback_acted_on"):
        assert not find(measure, found, plan=PLAN).evidence


def test_the_chain_of_feedback_ends_with_the_change_that_closes_it() -> None:
    (item,) = find("feedback_acted_on", facts(change("c1", issue(12, "user-feedback")))).evidence

    assert item.label == (
        "#12: deployed 4 February, heard 18 February, started 5 March, shipped 10 March"
    )
    assert [(step.what, step.label) for step in item.steps] == [
        ("deployed", "deployment of c0 to production"),
        ("heard", "#12"),
        ("started", "#7"),
        ("shipped", "deployment of c1 to production"),
    ]
    assert item.steps[2].url == "https://github.com/nhsuk/web/pull/7"


def feedback(**known: Any) -> ClosedIssue:
    return issue(12, "user-feedback", **known)


LAB = "user-research: from a lab, not from people who use the service"


@pytest.mark.parametrize(
    ("closes", "left_out"),
    [
        ([feedback(declined=True)], {"#12": "closed as not planned"}),
        (
            [feedback(created=at("2026-02-01"))],
            {
                "#12": "nothing of the team reached production in the three sprints before, "
                "when it was heard"
            },
        ),
        ([feedback(started=at("2026-02-20"))], {}),
        ([feedback(started=at("2026-02-20")), issue(13, "user-research")], {"#13": LAB}),
        ([issue(13, "user-research")], {"#13": LAB}),
    ],
)
def test_feedback_that_does_not_count_is_left_out_with_its_reason(
    closes: Iterable[ClosedIssue], left_out: dict[str, str]
) -> None:
    found = find("feedback_acted_on", facts(change("c1", *closes)))

    assert not found.evidence
    assert {key: why for key, why in reasons(found).items() if key.startswith("#1")} == left_out


def test_what_reached_production_after_the_sprint_had_settled_is_not_known_by_then() -> None:
    late = facts(change("c1", feedback(), issue(13, "user-research")), when="2026-03-21")

    found = find("feedback_acted_on", late)

    assert (found.evidence, found.left_out, bool(found.silent)) == ((), (), True)


def test_a_day_that_github_cannot_tell_ends_no_chain() -> None:
    events = [BEGAN, deployed("D1", "c1", "2026-03-10", seen_by=at("2026-03-12"))]

    (item,) = find("feedback_acted_on", shipped([FIRST, change("c1", feedback())], events)).evidence

    assert item.label.endswith("started 5 March")


def test_a_team_with_neither_repositories_nor_jira_has_nothing_set_up() -> None:
    plan = replace(OF_WREN, teams=(replace(WREN, repositories=()),))

    for measure in ("retro_actions_done", "feedback_acted_on"):
        assert gap_reasons(find(measure, facts(), plan=plan)) == [Reason.NOT_SET_UP]
