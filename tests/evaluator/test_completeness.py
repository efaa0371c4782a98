from dataclasses import replace

import pytest

from evaluator.gap_remedies import gap_remedy
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Coverage, Evidence, Facts, ProductionEvent, Reason
from evaluator.model.plan import TeamRepository
from evaluator.model.results import Gap, GapKind, Measurement, Sprint
from tests.evaluator.builders import (
    BOARD,
    BY_DEPLOYMENT,
    HER,
    PLAN,
    SHIPS,
    SPRINT_A,
    TEAM,
    WEB,
    at,
    commit,
    deployed,
    find,
    gap_reasons,
    labels,
    moved,
    read,
    shipped,
    shipping,
    ticket,
    unread,
)

ONE_COMMIT = [commit("c1")]
ONE_DEPLOYMENT = [deployed("D1", "c1", "2026-03-05")]


def changes(*coverage: Coverage, window: Sprint = SPRINT_A, now: str = "2026-05-01") -> Measurement:
    facts = shipped(ONE_COMMIT, ONE_DEPLOYMENT, coverage=coverage)
    return find("changes_in_production", facts, window, now=at(now))


WITH_TOKEN_TROUBLE = replace(
    read(WEB, started="2026-03-16"), reason=Reason.NO_ACCESS, what="Make a new token."
)


@pytest.mark.parametrize(
    ("coverage", "gap"),
    [
        pytest.param(
            (), Gap(WEB.id, Reason.STALE, "not read yet"), id="nobody has tried to read it"
        ),
        pytest.param(
            (unread(WEB, Reason.NO_ACCESS, "Make a new token."),),
            Gap(WEB.id, Reason.NO_ACCESS, "Make a new token."),
            id="an expired token",
        ),
        pytest.param(
            (unread(WEB, Reason.NOT_FOUND),),
            Gap(WEB.id, Reason.NOT_FOUND),
            id="a repository not found",
        ),
        pytest.param(
            (unread(WEB, Reason.RATE_LIMITED),), Gap(WEB.id, Reason.RATE_LIMITED), id="a rate limit"
        ),
        pytest.param(
            (unread(WEB, Reason.SOURCE_DOWN),), Gap(WEB.id, Reason.SOURCE_DOWN), id="a partial page"
        ),
        pytest.param(
            (replace(read(WEB), fingerprint="of before"),),
            Gap(WEB.id, Reason.STALE, "the configuration changed; the next run reads it again"),
            id="another configuration",
        ),
    ],
)
def test_a_source_without_a_valid_read_gives_no_value_and_says_why(
    coverage: tuple[Coverage, ...], gap: Gap
) -> None:
    found = changes(*coverage)

    assert (found.value, found.evidence, found.coverage) == (None, (), 0.0)
    assert found.gaps == (gap,)


@pytest.mark.parametrize(
    ("coverage", "gap"),
    [
        pytest.param(
            read(WEB, since="2026-03-04"), Gap(WEB.id, Reason.HISTORY_BEFORE_START), id="too short"
        ),
        pytest.param(
            read(WEB, started="2026-03-16 23:59"),
            Gap(WEB.id, Reason.STALE, "not read since the sprint ended"),
            id="read too early",
        ),
        pytest.param(
            WITH_TOKEN_TROUBLE,
            Gap(WEB.id, Reason.NO_ACCESS, "Make a new token."),
            id="read too early, and no access since",
        ),
    ],
)
def test_what_was_read_in_part_still_counts_beside_the_gap(coverage: Coverage, gap: Gap) -> None:
    found = changes(coverage)

    assert (found.value, found.coverage) == (1, 0.0)
    assert found.gaps == (gap,)


@pytest.mark.parametrize(
    "coverage",
    [
        pytest.param(read(WEB, since="2026-03-03", started="2026-03-17"), id="to the instant"),
        pytest.param(
            replace(read(WEB), reason=Reason.RATE_LIMITED), id="then a read that did not close"
        ),
    ],
)
def test_a_read_of_the_whole_window_is_complete(coverage: Coverage) -> None:
    found = changes(coverage)

    assert (found.gaps, found.coverage) == ((), 1.0)


