"""Entries of a repository that ship apart, and production that changed on a day."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from evaluator.evaluate import evaluate_team
from evaluator.model.days import Days, first_day_without
from evaluator.model.delivery import Delivery, each_once
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Facts, GoneFolder, Place, ProductionEvent, Reason
from evaluator.model.plan import Plan, RepositorySource, TeamRepository
from evaluator.model.results import GapKind, LeftOut, Measurement, Status
from tests.evaluator.builders import (
    BY_DEPLOYMENT,
    LATER,
    PLAN,
    SPRINT_A,
    SPRINT_B,
    TEAM,
    WEB,
    at,
    commit,
    deployed,
    find,
    labels,
    read,
    shipped,
    shipping,
)

CHANGES = "changes_in_production"


def to(environment: str) -> Production:
    return replace(BY_DEPLOYMENT, environments=(environment,))


# Two teams, or two entries of one, that ship apart

HERON, WREN = Delivery((to("heron"),)), Delivery((to("wren"),))
MONO = replace(WEB, deliveries=(HERON, WREN))
OF_HERON = TeamRepository("nhsuk/web", ("heron/",), delivery=HERON)
OF_WREN = TeamRepository("nhsuk/web", ("wren/",), delivery=WREN)
ROOT = commit("c0", made="2025-11-01", paths=frozenset({"heron/", "wren/"}))
FEATURE = commit("c1", "c0", pull_request=7, paths=frozenset({"heron/"}))
SEEDS = (
    deployed("H0", "c0", "2025-12-01", name="heron"),
    deployed("W0", "c0", "2025-12-01", name="wren"),
)


def apart(*teams: tuple[TeamRepository, ...]) -> Plan:
    names = ("heron", "wren", "egret")
    return replace(
        PLAN,
        sources=(MONO,),
        teams=tuple(
            replace(TEAM, id=name, repositories=own)
            for name, own in zip(names, teams, strict=False)
        ),
    )


def mono(*events: ProductionEvent) -> Facts:
    """Return a repository in which both folders share each commit, and the second has a seed."""
    both = frozenset({"heron/", "wren/"})
    commits = [ROOT, replace(FEATURE, paths=both), commit("c2", "c1", pull_request=8, paths=both)]
    return shipped(commits, [*SEEDS, *events], by=MONO, coverage=(read(MONO),))


WREN_SHIPS = deployed("W1", "c1", "2026-03-05", name="wren")
HERON_SHIPS = deployed("H1", "c2", "2026-03-18", name="heron")


def test_each_team_counts_what_its_own_names_brought() -> None:
    plan = apart((OF_HERON,), (OF_WREN,))
    facts = mono(WREN_SHIPS, HERON_SHIPS)

    found = {
        (team.id, window.id): labels(find(CHANGES, facts, window, team=team, plan=plan))
        for team in plan.teams
        for window in (SPRINT_A, SPRINT_B)
    }

    assert found == {
        ("heron", SPRINT_A.id): [],
        ("heron", SPRINT_B.id): ["#7", "#8"],
        ("wren", SPRINT_A.id): ["#7"],
        ("wren", SPRINT_B.id): [],
    }


def test_it_is_shared_only_with_a_team_that_ships_in_the_same_way() -> None:
    plan = apart((OF_WREN,), (replace(OF_WREN, paths=("heron/",)),), (OF_HERON,))

    def flags(*, of: int) -> list[tuple[str, ...]]:
        found = find(CHANGES, mono(WREN_SHIPS, HERON_SHIPS), team=plan.teams[of], plan=plan)
        return [item.flags for item in found.evidence]

    assert (flags(of=0), flags(of=1), flags(of=2)) == ([("shared",)], [("shared",)], [])


def of_both(*events: ProductionEvent) -> tuple[Measurement, Measurement]:
    """Return what a team finds in sprints A and B that has both folders."""
    plan = apart((OF_HERON, OF_WREN))
    first, second = (find(CHANGES, mono(*events), w, plan=plan) for w in (SPRINT_A, SPRINT_B))
    return first, second


def test_a_team_that_ships_two_folders_apart_counts_a_pull_request_where_it_came_first() -> None:
    first, second = of_both(WREN_SHIPS, HERON_SHIPS)

    assert (labels(first), labels(second)) == (["#7"], ["#8"])


def test_it_does_so_once_where_both_ship_at_the_same_instant() -> None:
    first, _ = of_both(WREN_SHIPS, replace(HERON_SHIPS, at=WREN_SHIPS.at, sha="c1"))

    assert labels(first) == ["#7"]


def test_a_pull_request_counts_once_also_where_its_commits_ship_apart() -> None:
    ours = commit("c1", "c0", pull_request=7, paths=frozenset({"wren/"}))
    theirs = commit("c2", "c1", pull_request=7, paths=frozenset({"heron/"}))
    plan = apart((OF_HERON, OF_WREN))
    events = [*SEEDS, WREN_SHIPS, HERON_SHIPS]
    facts = shipped([ROOT, ours, theirs], events, by=MONO, coverage=(read(MONO),))

    first, second = (find(CHANGES, facts, w, plan=plan) for w in (SPRINT_A, SPRINT_B))

    assert (labels(first), labels(second)) == (["#7"], [])
    assert second.left_out == (
        LeftOut(
            "c2",
            "#7 counts once: its first commit reached production on 5 March 2026",
            "https://github.com/nhsuk/web/commit/c2",
            at("2026-03-18"),
        ),
    )


def test_it_does_so_where_its_commits_ship_apart_at_the_same_instant() -> None:
    ours = commit("c1", "c0", pull_request=7, paths=frozenset({"wren/"}))
    theirs = commit("c2", "c1", pull_request=7, paths=frozenset({"heron/"}))
    events = [*SEEDS, replace(WREN_SHIPS, sha="c2"), replace(HERON_SHIPS, at=WREN_SHIPS.at)]
    facts = shipped([ROOT, ours, theirs], events, by=MONO, coverage=(read(MONO),))

    found = find(CHANGES, facts, plan=apart((OF_HERON, OF_WREN)))

    assert labels(found) == ["#7"]


def test_what_an_entry_brings_that_comes_within_a_sprint_is_not_taken_from_the_other() -> None:
    comes = replace(OF_WREN, days=Days(first=date(2026, 3, 5)))
    facts = mono(WREN_SHIPS, replace(HERON_SHIPS, sha="c1", at=at("2026-03-06")))

    found = find(CHANGES, facts, plan=apart((OF_HERON, comes)))

    assert labels(found) == ["#7"]


def test_what_an_entry_brought_when_it_was_not_the_teams_counts_in_the_other() -> None:
    before = replace(OF_WREN, days=Days(first=date(2026, 3, 10)))
    plan = apart((OF_HERON, before))

    found = find(CHANGES, mono(WREN_SHIPS, HERON_SHIPS), SPRINT_B, plan=plan)

    assert labels(found) == ["#7", "#8"]


def test_an_entry_that_never_matched_leaves_too_little_unproven() -> None:
    plan = apart((OF_HERON, OF_WREN))
    facts = shipped([ROOT, FEATURE], [SEEDS[0]], by=MONO, coverage=(read(MONO),))

    found = find(CHANGES, facts, plan=plan)

    assert (found.value, found.gaps) == (0, ())
    (gap,) = found.against(1).gaps
    assert (gap.reason, gap.detail) == (
        Reason.NOTHING_MATCHED,
        "nothing ever matched environment wren",
    )


# Stanzas with days

LAST, FIRST = date(2026, 3, 9), date(2026, 3, 10)
OLD = replace(to("production"), days=Days(None, LAST))
NEW = replace(to("prod"), days=Days(FIRST))
CHANGED, PLAN_OF_IT = shipping(OLD, NEW)
C0 = commit("c0", made="2025-11-01")
SEED = deployed("D0", "c0", "2025-12-01")


def changed(
    *events: ProductionEvent, minimum: int = 1, by: tuple[RepositorySource, Plan] | None = None
) -> list[Measurement]:
    """Return what is found in sprints A and B where each event brings a commit of its own."""
    source, plan = by or (CHANGED, PLAN_OF_IT)
    shas = [e.sha for e in events]
    line = [commit(sha, *(shas[n - 1 : n] or ["c0"])) for n, sha in enumerate(shas)]
    facts = shipped([C0, *line], [SEED, *events], by=source, coverage=(read(source),))
    windows = (SPRINT_A, SPRINT_B)
    return [find(CHANGES, facts, window, plan=plan).against(minimum) for window in windows]


def new(ident: str, sha: str, when: str) -> ProductionEvent:
    return deployed(ident, sha, when, name="prod")


def test_both_stanzas_count_each_on_its_days() -> None:
    first, second = changed(
        deployed("D1", "c1", "2026-03-05"),
        new("D2", "too early", "2026-03-06"),
        new("D3", "c3", "2026-03-10"),
        deployed("D4", "too late", "2026-03-18"),
        new("D5", "c5", "2026-03-20"),
    )

    assert labels(first) == ["c1", "c3", "too early"]  # which the next event brought
    assert sorted(labels(second)) == ["c5", "too late"]
    assert [item.at for item in first.evidence] == [
        at("2026-03-05"),
        at("2026-03-10"),
        at("2026-03-10"),
    ]


def test_days_are_local() -> None:
    source, plan = shipping(
        replace(OLD, days=Days(None, date(2026, 7, 9))),
        replace(NEW, days=Days(date(2026, 7, 10))),
    )
    late = deployed("D1", "c1", "2026-07-09 23:30")  # 00:30 on 10 July in London
    facts = shipped([C0, commit("c1", "c0")], [SEED, late], by=source)

    assert source.deliveries[0].admitted(late, plan.zone) is None
    assert facts.reached[-1].event == SEED


def test_a_window_in_which_the_new_stanza_had_not_matched_yet_proves_nothing() -> None:
    first, second = changed(new("D1", "c1", "2026-03-19"))

    assert [(gap.kind, gap.detail) for gap in first.gaps] == [
        (GapKind.BEFORE_FIRST_EVENT, "nothing shows production before 19 March 2026")
    ]
    assert (labels(second), second.gaps) == (["c1"], ())


def test_a_stanza_that_never_matched_proves_nothing_on_its_days_alone() -> None:
    first, second = changed(deployed("D1", "c1", "2026-03-05"), minimum=2)

    for found in (first, second):
        assert [(gap.reason, gap.detail) for gap in found.gaps] == [
            (Reason.NOTHING_MATCHED, "nothing ever matched environment prod")
        ]
    assert changed(deployed("D1", "c1", "2026-03-05"))[0].gaps == ()
    only_later = shipping(replace(OLD, days=Days(None, date(2026, 3, 16))), NEW_LATER)
    before, _ = changed(by=only_later)
    assert (before.value, before.gaps) == (0, ())


NEW_LATER = replace(NEW, days=Days(date(2026, 3, 17)))


@pytest.mark.parametrize(
    ("stanzas", "day"),
    [
        pytest.param((OLD,), "10 March 2026", id="after the last"),
        pytest.param((OLD, NEW_LATER), "10 March 2026", id="between two"),
        pytest.param(
            (replace(OLD, days=Days(date(2026, 3, 5))),), "3 March 2026", id="before the first"
        ),
    ],
)
def test_days_of_which_nothing_says_what_was_production_prove_nothing(
    stanzas: tuple[Production, ...], day: str
) -> None:
    events = (deployed("D1", "c0", "2026-03-06"), new("D2", "c2", "2026-03-18"))

    first, _ = changed(*events, minimum=5, by=shipping(*stanzas))

    assert [(gap.kind, gap.detail) for gap in first.gaps] == [
        (GapKind.NO_STANZA, f"nothing in teams.yaml says what was production on {day}")
    ]


@pytest.mark.parametrize(
    ("spans", "day"),
    [
        ((), 1),
        ((Days(),), None),
        ((Days(date(2026, 3, 2)),), 1),
        ((Days(None, date(2026, 3, 30)),), 31),
        ((Days(date(2026, 3, 9)), Days(None, date(2026, 3, 8))), None),
        ((Days(date(2026, 3, 9)), Days(None, date(2026, 3, 7))), 8),
    ],
)
def test_the_first_day_of_march_that_no_span_has(spans: tuple[Days, ...], day: int | None) -> None:
    march = Days(date(2026, 3, 1), date(2026, 3, 31))

    found = first_day_without(march, spans)

    assert (found and found.day) == day


def test_an_event_of_unknown_day_counts_no_earlier_than_its_stanza() -> None:
    floored = replace(
        new("D1", "c1", "2026-03-08"), not_before=at("2026-03-08"), seen_by=at("2026-03-12")
    )
    (delivery,) = CHANGED.deliveries

    counted = delivery.admitted(floored, PLAN.zone)

    assert counted == replace(floored, at=at("2026-03-10"), not_before=at("2026-03-10"))
    assert delivery.admitted(replace(floored, seen_by=at("2026-03-09")), PLAN.zone) is None
    within = replace(floored, at=at("2026-03-11"), not_before=at("2026-03-11"))
    assert delivery.admitted(within, PLAN.zone) == within
    first, _ = changed(floored, minimum=2)
    assert labels(first) == ["c1"]
    assert [item.at for item in first.evidence] == [at("2026-03-10")]


def test_an_event_without_any_time_is_of_the_stanza_that_it_matches() -> None:
    undated = replace(new("D1", "c1", "2026-03-08"), at=None)

    assert CHANGED.deliveries[0].admitted(undated, PLAN.zone) == undated


def test_what_counts_from_its_merge_on_is_of_the_stanza_of_that_day() -> None:
    (delivery,) = shipping(OLD, replace(NEW, before_merge=True))[0].deliveries
    waits = replace(
        new("D1", "c1", "2026-03-08"), place=Place.MERGED_LATER, merged_at=at("2026-03-12")
    )

    assert delivery.place(waits, PLAN.zone) == (1, replace(waits, at=at("2026-03-12")))
    early = replace(waits, merged_at=at("2026-03-09"))
    assert delivery.place(early, PLAN.zone) is None


# What is read for all of them


def test_what_is_read_is_each_stanza_once_whenever_it_holds() -> None:
    before = replace(to("prod"), before_merge=True)
    source = RepositorySource("a/b", (Delivery((OLD, NEW)), Delivery((before,)), HERON))

    stanzas = source.stanzas

    assert sorted(s.environments for s in stanzas) == [("heron",), ("prod",), ("production",)]
    assert {(s.days, s.before_merge) for s in stanzas} == {(Days(), False)}


def test_days_shape_no_facts_and_yet_decide_what_reaches_production() -> None:
    always, since = (RepositorySource("a/b", (Delivery((s,)),)) for s in (to("prod"), NEW))

    assert always.fingerprint == since.fingerprint
    assert always.reach_fingerprint != since.reach_fingerprint
    assert always.deliveries[0].key != since.deliveries[0].key


def test_another_teams_names_shape_the_facts() -> None:
    alone = RepositorySource("a/b", (HERON,))

    assert replace(alone, deliveries=(HERON, WREN)).fingerprint != alone.fingerprint


@pytest.mark.parametrize(
    ("branch", "history"), [(None, None), ("live", "live"), ("release/.*", None)]
)
def test_all_stanzas_have_one_branch(branch: str | None, history: str | None) -> None:
    stanzas = (replace(OLD, branch=branch), replace(NEW, branch=branch))
    source = RepositorySource("a/b", (Delivery(stanzas),))

    assert (source.branch, source.history_branch) == (branch, history)


@pytest.mark.parametrize(
    ("stanza", "named"),
    [
        (Production(), "evidence merge"),
        (Production(branch="live"), "evidence merge live"),
        (Production(Evidence.TAG, pattern="v.*"), "tags v.*"),
        (Production(Evidence.RELEASE, pattern="v.*"), "release tags v.*"),
        (Production(Evidence.WORKFLOW, workflows=("a.yml", "b.yml")), "workflows a.yml, b.yml"),
        (Production(Evidence.WORKFLOW, workflows=("a.yml",)), "workflow a.yml"),
        (Production(Evidence.DEPLOYMENT, ("a", "b")), "environments a, b"),
    ],
)
def test_a_stanza_is_called_by_what_it_looks_for(stanza: Production, named: str) -> None:
    assert stanza.named == named


# Folders

FOLDERS = "services/heron/", "services/typo/"


def in_folders(
    *folders: str, older: frozenset[str] | None, when: str = "2026-03-05"
) -> Measurement:
    """Return what sprint B lacks of folders, the first of which an event of `when` brought."""
    source, plan = shipping(
        BY_DEPLOYMENT,
        team=replace(TEAM, repositories=(TeamRepository("nhsuk/web", folders),)),
    )
    touching = commit("c1", "c0", paths=frozenset({FOLDERS[0]}))
    coverage = replace(read(source), older_paths=older)
    events = [SEED, deployed("D1", "c1", when)]
    facts = shipped([C0, touching], events, by=source, coverage=(coverage,))
    return find(CHANGES, facts, SPRINT_B, plan=plan).against(2)


@pytest.mark.parametrize(
    ("folders", "older", "when", "detail"),
    [
        pytest.param(FOLDERS[:1], frozenset(), "2026-03-05", None, id="it came before"),
        pytest.param(
            FOLDERS[:1],
            frozenset(),
            "2026-03-20",
            "nothing that touches its folders reached production before 20 March 2026",
            id="it came later",
        ),
        pytest.param(
            FOLDERS[:1], frozenset(FOLDERS[:1]), "2026-03-20", None, id="it is older than all read"
        ),
        pytest.param(FOLDERS[:1], None, "2026-03-20", None, id="nobody looked for older ones"),
        pytest.param(
            FOLDERS,
            frozenset(FOLDERS[:1]),
            "2026-03-05",
            "nothing that reached production touches services/typo/",
            id="no such folder",
        ),
        pytest.param(FOLDERS, frozenset(FOLDERS), "2026-03-20", None, id="both are older"),
    ],
)
def test_the_witness_of_folders_is_what_touches_them(
    folders: tuple[str, ...], older: frozenset[str] | None, when: str, detail: str | None
) -> None:
    found = in_folders(*folders, older=older, when=when)

    assert [gap.detail for gap in found.gaps] == [detail] * (detail is not None)


GONE = "its folder is gone: services/heron/, last touched on 6 March 2026"


@pytest.mark.parametrize(
    ("beside", "day", "detail"),
    [
        pytest.param((), "2026-03-06", GONE, id="what took its place is not configured"),
        pytest.param(("services/wren/",), "2026-03-06", GONE, id="another team's took its place"),
        pytest.param(("services/finch/",), "2026-03-06", None, id="the team's own did"),
        pytest.param((), "2026-03-31", None, id="it went after the sprint"),
    ],
)
def test_a_folder_that_is_gone_is_no_witness_from_then_on(
    beside: tuple[str, ...], day: str, detail: str | None
) -> None:
    folders = ("services/finch/", FOLDERS[0])
    source, plan = shipping(
        BY_DEPLOYMENT,
        team=replace(TEAM, repositories=(TeamRepository("nhsuk/web", folders),)),
    )
    gone = GoneFolder(FOLDERS[0], at(day), frozenset(beside))
    coverage = replace(read(source), older_paths=frozenset(folders), gone_folders=(gone,))
    facts = shipped([C0], [SEED], by=source, coverage=(coverage,))

    gaps = find(CHANGES, facts, SPRINT_B, plan=plan).against(1).gaps

    assert [gap.detail for gap in gaps] == [detail] * (detail is not None)
    assert all(gap.reason is Reason.EVIDENCE_CHANGED for gap in gaps)


counted_in_folders = partial(in_folders, *FOLDERS[:1], older=frozenset(), when="2026-03-20")


def test_what_was_met_is_met_all_the_same() -> None:
    assert labels(counted_in_folders()) == ["c1"]


@pytest.mark.parametrize(
    "stanzas",
    [
        pytest.param((OLD, NEW_LATER), id="a stanza for each day"),
        pytest.param((OLD, NEW), id="a match of each stanza"),
    ],
)
def test_what_was_not_met_finally_stays_where_another_configuration_lacks_something(
    stanzas: tuple[Production, ...],
) -> None:
    facts = shipped([C0], [SEED], coverage=(read(WEB),))
    only = replace(PLAN, targets=PLAN.targets[:1])
    before = evaluate_team(TEAM, only, facts, LATER, {})
    source, plan = shipping(*stanzas)
    plan = replace(plan, targets=only.targets)
    facts = shipped([C0], [SEED], by=source, coverage=(read(source),))
    stored = {(row.sprint.id, row.target): row for row in before}

    again = evaluate_team(plan.teams[0], plan, facts, LATER, stored)

    (first,) = (row for row in again if row.sprint.first_day == SPRINT_A.first_day)
    assert (first.status, first.version) == (Status.NOT_MET, 1)


def test_what_one_of_two_alike_entries_says_is_no_production_is_none_for_both() -> None:
    alike = [
        Delivery((replace(BY_DEPLOYMENT, not_production=names),)) for names in [("b",), (), ("a",)]
    ]
    other = Delivery((replace(BY_DEPLOYMENT, environments=("live",)),))

    once = each_once([*alike, other])

    assert {one.stanzas[0].not_production for one in once} == {("a", "b"), ()}
    assert len(once) == 2
