"""Few requests, none wasted: the budget of a first collection and of one with nothing new."""

from datetime import timedelta

from sandbox.github.repository import SandboxRepository
from sandbox.jira.site import Site
from tests.support.organisation import Organisation, ago

TEAMS = """
teams:
  - id: heron
    name: Heron
    repositories:
      - name: acme/shop
        production: {evidence: deployment, environments: [production]}
    jira: {project: HER, board: 42}
    sprints: {from: board}
"""


def two_hundred_commits(repo: SandboxRepository) -> None:
    """200 commits, 40 of them squashed pull requests, 20 deployments to production, a story."""
    for number in range(200):
        when = ago(170) + timedelta(hours=20 * number)
        told = {"stories/2026-01-05.md": "We finished early."} if number == 7 else None
        squashed = number % 5 == 0
        change = repo.squash_merge(at=when) if squashed else repo.commit(at=when, texts=told)
        if number % 10 == 9:
            repo.deploy(change, at=when + timedelta(hours=1))


def four_sprints(site: Site) -> None:
    """120 tickets that moved to Done, and a board with four sprints."""
    site.project("HER")
    for number in range(1, 121):
        done = ago(55) + timedelta(hours=10 * number)
        started = done - timedelta(days=2)
        site.issue(
            f"HER-{number}",
            created=started - timedelta(days=1),
            moves=[(started, "In Progress"), (done, "Done")],
        )
    site.board(42, "HER")
    for number in range(4):
        begin = ago(56 - 14 * number)
        end = begin + timedelta(days=14)
        closed = end if number < 3 else None
        site.sprint(42, f"Sprint {number}", start=begin, end=end, completed=closed)


def test_a_first_collection_takes_three_and_five_requests_and_nothing_new_one_and_two(
    organisation: Organisation,
) -> None:
    repo = organisation.world.repository("acme/shop")
    two_hundred_commits(repo)
    four_sprints(organisation.world.sites["jira"])
    organisation.configure(TEAMS)

    organisation.collect_and_evaluate()
    first = organisation.sandbox.count("github"), organisation.sandbox.count("jira")
    organisation.sandbox.reset()
    organisation.collect_and_evaluate()
    again = organisation.sandbox.count("github"), organisation.sandbox.count("jira")
    organisation.sandbox.reset()
    repo.commit(at=ago(1), texts={f"stories/2026-01-{day}.md": "Better." for day in ("05", "19")})
    organisation.collect_and_evaluate()
    stories_changed = organisation.sandbox.count("github")

    assert stories_changed <= again[0] + 2, "the page that tells of a push, and the texts"
    assert first[0] <= 3
    assert first[1] <= 5
    assert again[0] <= 1
    assert again[1] <= 2
    assert {r["status"] for r in organisation.results()} >= {"met"}


def test_a_hundred_repositories_with_nothing_new_take_three_requests(
    organisation: Organisation,
) -> None:
    listed = ""
    for number in range(100):
        repo = organisation.world.repository(f"acme/service-{number}")
        repo.deploy(repo.commit(at=ago(30)), at=ago(29))
        listed += f"""
      - name: acme/service-{number}
        production: {{evidence: deployment, environments: [production]}}"""
    organisation.configure(f"""
teams:
  - id: heron
    name: Heron
    repositories:{listed}
    sprints: {{from: cadence, first_day: 2026-01-05, length_days: 14}}
    not_applicable: {{tickets-done: "We do not use Jira."}}
""")
    organisation.collect_and_evaluate()
    organisation.sandbox.reset()

    organisation.collect_and_evaluate()

    assert organisation.sandbox.count("github") <= 3