@pytest.mark.parametrize(
    ("coverage", "reasons"),
    [
        pytest.param(read(WEB, started="2026-03-09"), [], id="all well so far"),
        pytest.param(
            replace(WITH_TOKEN_TROUBLE, read_started=at("2026-03-09")),
            [Reason.NO_ACCESS],
            id="the newest attempt did not close",
        ),
    ],
)
def test_while_a_sprint_is_open_only_attempts_that_did_not_close_are_gaps(
    coverage: Coverage, reasons: list[Reason]
) -> None:
    assert gap_reasons(changes(coverage, now="2026-03-10")) == reasons


# Production evidence


def production(events: list[ProductionEvent], evidence: Production = BY_DEPLOYMENT) -> Measurement:
    source, plan = shipping(evidence)
    facts = shipped(ONE_COMMIT, events, by=source, coverage=(read(source),))
    return find("changes_in_production", facts, plan=plan)


def test_a_repository_none_of_whose_events_ever_matched_is_not_a_zero() -> None:
    found = production([deployed("D1", "c1", "2026-03-05", name="staging")])

    assert (found.value, gap_reasons(found)) == (None, [Reason.NOTHING_MATCHED])


def test_after_the_first_match_zero_is_zero() -> None:
    found = production([deployed("D1", "c1", "2026-01-05")])

    assert (found.value, found.gaps) == (0, ())


def test_a_branch_without_any_commit_is_not_a_zero() -> None:
    found = production([], Production(Evidence.MERGE))

    assert (found.value, gap_reasons(found)) == (None, [Reason.NOTHING_MATCHED])


@pytest.mark.parametrize(
    ("evidence", "event", "label"),
    [
        pytest.param(
            BY_DEPLOYMENT,
            deployed("D2", "gone", "2026-03-06"),
            "deployment of gone to production",
            id="a deployment",
        ),
        pytest.param(
            Production(Evidence.RELEASE, pattern="v.*"),
            deployed("9", "gone", "2026-03-06", kind=Evidence.RELEASE, name="v9"),
            "v9",
            id="a release",
        ),
        pytest.param(
            Production(Evidence.WORKFLOW, workflows=("deploy.yml",)),
            deployed("9", "gone", "2026-03-06", kind=Evidence.WORKFLOW, name="deploy.yml"),
            "run of deploy.yml on gone",
            id="a workflow run",
        ),
        pytest.param(
            Production(Evidence.MERGE),
            deployed("gone", "gone", "2026-03-06", kind=Evidence.MERGE, name="main"),
            "merge of gone to main",
            id="a merge",
        ),
    ],
)
def test_an_event_whose_commit_github_no_longer_has_leaves_the_source_incomplete(
    evidence: Production, event: ProductionEvent, label: str
) -> None:
    known = replace(event, ident="D1", sha="c1", at=at("2026-03-05"))

    found = production([known, event], evidence)

    assert labels(found) == ["c1"]
    detail = f"GitHub no longer has the commit of {label}"
    assert found.gaps == (Gap(WEB.id, Reason.NOT_FOUND, detail, GapKind.LOST_COMMIT),)


RELEASES = Production(Evidence.RELEASE, pattern="v.*")


def test_a_release_without_a_commit_leaves_the_source_incomplete_until_it_is_seen_with_one() -> (
    None
):
    known = deployed("D1", "c1", "2026-03-05", kind=Evidence.RELEASE, name="v1")
    empty = deployed("D2", "", "2026-03-06", kind=Evidence.RELEASE, name="v2")

    before = production([known, empty], RELEASES)
    after = production([known, empty, replace(empty, sha="c1")], RELEASES)

    detail = "GitHub no longer has the commit of v2"
    assert before.gaps == (Gap(WEB.id, Reason.NOT_FOUND, detail, GapKind.LOST_COMMIT),)
    assert after.gaps == ()


