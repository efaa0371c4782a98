from dataclasses import replace

import pytest

from evaluator.model.plan import TeamJira, TicketSource
from tests.evaluator.builders import PLAN, TEAM


@pytest.mark.parametrize(
    ("jql", "projects"),
    [
        ("project = HER AND component = web", "HER"),
        ('labels = web and PROJECT="her"', "HER"),
        ("(project='HER') or project = WRE", "HER WRE"),
        ("project in (HER, 'wre', \"AVO\") and type = Bug", "AVO HER WRE"),
        ("project in (HER, 'Avocet letters', 10200)", "HER"),
        ('project = "Heron team"', ""),
        ("project = 10200", ""),
        ("project != HER and project not in (WRE) and subproject = AVO", ""),
        ("filter = 42", ""),
    ],
)
def test_a_jql_names_the_projects_that_it_says_plainly(jql: str, projects: str) -> None:
    assert " ".join(sorted(TicketSource("jira", jql=jql).projects)) == projects


def test_a_plan_knows_the_projects_of_all_its_teams() -> None:
    wren = replace(TEAM, id="wren", jira=(TeamJira(TicketSource("jira", jql="project = WRE")),))

    assert replace(PLAN, teams=(TEAM, wren)).ticket_projects == {"HER", "WRE"}
