"""Teams with one change, or one ticket, in the earlier of two settled sprints."""

import pytest

from tests.command.corrections.corrected import IN_EARLIER, LINNET, SHOP, WEB, heron
from tests.support.organisation import Organisation, ago


@pytest.fixture
def shop(organisation: Organisation) -> Organisation:
    """Of two repositories one had a change in the earlier sprint; in the later one came nothing."""
    for name in ("acme/shop", "acme/web"):
        repo = organisation.world.repository(name)
        first = repo.commit(at=ago(300), files=["src/a.py", "docs/a.md"])
        repo.deploy(first, at=ago(299))
    repo = organisation.world.repositories["acme/shop"]
    repo.deploy(repo.squash_merge(at=IN_EARLIER), at=IN_EARLIER)
    organisation.configure(heron(SHOP, WEB))
    return organisation


@pytest.fixture
def tickets(organisation: Organisation) -> Organisation:
    """In the earlier sprint one ticket was done, in the later one none; another long before."""
    site = organisation.world.sites["jira"]
    site.issue("LIN-0", created=ago(90), moves=[(ago(80), "Done")])
    site.issue("LIN-1", created=ago(60), moves=[(IN_EARLIER, "Done")])
    organisation.configure(LINNET)
    return organisation