def test_a_lost_commit_of_another_window_is_no_gap() -> None:
    found = production([*ONE_DEPLOYMENT, deployed("D2", "gone", "2026-03-18")])

    assert found.gaps == ()


# Sources together


def test_a_team_without_repositories_is_not_set_up_for_them() -> None:
    found = find("changes_in_production", shipped([], []), team=replace(TEAM, repositories=()))

    assert (found.value, found.sources, found.coverage) == (None, (), 0.0)
    assert found.gaps == (Gap("", Reason.NOT_SET_UP, "this team has no repositories set up"),)


def test_of_two_repositories_the_one_that_was_read_gives_the_value() -> None:
    other = replace(WEB, repository="nhsuk/api")
    team = replace(
        TEAM, repositories=(*TEAM.repositories, TeamRepository("nhsuk/api", delivery=SHIPS))
    )
    facts = shipped(ONE_COMMIT, ONE_DEPLOYMENT, coverage=(read(WEB), unread(other)))

    found = find(
        "changes_in_production", facts, team=team, plan=replace(PLAN, sources=(WEB, other))
    )

    assert (found.value, found.coverage) == (1, 0.5)
    assert found.gaps == (Gap("github:nhsuk/api", Reason.NO_ACCESS),)


@pytest.mark.parametrize(
    ("board", "reasons"),
    [
        pytest.param(read(BOARD, since="2026-04-30"), [], id="read, however short"),
        pytest.param(read(BOARD, started="2026-03-10"), [Reason.STALE], id="read too early"),
        pytest.param(unread(BOARD), [Reason.NO_ACCESS], id="not readable"),
    ],
)
def test_a_teams_board_is_one_of_the_sources_because_windows_depend_on_it(
    board: Coverage, reasons: list[Reason]
) -> None:
    team = replace(TEAM, sprints=BOARD)
    one = ticket("HER-1", moved("2026-03-05"))
    facts: Facts = shipped([], [], tickets=(one,), coverage=(read(HER), board))

    found = find("tickets_done", facts, team=team)

    assert found.sources == (BOARD.id, HER.id)
    assert (found.value, gap_reasons(found)) == (1, reasons)


# Patterns that an earlier version matched


@pytest.mark.parametrize(
    "production",
    [
        Production(Evidence.DEPLOYMENT, ("prod(?!uct).*",)),
        Production(Evidence.TAG, pattern="v(?!.*rc).*"),
        Production(Evidence.TAG, pattern="v("),
        Production(Evidence.DEPLOYMENT, ("production",), branch="(?!x).*"),
        Production(Evidence.DEPLOYMENT, ("production",), not_production=(r"(.)\1",)),
    ],
)
def test_an_entry_whose_pattern_no_name_can_be_matched_with_is_not_set_up(
    production: Production,
) -> None:
    other = replace(WEB, repository="nhsuk/api", deliveries=(Delivery((production,)),))
    entry = TeamRepository("nhsuk/api", delivery=Delivery((production,)))
    team = replace(TEAM, repositories=(*TEAM.repositories, entry))
    plan = replace(PLAN, sources=(WEB, other))
    facts = shipped(ONE_COMMIT, ONE_DEPLOYMENT, coverage=[read(WEB), read(other)])

    found = find("changes_in_production", facts, team=team, plan=plan)

    (gap,) = found.gaps
    assert (found.value, gap.source, gap.reason) == (1, other.id, Reason.NOT_SET_UP)
    assert gap.detail == f"no name can be matched with the pattern {production.unusable}"
    assert "`not_production: '.*rc.*'`" in gap_remedy(gap).remedy


def test_a_board_whose_names_no_sprint_can_be_matched_with_is_not_set_up() -> None:
    team = replace(TEAM, sprints=BOARD, sprint_names="(?!Wren).*")

    found = find("changes_in_production", shipped(ONE_COMMIT, ONE_DEPLOYMENT), team=team)

    assert [(gap.source, gap.reason) for gap in found.gaps] == [(BOARD.id, Reason.NOT_SET_UP)]
