"""The first hours: what is right in form and not yet what was meant, and how hearten says so."""

import pytest

from sandbox.world import World
from store.store import Store
from tests.support.organisation import Organisation, ago

CADENCE = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"
NO_JIRA = 'not_applicable: {tickets-done: "We do not use Jira."}'


def one_team(*repositories: str, ident: str = "heron", more: str = NO_JIRA) -> str:
    """teams.yaml with one team, whose repositories show production by merges."""
    names = "".join(f"      - name: {name}\n" for name in repositories)
    listed = f"    repositories:\n{names}" if names else ""
    return f"  - id: {ident}\n    name: Heron\n{listed}    {CADENCE}\n    {more}\n"


def shipping(world: World, *names: str) -> None:
    """Repositories in which something is merged every day."""
    for name in names:
        repo = world.repository(name)
        for day in range(60, 0, -1):
            repo.squash_merge(at=ago(day))


def words(text: str) -> str:
    """The text without its line breaks."""
    return " ".join(text.split())


def test_final_results_of_other_repositories_are_told_when_a_name_is_corrected(
    organisation: Organisation,
) -> None:
    shipping(organisation.world, "acme/shop", "acme/basket")
    organisation.configure(f"teams:\n{one_team('acme/shop')}")
    organisation.collect_and_evaluate()
    assert "other repositories" not in organisation.run("evaluate").messages
    with Store.open(organisation.database_url) as store:
        store.results.keep_first_evaluation("heron", ago(40))  # it is set up

    organisation.configure(f"teams:\n{one_team('acme/shop', 'acme/basket')}")
    organisation.run("collect")
    evaluated = organisation.run("evaluate")
    explained = organisation.run("explain", "heron", "last", "reached-production")

    assert "were judged with other repositories or projects than teams.yaml names now" in words(
        evaluated.messages
    )
    assert "a first day with `from`, and what left a last day with `to`" in words(
        evaluated.messages
    )
    assert "docs/operations.md" in evaluated.messages
    assert "Judged before the configuration named acme/basket" in explained.out
    assert "A final result keeps its sources" in explained.out


def test_an_evaluation_says_what_is_new_and_what_was_found_the_same(
    organisation: Organisation,
) -> None:
    shipping(organisation.world, "acme/shop")
    organisation.configure(f"teams:\n{one_team('acme/shop')}")
    organisation.collect_and_evaluate()

    again = organisation.run("evaluate")

    assert ": 0 results new or changed, " in again.messages


def test_a_repository_that_never_matches_is_missing_although_the_target_is_met(
    organisation: Organisation,
) -> None:
    shipping(organisation.world, "acme/shop", "acme/basket")
    silent = "acme/basket\n        production: {evidence: deployment, environments: [prod]}"
    organisation.configure(f"teams:\n{one_team('acme/shop', silent)}")
    organisation.collect_and_evaluate()

    shown = organisation.run("status")

    assert "Met, " in shown.out
    assert "github:acme/basket: Nothing in it matches what counts as production" in shown.out


def test_a_team_called_like_a_picture_keeps_its_name(organisation: Organisation) -> None:
    organisation.configure(f"teams:\n{one_team(ident='kite', more=NO_JIRA)}")
    organisation.run("collect")
    organisation.run("evaluate")

    assert "team:kite: This team has no repositories set up" in organisation.run("status").out


def test_what_ails_many_sources_alike_is_told_once(organisation: Organisation) -> None:
    names = [f"acme/shop-{number}" for number in range(5)]
    shipping(organisation.world, *names)
    organisation.sandbox.fail("/graphql", status=401)
    organisation.configure(f"teams:\n{one_team(*names)}")
    organisation.run("collect")

    missing = organisation.run("status").out.partition("What is missing, and what fixes it:")[2]

    assert missing.splitlines()[1].startswith(
        "  github:acme/shop-0, github:acme/shop-1 and 3 more, each: GitHub refused the token (401) "
        "while reading it. Make a new read-only token and set HEARTEN_GITHUB_TOKEN."
    )
    assert missing.count("401") == 1


def test_what_a_name_holds_is_never_taken_for_markup(organisation: Organisation) -> None:
    shipping(organisation.world, "acme/shop")
    teams = one_team("acme/shop").replace("name: Heron", 'name: "[red]Heron"')
    organisation.configure(f"teams:\n{teams}")
    organisation.collect_and_evaluate()

    assert "[red]Heron" in organisation.run("status").out


@pytest.mark.parametrize(
    ("teams", "said"),
    [
        pytest.param(
            one_team("acme/shop") + one_team("acme/shop", ident="wren"),
            "Repository acme/shop is of 2 teams: heron, wren. It counts for each.",
            id="one repository in two teams",
        ),
        pytest.param(
            one_team("your-organisation/booking-web"),
            "teams.yaml still holds example teams: put your own in their place.",
            id="the example",
        ),
    ],
)
def test_what_is_right_and_perhaps_not_meant_is_noticed(
    organisation: Organisation, teams: str, said: str
) -> None:
    organisation.configure(f"teams:\n{teams}")

    ran = organisation.run("config", "check")

    assert ran.code == 0
    assert "The configuration is right" in ran.messages
    assert said in ran.messages


def test_many_notices_are_not_all_told(organisation: Organisation) -> None:
    names = [f"acme/{number:02}" for number in range(12)]
    teams = one_team(*names) + one_team(*names, ident="wren")
    organisation.configure(f"teams:\n{teams}")

    ran = organisation.run("config", "check")

    assert ran.messages.count("is of 2 teams") == 10
    assert "And 2 more like these." in ran.messages


@pytest.mark.parametrize("command", ["serve", "schedule"])
def test_a_service_without_any_configuration_does_not_start(
    organisation: Organisation, command: str
) -> None:
    ran = organisation.run(command)

    assert ran.code == 2
    assert "run `hearten init`" in ran.messages


def test_jira_cloud_asked_without_an_email_says_which_setting_is_missing(
    organisation: Organisation,
) -> None:
    organisation.sandbox.fail("/jira/jira/", status=410)
    jira = "jira: {project: HER}\n    not_applicable: {reached-production: None., commits: None.}"
    organisation.configure(f"teams:\n{one_team(more=jira)}")

    ran = organisation.run("collect", unset=["HEARTEN_JIRA_EMAIL"])

    assert ran.code == 1
    assert "HEARTEN_JIRA_EMAIL" in ran.messages
    assert "Check the name" not in ran.messages
