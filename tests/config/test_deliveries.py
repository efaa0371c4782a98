"""How entries of a repository ship: stanzas with days, and names of a team's own."""

from datetime import date

import pytest

from evaluator.model.days import ALWAYS, Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from hearten.config.warnings import notices
from tests.config.folder import TEAMS, Folder

WREN = TEAMS.removeprefix("teams:\n").replace("heron", "wren").replace("Heron", "Wren")


def of_heron(*entries: str) -> str:
    return TEAMS + "    repositories:\n" + "".join(f"      - {entry}\n" for entry in entries)


def of_wren(*entries: str) -> str:
    return WREN + "    repositories:\n" + "".join(f"      - {entry}\n" for entry in entries)


CHANGED = """name: a/web
        production:
          - {evidence: deployment, environments: [prod], from: 2026-10-13}
          - {evidence: workflow, workflow: deploy.yml, to: 2026-10-12}"""
PART_THEM = (
    "holds on days on which the one at teams.yaml:8 does; part their days with `from` and `to`, "
    "or put all names into one"
)


def test_stanzas_with_days_are_one_delivery_in_order_of_days(folder: Folder) -> None:
    folder.write(teams=of_heron(CHANGED))

    plan = folder.load()

    delivery = Delivery(
        (
            Production(
                Evidence.WORKFLOW, workflows=("deploy.yml",), days=Days(None, date(2026, 10, 12))
            ),
            Production(Evidence.DEPLOYMENT, ("prod",), days=Days(date(2026, 10, 13))),
        )
    )
    assert plan.teams[0].repositories[0].delivery == delivery
    assert plan.sources[0].deliveries == (delivery,)
    assert {stanza.days for stanza in plan.sources[0].stanzas} == {ALWAYS}


@pytest.mark.parametrize(
    ("entry", "line", "key", "message"),
    [
        pytest.param(
            CHANGED.replace("from: 2026-10-13", "from: 2026-10-12"),
            9,
            "production[2].evidence",
            PART_THEM,
            id="two on one day",
        ),
        pytest.param(
            CHANGED.replace("to: 2026-10-12", "from: 2026-01-01"),
            9,
            "production[2].from",
            PART_THEM,
            id="two from a day on",
        ),
        pytest.param(
            CHANGED.replace("from: 2026-10-13", "from: 2026-10-13, to: 2026-10-01"),
            8,
            "production[1].to",
            "2026-10-01 lies before `from`, 2026-10-13; write a later day",
            id="that ends before it begins",
        ),
        pytest.param(
            CHANGED.replace(", environments: [prod]", ""),
            8,
            "production[1].environments",
            "evidence deployment needs environments; write `environments: [production]`",
            id="that lacks a key of its kind",
        ),
        pytest.param(
            CHANGED.replace("workflow: deploy.yml", "workflow: deploy.yml, tags: v.*"),
            9,
            "production[2].tags",
            "belongs to evidence release or tag",
            id="that has a key of another kind",
        ),
        pytest.param(
            CHANGED.replace("name: a/web", "name: a/web\n        branch: release/.*").replace(
                "workflow, workflow: deploy.yml", "merge"
            ),
            7,
            "branch",
            "evidence merge needs one branch",
            id="of a kind that needs one branch",
        ),
        pytest.param("{name: a/web, production: []}", 6, "production", "", id="none at all"),
    ],
)
def test_each_stanza_is_checked_where_it_stands(
    folder: Folder, entry: str, line: int, key: str, message: str
) -> None:
    folder.write(teams=of_heron(entry))

    faults = folder.faults()

    assert (faults[0].line, faults[0].key) == (line, f"teams[heron].repositories[a/web].{key}")
    assert faults[0].message.startswith(message)


# Names of a team's own

TAGS = "{name: a/web, production: {evidence: tag, tags: 'heron-v.*'}}"
OTHER_TAGS = "{name: a/web, production: {evidence: tag, tags: 'wren-v.*', at: '%Y-%m-%d'}}"


def test_two_teams_may_name_their_own_tags_in_one_repository(folder: Folder) -> None:
    folder.write(teams=of_heron(TAGS) + of_wren(OTHER_TAGS))

    plan = folder.load()

    (source,) = plan.sources
    heron, wren = (team.repositories[0].delivery for team in plan.teams)
    assert heron != wren
    assert set(source.deliveries) == {heron, wren}
    assert {stanza.pattern for stanza in source.stanzas} == {"heron-v.*", "wren-v.*"}
    assert notices(plan) == []


def test_two_teams_that_ship_in_the_same_way_are_told_that_it_counts_for_each(
    folder: Folder,
) -> None:
    folder.write(teams=of_heron(TAGS) + of_wren(TAGS))

    plan = folder.load()

    assert len(plan.sources[0].deliveries) == 1
    assert notices(plan) == ["Repository a/web is of 2 teams: heron, wren. It counts for each."]


BY_TAG = "{name: a/web, to: 2026-06-30, production: {evidence: tag, tags: 'v.*'}}"
BY_RUN = "{name: a/web, from: 2026-07-01, production: {evidence: workflow, workflow: cd.yml}}"


def test_what_two_teams_have_one_after_the_other_may_be_of_two_kinds(folder: Folder) -> None:
    folder.write(teams=of_heron(BY_TAG) + of_wren(BY_RUN))

    assert folder.faults() == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(BY_RUN.replace("07-01", "06-30"), id="on one day"),
        pytest.param(CHANGED.replace("workflow, workflow: deploy.yml", "merge"), id="in a stanza"),
    ],
)
def test_on_days_that_they_share_they_may_not(folder: Folder, other: str) -> None:
    folder.write(teams=of_heron(BY_TAG) + of_wren(other))

    (fault,) = folder.faults()

    assert fault.key == "teams[wren].repositories[a/web].production"
    assert fault.message.startswith(
        "is not the same kind as at teams.yaml:6 on days that they share"
    )


def test_a_team_may_ship_two_folders_apart(folder: Folder) -> None:
    one = TAGS.replace("name: a/web,", "name: a/web, paths: [one],")
    two = OTHER_TAGS.replace("name: a/web,", "name: a/web, paths: [two],")
    folder.write(teams=of_heron(one, two))

    (team,) = folder.load().teams

    assert [entry.paths for entry in team.repositories] == [("one/",), ("two/",)]
    assert len({entry.delivery for entry in team.repositories}) == 2


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(OTHER_TAGS, id="the whole of it"),
        pytest.param(TAGS.replace("name: a/web,", "name: a/web, paths: [two],"), id="the same way"),
    ],
)
def test_else_a_team_lists_a_repository_once(folder: Folder, second: str) -> None:
    one = TAGS.replace("name: a/web,", "name: a/web, paths: [one],")
    folder.write(teams=of_heron(one, second))

    (fault,) = folder.faults()

    assert "listed twice for the same days, also at teams.yaml:6" in fault.message
