from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from evaluator.judge import Verdict, judge
from evaluator.measures import MEASURES
from evaluator.measures.context import MeasureContext
from evaluator.model.days import Days
from evaluator.model.facts import Facts, Reason
from evaluator.model.plan import Excuse, Plan, Team, TeamJira, TeamRepository, TicketSource
from evaluator.model.results import Gap, GapKind, Measurement, State, Status
from evaluator.team_facts import team_facts
from tests.evaluator.builders import BOARD, HER, PLAN, SHIPS, SPRINT_A, TEAM, WEB, at, read

HERON = replace(
    TEAM,
    repositories=(
        TeamRepository("nhsuk/api", delivery=SHIPS),
        TeamRepository("nhsuk/web", delivery=SHIPS),
    ),
)
AWAY = (Excuse("heron", Days(date(2026, 3, 3), date(2026, 3, 13)), "reduced_capacity"),)


def counted(value: int | None, *gaps: Gap) -> Measurement:
    return Measurement(value, "changes", gaps=gaps, sources=("github:nhsuk/api", WEB.id))


def verdict(
    found: Measurement,
    *,
    minimum: int | None = 1,
    now: str = "2026-03-20",
    team: Team = HERON,
    plan: Plan = PLAN,
    read_on: str = "2026-03-09",
) -> Verdict:
    facts = Facts(coverage=(read(WEB, started=read_on),))
    context = MeasureContext(team, SPRINT_A, plan, team_facts(team, plan, facts), at(now))
    measure = MEASURES["changes_in_production"]
    return judge(context, "reached-production", minimum, measure, found)


NO_ACCESS = Gap(WEB.id, Reason.NO_ACCESS, "Make a new token.")


@pytest.mark.parametrize(
    ("found", "status"),
    [
        pytest.param(counted(1), Status.MET, id="exactly the minimum"),
        pytest.param(counted(1, NO_ACCESS), Status.MET, id="partial data can only help"),
        pytest.param(counted(0), Status.NOT_MET, id="a true zero"),
        pytest.param(counted(0, NO_ACCESS), Status.NO_DATA, id="a zero that nobody saw whole"),
        pytest.param(counted(None, NO_ACCESS), Status.NO_DATA, id="nothing was read"),
    ],
)
def test_a_settled_sprint_is_judged_by_what_was_found(found: Measurement, status: Status) -> None:
    assert verdict(found).status is status


