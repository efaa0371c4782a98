"""Services of one repository that ship apart, and production that changed, by the command."""

from typing import Any

from tests.support.organisation import Organisation, ago

TEAM = """
  - id: {name}
    name: {name}
    repositories:
      - name: acme/mono
        paths: [{folder}/]
        production: {production}
    sprints: {{from: cadence, first_day: 2026-01-05, length_days: 14}}
"""


def deploys(environment: str) -> str:
    return f"{{evidence: deployment, environments: [{environment}]}}"


def teams(**folders: tuple[str, str]) -> str:
    """Return a configuration of teams, each with its folder and how it ships."""
    entries = (
        TEAM.format(name=name, folder=folder, production=production)
        for name, (folder, production) in folders.items()
    )
    return "teams:" + "".join(entries)


def changes(organisation: Organisation, team: str) -> list[dict[str, Any]]:
    """Return how a team's sprints went that are settled and were read whole."""
    found = organisation.results("--team", team, "--target", "reached-production")
    since = f"{ago(175):%Y-%m-%d}"
    return [r for r in found if r["status"] != "in_progress" and r["sprint"]["start"] > since]


def monorepo(organisation: Organisation) -> None:
    """Three folders; `east` is deployed often, `west` once long ago and once at last."""
    repo = organisation.world.repository("acme/mono")
    first = repo.commit(at=ago(260), files=("east/a", "west/a", "north/a"))
    for environment in ("east", "west"):
        repo.deploy(first, environment, at=ago(259))
    for day in range(240, 10, -10):
        change = repo.squash_merge(at=ago(day), files=("east/a", "west/a"))
        repo.deploy(change, "east", at=ago(day - 1))
        if day == 60:
            repo.deploy(change, "west", at=ago(59))


def test_three_teams_of_which_two_share_a_delivery(organisation: Organisation) -> None:
    monorepo(organisation)
    organisation.configure(
        teams(
            heron=("east", deploys("east")),
            robin=("west", deploys("east")),
            wren=("west", deploys("west")),
        )
    )

    organisation.collect_and_evaluate()

    heron, robin, wren = (changes(organisation, name) for name in ("heron", "robin", "wren"))
    assert {r["status"] for r in (*heron, *robin)} == {"met"}
    assert {flag for r in heron for e in r["evidence"] for flag in e["flags"]} == {"shared"}
    assert [r["status"] for r in wren if r["value"]] == ["met"]
    assert {flag for r in wren for e in r["evidence"] for flag in e["flags"]} == set()
    assert {(r["status"], r["value"]) for r in wren if not r["value"]} == {("not_met", 0)}


def test_a_folder_that_nothing_touches_is_named(organisation: Organisation) -> None:
    monorepo(organisation)
    organisation.configure(teams(heron=("eats", deploys("east")), wren=("north", deploys("west"))))

    organisation.collect_and_evaluate()

    heron, wren = (changes(organisation, name) for name in ("heron", "wren"))
    assert {r["status"] for r in heron} == {"no_data"}
    assert all("nothing that reached production touches eats/" in r["reason"] for r in heron)
    assert {(r["status"], r["value"]) for r in wren} == {("not_met", 0)}


def test_a_stanza_that_never_matches_proves_nothing_from_its_first_day_on(
    organisation: Organisation,
) -> None:
    monorepo(organisation)
    day, next_day = (f"{ago(days):%Y-%m-%d}" for days in (61, 60))
    changed = (
        f"[{{evidence: deployment, environments: [east], to: {day}}}, "
        f"{{evidence: deployment, environments: [esat], from: {next_day}}}]"
    )
    organisation.configure(teams(heron=("east", changed)))

    organisation.collect_and_evaluate()

    found = changes(organisation, "heron")
    before = [r["status"] for r in found if r["sprint"]["end"] < f"{ago(62):%Y-%m-%d}"]
    after = [r for r in found if r["sprint"]["start"] > next_day]
    assert before
    assert set(before) == {"met"}
    assert {r["status"] for r in after} == {"no_data"}
    assert all("nothing ever matched environments esat" in r["reason"] for r in after)
    ran = organisation.run("doctor")
    assert "No deployment to `esat` has succeeded." in " ".join(ran.out.split())


def test_another_collection_with_nothing_new_leaves_all_as_it_was(
    organisation: Organisation,
) -> None:
    monorepo(organisation)
    organisation.configure(teams(heron=("east", deploys("east")), wren=("west", deploys("west"))))
    organisation.collect_and_evaluate()
    before = [changes(organisation, name) for name in ("heron", "wren")]
    organisation.sandbox.reset()

    organisation.collect_and_evaluate()

    after = [changes(organisation, name) for name in ("heron", "wren")]
    assert [[r["evidence"] for r in of] for of in after] == [
        [r["evidence"] for r in of] for of in before
    ]
    assert organisation.sandbox.count("github") == 1
