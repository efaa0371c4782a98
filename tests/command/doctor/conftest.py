"""What the doctor looks at: a team with nothing to mend."""

import pytest

from tests.command.doctor.examining import DAY, team
from tests.support.organisation import Organisation, ago


@pytest.fixture
def heron(organisation: Organisation) -> Organisation:
    """A team with nothing to mend: one repository, a project, and a board with three sprints."""
    repo = organisation.world.repository("acme/shop")
    repo.deploy(repo.commit(at=ago(40)), at=ago(39))
    site = organisation.world.sites["jira"]
    for number in range(1, 4):
        site.issue(f"HER-{number}", created=ago(60), moves=[(ago(50), "Done")])
    site.board(42, "HER")
    for start in (45, 31, 17):
        begun = ago(start)
        end = begun + 14 * DAY
        site.sprint(42, "Heron", start=begun, end=end, activated=begun, completed=end)
    organisation.configure(team())
    return organisation