EXCUSED_PLAN = replace(PLAN, excuses=AWAY)
NOT_ASKED = replace(HERON, not_applicable=(("reached-production", "We only advise."),))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            partial(verdict, counted(5), team=NOT_ASKED), Status.NOT_APPLICABLE, id="declared"
        ),
        pytest.param(
            partial(verdict, counted(5), minimum=None), Status.NOT_APPLICABLE, id="no version"
        ),
        pytest.param(
            partial(verdict, counted(1), plan=EXCUSED_PLAN), Status.MET, id="met before excused"
        ),
        pytest.param(
            partial(verdict, counted(0), plan=EXCUSED_PLAN, now="2026-03-19"),
            Status.IN_PROGRESS,
            id="settling before excused",
        ),
        pytest.param(
            partial(verdict, counted(0, NO_ACCESS), plan=EXCUSED_PLAN),
            Status.EXCUSED,
            id="excused before no data",
        ),
    ],
)
def test_the_first_rule_that_holds_decides(given: Callable[[], Verdict], expected: Status) -> None:
    assert given().status is expected


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param(
            partial(verdict, counted(3)),
            "Met: 3 changes reached production. The target is at least 1.",
            id="met",
        ),
        pytest.param(
            partial(verdict, counted(1), minimum=2),
            "Not met: 1 change reached production. The target is at least 2.",
            id="not met",
        ),
        pytest.param(
            partial(verdict, counted(0, NO_ACCESS)),
            "No data: we could not read 1 of 2 repositories (nhsuk/web: no access).",
            id="no data",
        ),
        pytest.param(
            partial(verdict, counted(0, Gap(NO_ACCESS.source, Reason.NOTHING_MATCHED))),
            "No data: we could not count in 1 of 2 repositories "
            "(nhsuk/web: nothing in it matches what counts as production).",
            id="no data, because nothing in it matches",
        ),
        pytest.param(
            partial(verdict, counted(0), now="2026-03-10"),
            "In progress: 0 changes so far, of at least 1; the sprint ends on 16 March 2026.",
            id="in progress",
        ),
        pytest.param(
            partial(verdict, counted(0), now="2026-03-10", read_on="2026-03-01"),
            "In progress: nothing read yet; the sprint ends on 16 March 2026.",
            id="in progress and not read since it began",
        ),
        pytest.param(
            partial(verdict, counted(0, NO_ACCESS), now="2026-03-10"),
            "In progress: we cannot tell yet: we could not read 1 of 2 repositories "
            "(nhsuk/web: no access); the sprint ends on 16 March 2026.",
            id="in progress and partly unread",
        ),
        pytest.param(
            partial(verdict, counted(2, NO_ACCESS), minimum=3, now="2026-03-10"),
            "In progress: 2 changes so far, of at least 3, and we could not read 1 of 2 "
            "repositories (nhsuk/web: no access); the sprint ends on 16 March 2026.",
            id="in progress with something, and partly unread",
        ),
        pytest.param(
            partial(
                verdict,
                Measurement(None, "changes", gaps=(Gap("", Reason.NOT_SET_UP, "nothing set up"),)),
                now="2026-03-10",
            ),
            "In progress: nothing set up; the sprint ends on 16 March 2026.",
            id="in progress and not set up",
        ),
        pytest.param(
            partial(verdict, counted(None), now="2026-03-10"),
            "In progress: nothing read yet; the sprint ends on 16 March 2026.",
            id="in progress and nothing read",
        ),
        pytest.param(
            partial(verdict, counted(0), now="2026-03-17"),
            "In progress: sprint just closed, 0 changes so far, of at least 1; "
            "it is confirmed on 20 March 2026.",
            id="just closed",
        ),
        pytest.param(
            partial(verdict, counted(0), plan=EXCUSED_PLAN),
            "Excused: the team has reduced capacity, which leaves 1 of 10 working days.",
            id="excused",
        ),
        pytest.param(
            partial(verdict, counted(0), team=NOT_ASKED),
            "Not applicable: We only advise.",
            id="declared",
        ),
        pytest.param(
            partial(verdict, counted(0), minimum=None),
            "Not applicable: no agreed version of this target was in force on 3 March 2026.",
            id="no version in force",
        ),
        pytest.param(
            partial(
                verdict,
                Measurement(None, "changes", gaps=(Gap("", Reason.NOT_SET_UP, "nothing set up"),)),
            ),
            "No data: nothing set up.",
            id="not set up",
        ),
    ],
)
def test_every_status_explains_itself_in_a_sentence(
    given: Callable[[], Verdict], reason: str
) -> None:
    found = given()

    assert f"{found.status.words}: {found.reason}" == reason


def test_no_data_names_every_source_by_its_kind_and_a_stale_one_says_in_what_way() -> None:
    clause = TicketSource("jira", jql="component = web")
    team = replace(
        TEAM,
        sprints=BOARD,
        repositories=(TeamRepository("nhsuk/web", delivery=SHIPS),),
        jira=(TeamJira(HER), TeamJira(clause)),
    )
    found = Measurement(
        0,
        "tickets",
        gaps=(
            Gap(BOARD.id, Reason.SOURCE_DOWN),
            Gap(HER.id, Reason.STALE, "not read yet"),
            Gap(clause.id, Reason.RATE_LIMITED),
            Gap(
                WEB.id,
                Reason.NOT_FOUND,
                "GitHub no longer has the commit of v9",
                GapKind.LOST_COMMIT,
            ),
        ),
        sources=(BOARD.id, WEB.id, HER.id, clause.id),
    )

    decided = verdict(found, team=team)
    assert decided.status is Status.NO_DATA
    assert decided.reason == (
        "we could not read 1 of 1 repository (nhsuk/web: GitHub no longer has the commit "
        "of v9) and 2 of 2 Jira projects (HER: not read yet; "
        "a JQL filter: rate limited) and 1 of 1 board (board 42: it did not answer)."
    )


@pytest.mark.parametrize(
    ("found", "now", "state"),
    [
        pytest.param(counted(1), "2026-03-19 23:59", State.PROVISIONAL, id="met, still settling"),
        pytest.param(counted(1), "2026-03-20", State.FINAL, id="met and settled"),
        pytest.param(counted(0), "2026-03-20", State.FINAL, id="not met and settled"),
        pytest.param(counted(0, NO_ACCESS), "2027-03-20", State.PROVISIONAL, id="never no data"),
    ],
)
def test_a_result_is_final_once_the_sprint_has_settled(
    found: Measurement, now: str, state: State
) -> None:
    assert verdict(found, now=now).state is state
