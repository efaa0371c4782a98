"""Deployments of what was not merged: what they bring, and what a zero beside them proves."""

from dataclasses import replace
from typing import Any

import pytest

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence, Facts, Place, Reason
from evaluator.model.plan import RepositorySource
from evaluator.model.results import Measurement
from tests.evaluator.builders import (
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

BEFORE_MERGE, WITH_IT = shipping(
    Production(Evidence.DEPLOYMENT, ("production",), before_merge=True)
)
SEED = commit("c0", made="2026-01-02")
WORK = commit("c1", "c0", pull_request=7)


def stood(place: Place, by: RepositorySource = WEB, **known: Any) -> Facts:
    """The commit of a pull request was deployed inside the sprint, and stood there."""
    events = [deployed("D0", "c0", "2026-01-03"), deployed("D1", "c1", "2026-03-05", place=place)]
    return shipped([SEED, WORK], [events[0], replace(events[1], **known)], by=by)


def counted(facts: Facts) -> Measurement:
    return find("changes_in_production", facts).against(1)


@pytest.mark.parametrize(
    "place", [Place.UNTOLD, Place.BRANCH, Place.TAG, Place.MERGED, Place.NO_PULL_REQUEST]
)
def test_a_deployment_counts_where_its_commit_stood_in_production(place: Place) -> None:
    found = counted(stood(place))

    assert (labels(found), found.gaps) == (["#7"], ())


def test_a_pull_request_that_was_not_merged_is_left_out_and_proves_nothing_else() -> None:
    found = counted(stood(Place.UNMERGED))

    assert (found.value, found.gaps) == (0, ())
    assert [(one.label, one.reason) for one in found.left_out] == [
        ("deployment of c1 to production", "deployed from a pull request that was not merged")
    ]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place.MERGED_LATER, "merged only after the deployment of c1 to production"),
        (Place.UNKNOWN, "no longer shows the branch"),
        (Place.UNFINISHED, "told GitHub how it ended, the deployment of c1 to production"),
    ],
)
def test_where_nobody_can_tell_whether_it_was_production_zero_is_not_believed(
    place: Place, says: str
) -> None:
    facts = stood(place)

    found = counted(facts)

    assert [(gap.source, gap.reason) for gap in found.gaps] == [(WEB.id, Reason.NOT_FOUND)]
    assert says in found.gaps[0].detail
    assert find("changes_in_production", facts).against(0).gaps == ()


def test_what_had_reached_production_before_leaves_no_doubt() -> None:
    facts = shipped(
        [SEED],
        [
            deployed("D0", "c0", "2026-01-03"),
            deployed("D1", "c0", "2026-03-05", place=Place.UNKNOWN),
        ],
    )

    assert counted(facts).gaps == ()


def test_a_repository_all_of_whose_deployments_are_of_open_work_matched_nothing() -> None:
    facts = shipped([WORK], [deployed("D1", "c1", "2026-03-05", place=Place.UNMERGED)])

    found = counted(facts)

    assert found.value is None
    assert [gap.reason for gap in found.gaps] == [Reason.NOTHING_MATCHED]


@pytest.mark.parametrize(("merged", "value"), [("2026-03-06", 1), ("2026-03-18", 0)])
def test_who_merges_after_looking_may_have_it_counted_from_the_merge_on(
    merged: str, value: int
) -> None:
    facts = stood(Place.MERGED_LATER, by=BEFORE_MERGE, merged_at=at(merged))
    facts = replace(facts, coverage=(read(BEFORE_MERGE),))

    found = find("changes_in_production", facts, plan=WITH_IT)

    assert found.value == value
    assert [item.at for item in found.evidence] == [at(merged)] * value
    assert found.against(1).unproven == ()
