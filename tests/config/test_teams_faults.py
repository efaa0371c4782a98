from textwrap import indent

import pytest

from tests.config.folder import TEAMS, Folder

CADENCE = "    sprints: {from: cadence, first_day: 2024-01-01, length_days: 14}\n"
TWO_CADENCES = """    sprints:
      - {from: cadence, first_day: 2024-01-01, length_days: 14, to: 2026-03-01}
      - {from: 2026-03-02, length_days: 21}
"""
HERON = "teams:\n  - id: heron\n    name: Heron\n"
# What is written below begins on line 5, after a team that is good.
REPOSITORY = TEAMS + "    repositories:\n      - name: nhsuk/booking-web\n"


@pytest.mark.parametrize(
    ("written", "line", "key", "mend"),
    [
        pytest.param("    colour: red\n", 5, "colour", "is not a key here", id="unknown key"),
        pytest.param("    grup: x\n", 5, "grup", "did you mean group?", id="misspelt key"),
        pytest.param("    group: 4\n", 5, "group", "put it in quotes", id="a number for a text"),
        pytest.param("    group:\n", 5, "group", "is empty", id="nothing after the colon"),
        pytest.param("    name: H\n", 5, "name", "written twice, first on line 3", id="twice"),
        pytest.param("    group: [a]\n", 5, "group", "not a list", id="a list for a text"),
        pytest.param("    bots: x\n", 5, "bots", "the keys are active_from", id="of another file"),
        pytest.param(
            "    active_from: 2026-02-30\n", 5, "active_from", "does not exist", id="30 February"
        ),
        pytest.param(
            "    active_from: '2026-02-30'\n", 5, "active_from", "2026-01-31", id="quoted 30 Feb"
        ),
        pytest.param("    active_from: 2026\n", 5, "active_from", "2026-01-31", id="a bare year"),
        pytest.param(
            "    active_from: 2026-01-01 10:00:00\n", 5, "active_from", "be a day", id="a time"
        ),
        pytest.param(
            "    active_from: 2026-02-01\n    active_to: 2026-01-01\n",
            6,
            "active_to",
            "lies before",
            id="ends before it begins",
        ),
        *(
            pytest.param(
                f"    repositories: [{{name: {name}}}]\n",
                5,
                "repositories[" + name + "].name",
                "must be the owner and the name",
                id=f"repository {name}",
            )
            for name in ("acme/..", "acme/.", "../acme", "acme/shop.git", "acme/a/b")
        ),
        pytest.param(
            "    not_applicable:\n      ticket-done: no Jira\n",
            6,
            "not_applicable.ticket-done",
            "no target is called ticket-done",
            id="not applicable to no target",
        ),
        pytest.param(
            "    not_applicable: {reached-production: ''}\n",
            5,
            "not_applicable.reached-production",
            "must not be empty",
            id="not applicable without a why",
        ),
        pytest.param(
            "    jira: {board: 42}\n", 5, "jira.project", "write `project: HER`", id="no project"
        ),
        pytest.param(
            "    jira: {project: HER, jql: 'project = HER'}\n",
            5,
            "jira.jql",
            "keep one of the two",
            id="project and jql",
        ),
        pytest.param(
            "    jira: {project: HER, project_id: 10000}\n",
            5,
            "jira.project_id",
            "does nothing without issue_type_id",
            id="a project's number alone",
        ),
        pytest.param(
            "    jira: {project: HER, seen_from: 2026-02-01, to: 2026-01-31}\n",
            5,
            "jira.seen_from",
            "2026-02-01 is no day of this entry",
            id="hidden tickets after the last day",
        ),
        pytest.param(
            "    jira: {project: paa}\n", 5, "jira.project", "write it as PAA", id="small letters"
        ),
        pytest.param(
            "    jira: {project: Booking web}\n", 5, "jira.project", "write it as HER", id="a name"
        ),
        pytest.param(
            "    jira: {jql: 'project = HER ORDER BY rank'}\n",
            5,
            "jira.jql",
            "remove ORDER BY",
            id="an ordered condition",
        ),
        pytest.param(
            "    jira:\n      - {project: HER}\n      - {project: HER, site: jirra}\n",
            7,
            "jira[2].site",
            "did you mean jira?",
            id="a site that nobody set up",
        ),
        pytest.param(
            "    jira:\n      - {project: HER, to: 2026-01-31}\n"
            "      - {project: HER, from: 2026-01-31}\n",
            7,
            "jira[2].project",
            "listed twice for the same days, also at teams.yaml:6",
            id="tickets twice on one day",
        ),
        pytest.param("    jira: HER\n", 5, "jira", "must be a list", id="a word for keys"),
        pytest.param(
            "    jira: {project: HER, board: '42'}\n",
            5,
            "jira.board",
            "without quotes",
            id="a quoted board",
        ),
        pytest.param(
            "    jira: {project: HER, leave_out: {sub_tasks: maybe}}\n",
            5,
            "jira.leave_out.sub_tasks",
            "true or false",
            id="maybe is no answer",
        ),
    ],
)
def test_a_fault_in_a_team_is_reported_with_its_line_and_its_mend(
    folder: Folder, written: str, line: int, key: str, mend: str
) -> None:
    folder.write(teams=TEAMS + written)

    (fault,) = folder.faults()

    assert (fault.file, fault.line, fault.key) == ("teams.yaml", line, f"teams[heron].{key}")
    assert mend in fault.message


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        pytest.param("NRLF", "write it as nrlf", id="capitals"),
        pytest.param("Booking Web", "write it as booking-web", id="a space"),
        pytest.param("e-Referrals_API", "write it as e-referrals-api", id="an underscore"),
        pytest.param("'!'", "write it as booking-web", id="nothing that could be an id"),
        pytest.param("ghp_" + "Ab1" * 12, "write it as booking-web", id="what may be a secret"),
    ],
)
def test_an_id_that_is_spelled_otherwise_is_answered_with_what_was_meant(
    folder: Folder, written: str, mend: str
) -> None:
    folder.write(teams=TEAMS.replace("id: heron", f"id: {written}"))

    (fault,) = folder.faults()

    assert fault.message.endswith(mend)


@pytest.mark.parametrize(
    ("written", "line", "key", "mend"),
    [
        pytest.param("paths: ['services/*']", 7, "paths[1]", "without patterns", id="a pattern"),
        pytest.param("paths: [/]", 7, "paths[1]", "remove `paths`", id="the whole repository"),
        pytest.param("paths: [a, ../b]", 7, "paths[2]", "must be a folder", id="outside"),
        pytest.param("paths: []", 7, "paths", "must not be empty", id="no folder at all"),
        pytest.param(
            "production: {}", 7, "production.evidence", "`evidence: deployment`", id="no evidence"
        ),
        pytest.param(
            "production: {evidence: deployed}",
            7,
            "production.evidence",
            "did you mean deployment?",
            id="evidence of a sixth kind",
        ),
        pytest.param(
            "production: {evidence: deployment}",
            7,
            "production.environments",
            "write `environments: [production]`",
            id="a deployment to nowhere",
        ),
        pytest.param(
            "production: {evidence: release}",
            7,
            "production.tags",
            "needs tags",
            id="a release without tags",
        ),
        pytest.param(
            "production: {evidence: workflow}",
            7,
            "production.workflow",
            "write `workflow: deploy.yml`",
            id="a workflow without a name",
        ),
        pytest.param(
            "production: {evidence: workflow, workflow: a.yml, workflows: [b.yml]}",
            7,
            "production.workflows",
            "keep one of the two",
            id="workflows in two ways",
        ),
        pytest.param(
            "production: {evidence: workflow, workflows: []}",
            7,
            "production.workflows",
            "must not be empty",
            id="an empty list of workflows",
        ),
        pytest.param(
            "production: {evidence: merge, workflows: [deploy.yml]}",
            7,
            "production.workflows",
            "belongs to evidence workflow",
            id="workflows of a merge",
        ),
        pytest.param(
            "branch: release/.*",
            7,
            "branch",
            "write its whole name",
            id="merges to several branches",
        ),
        pytest.param(
            "production: {evidence: tag, tags: 'v(\\d+'}",
            7,
            "production.tags",
            "is not a regular expression (missing ), unterminated",
            id="an open bracket",
        ),
        pytest.param(
            "production: {evidence: tag, tags: 'v(?!.*rc).*'}",
            7,
            "production.tags",
            "what it must not match as `not_production: '.*rc.*'`",
            id="a look-ahead in tags",
        ),
        pytest.param(
            "production: {evidence: release, tags: '(v)\\1'}",
            7,
            "production.tags",
            "what it must not match as `not_production: '.*rc.*'`",
            id="a back-reference in tags",
        ),
        pytest.param(
            "production: {evidence: deployment, environments: [a, '(?<!pre)live']}",
            7,
            "production.environments[2]",
            "what it must not match as `not_production: '.*rc.*'`",
            id="a look-behind in environments",
        ),
        pytest.param(
            "production: {evidence: tag, tags: v, not_production: '(?=x).*'}",
            7,
            "production.not_production[1]",
            "what it must not match as `not_production: '.*rc.*'`",
            id="a look-ahead in what is not production",
        ),
        pytest.param(
            "branch: '(?!x).*'",
            7,
            "branch",
            "what it must not match as `not_production: '.*rc.*'`",
            id="a look-ahead in a branch",
        ),
        pytest.param(
            "production: {evidence: workflow, workflow: ../../runs}",
            7,
            "production.workflow",
            "write it as deploy.yml",
            id="a workflow elsewhere",
        ),
        pytest.param(
            "production: {evidence: workflow, workflows: [a.yml, ..]}",
            7,
            "production.workflows[2]",
            "write it as deploy.yml",
            id="no workflow",
        ),
        pytest.param(
            "production: {evidence: merge, tags: 'v.*'}",
            7,
            "production.tags",
            "belongs to evidence release or tag",
            id="tags of a merge",
        ),
        pytest.param(
            "production: {evidence: merge, before_merge: true}",
            7,
            "production.before_merge",
            "belongs to evidence deployment",
            id="a merge is never before the merge",
        ),
        pytest.param(
            "production: {evidence: merge, not_production: [edge]}",
            7,
            "production.not_production",
            "belongs to evidence deployment or release or tag or workflow",
            id="merges have no other names",
        ),
        pytest.param(
            "production: {evidence: release, tags: 'v.*', at: '%Y-%m-%d'}",
            7,
            "production.at",
            "belongs to evidence tag",
            id="a release has its own date",
        ),
        pytest.param(
            "production: {evidence: tag, tags: 'v.*', at: '%Y-%m'}",
            7,
            "production.at",
            "write year, month and day",
            id="a month is no day",
        ),
        pytest.param(
            "production: {evidence: tag, tags: 'v.*', at: '%Y-%m-%d %I:%M'}",
            7,
            "production.at",
            "%H",
            id="half past two, morning or afternoon",
        ),
        pytest.param(
            "production: {evidence: tag, tags: 'v.*', at: '%Q'}",
            7,
            "production.at",
            "'%Y-%m-%d'",
            id="a directive that does not exist",
        ),
        pytest.param(
            "{from: 2026-02-01, to: 2026-01-01}".strip("{}").replace(", ", "\n"),
            8,
            "to",
            "lies before `from`",
            id="held until before it was held",
        ),
    ],
)
def test_a_fault_in_a_repository_is_reported_with_its_line_and_its_mend(
    folder: Folder, written: str, line: int, key: str, mend: str
) -> None:
    folder.write(teams=REPOSITORY + indent(written, " " * 8) + "\n")

    (fault,) = folder.faults()

    place = f"teams[heron].repositories[nhsuk/booking-web].{key}"
    assert (fault.file, fault.line, fault.key) == ("teams.yaml", line, place)
    assert mend in fault.message


@pytest.mark.parametrize("address", ["https://github.com/nhsuk/web", "nhsuk/web.git"])
def test_a_repository_is_named_by_owner_and_name_never_by_address(
    folder: Folder, address: str
) -> None:
    folder.write(teams=TEAMS + f"    repositories: [{{name: '{address}'}}]\n")

    (fault,) = folder.faults()

    assert "write your-organisation/booking-web" in fault.message


@pytest.mark.parametrize(
    ("written", "line", "key", "mend"),
    [
        pytest.param("", 2, "sprints", "write `board: 42` under jira", id="nothing said"),
        pytest.param("    sprints: {from: board}\n", 4, "sprints", "needs a board", id="no board"),
        pytest.param(
            "    jira: [{project: A, board: 1}, {project: B, board: 2}]\n",
            2,
            "sprints",
            "jira names several",
            id="two boards",
        ),
        pytest.param(
            "    sprints: {from: cadence, first_day: 2024-01-01}\n",
            4,
            "sprints.length_days",
            "write `length_days: 14`",
            id="a cadence without a length",
        ),
        pytest.param(
            "    sprints: {from: cadence, first_day: , length_days: 14}\n",
            4,
            "sprints.first_day",
            "is empty",
            id="a cadence that begins nowhere",
        ),
        pytest.param(
            "    jira: {project: A, board: 1}\n    sprints: {from: board, length_days: 14}\n",
            5,
            "sprints.length_days",
            "belongs to a cadence",
            id="a board has its own length",
        ),
        pytest.param(
            "    sprints: {from: cadence, first_day: 2024-01-01, length_days: 0}\n",
            4,
            "sprints.length_days",
            "at least 1",
            id="sprints of no length",
        ),
        pytest.param(
            CADENCE.replace("cadence,", "cadence, names: 'Heron .*',"),
            4,
            "sprints.names",
            "belongs to a board",
            id="names of a cadence's sprints",
        ),
        pytest.param(
            "    jira: {project: A, board: 1}\n    sprints: {from: board, names: 'Heron ('}\n",
            5,
            "sprints.names",
            "is not a regular expression",
            id="names that are no pattern",
        ),
        pytest.param(
            "    jira: {project: A, board: 1}\n    sprints: {from: board, names: '(?!W).*'}\n",
            5,
            "sprints.names",
            "write a plainer pattern",
            id="a look-ahead in names of sprints",
        ),
        pytest.param(
            "    sprints: {from: kanban}\n",
            4,
            "sprints.from",
            "must be one of board, cadence",
            id="sprints of a third kind",
        ),
        pytest.param(
            "    sprints: {from: 2026-02-31, length_days: 14}\n",
            4,
            "sprints.from",
            "2026-02-31 does not exist",
            id="from a day that does not exist",
        ),
        pytest.param(
            "    sprints: {from: 2026-02-02, length_days: 14}\n",
            4,
            "sprints.from",
            "a day belongs into a list",
            id="from a day, and nothing before",
        ),
        pytest.param(
            CADENCE.replace("}", ", to: 2026-02-28}"),
            4,
            "sprints.to",
            "leaves the days after it without sprints",
            id="an end, and nothing after",
        ),
        pytest.param(
            TWO_CADENCES.replace("2026-03-02, length_days: 21", "2026-03-09, length_days: 21"),
            6,
            "sprints[2].from",
            "write 2026-03-02",
            id="a list with days between",
        ),
        pytest.param(
            TWO_CADENCES + "      - {from: 2026-02-16, length_days: 7}\n",
            7,
            "sprints[3].from",
            "write the entries in order of their days",
            id="a list out of order",
        ),
        pytest.param(
            TWO_CADENCES.replace("21}", "21, to: 2026-12-31}"),
            6,
            "sprints[2].to",
            "the last entry of the list has no end",
            id="a list that ends",
        ),
        pytest.param(
            TWO_CADENCES.replace(", to: 2026-03-01", "").replace(
                "{from: 2026-03-02, length_days: 21}", "{from: board}"
            )
            + "    jira: {project: A, board: 1}\n",
            6,
            "sprints[2].from",
            "write `to` in the entry at teams.yaml:5",
            id="a list that does not say when",
        ),
    ],
)
def test_a_team_must_say_where_its_sprints_come_from(
    folder: Folder, written: str, line: int, key: str, mend: str
) -> None:
    folder.write(teams=HERON + written)

    (fault,) = folder.faults()

    assert (fault.line, fault.key) == (line, f"teams[heron].{key}")
    assert mend in fault.message


def test_a_board_that_cannot_be_read_is_one_fault_and_not_two(folder: Folder) -> None:
    folder.write(teams=HERON + "    jira: {project: HER, board: none}\n")

    assert [fault.key for fault in folder.faults()] == ["teams[heron].jira.board"]


def test_two_teams_do_not_share_an_id(folder: Folder) -> None:
    folder.write(teams=TEAMS + TEAMS.removeprefix("teams:\n"))

    (fault,) = folder.faults()

    assert (fault.line, fault.key) == (5, "teams[heron].id")
    assert fault.message == "two teams have this id, the other at teams.yaml:2; rename one"


@pytest.mark.parametrize(
    ("second", "key", "mend"),
    [
        pytest.param(
            "{name: nhsuk/monorepo, production: {evidence: merge}}",
            "production",
            "is not the same kind as at teams.yaml:6 on days that they share",
            id="evidence",
        ),
        pytest.param("{name: nhsuk/monorepo}", "production", "same `evidence`", id="left unsaid"),
        pytest.param(
            "{name: nhsuk/monorepo, branch: live, production: {evidence: tag, tags: v.*}}",
            "branch",
            "same `branch`",
            id="branch",
        ),
        pytest.param(
            "{name: NHSUK/monorepo, production: {evidence: tag, tags: v.*}}",
            "name",
            "is nhsuk/monorepo at teams.yaml:6; spell it one way",
            id="spelling",
        ),
    ],
)
def test_a_repository_is_one_thing_for_all_teams(
    folder: Folder, second: str, key: str, mend: str
) -> None:
    wren = TEAMS.removeprefix("teams:\n").replace("heron", "wren")
    first = "{name: nhsuk/monorepo, production: {evidence: tag, tags: v.*}}"
    entry = "    repositories:\n      - "
    folder.write(teams=TEAMS + entry + first + "\n" + wren + entry + second + "\n")

    (fault,) = folder.faults()

    assert fault.line == 11
    assert fault.key.endswith(f"].{key}")
    assert mend in fault.message


def test_a_team_lists_a_repository_once_for_any_day(folder: Folder) -> None:
    folder.write(teams=REPOSITORY + "      - {name: nhsuk/booking-web, from: 2026-01-01}\n")

    (fault,) = folder.faults()

    assert fault.line == 7
    assert "put all paths into one of them" in fault.message


def test_a_key_can_be_both_unknown_and_empty(folder: Folder) -> None:
    folder.write(teams=TEAMS + "    sprint:\n")

    messages = [fault.message for fault in folder.faults()]

    assert messages == [
        "is empty; write a value, or remove the line",
        "is not a key here; did you mean sprints?",
    ]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("    sprints: {from: board, first_day: 2024-01-01}\n", id="board"),
        pytest.param("    sprints: {from: later, first_day: 2024-01-01}\n", id="neither"),
    ],
)
def test_a_fault_in_the_sprints_asks_for_no_board_that_is_there(folder: Folder, line: str) -> None:
    folder.write(teams=HERON + "    jira: {project: HER, board: 42}\n" + line)

    (fault,) = folder.faults()

    assert fault.line == 5


EGRET = f"  - id: egret\n    name: Egret\n{CADENCE}"


@pytest.mark.parametrize(
    ("teams", "at", "mend"),
    [
        pytest.param(TEAMS + "    continues: [heron]\n", "heron", "leads back", id="itself"),
        pytest.param(
            TEAMS + "    continues: egret\n" + EGRET + "    continues: [heron]\n",
            "heron",
            "keep it in the newer team alone",
            id="each other",
        ),
        pytest.param(TEAMS + EGRET + "    continues: [heron]\n", "egret", "active_to", id="beside"),
    ],
)
def test_a_team_continues_one_that_is_there_no_more(
    folder: Folder, teams: str, at: str, mend: str
) -> None:
    folder.write(teams=teams)

    fault = folder.faults()[0]

    assert fault.key == f"teams[{at}].continues"
    assert mend in fault.message


@pytest.mark.parametrize(
    "teams",
    [
        pytest.param(TEAMS + "    continues: [old-heron, stork]\n", id="gone"),
        pytest.param(
            TEAMS + "    active_to: 2026-05-31\n" + EGRET + "    continues: [heron]\n", id="closed"
        ),
        pytest.param(
            TEAMS + EGRET + "    continues: [heron]\n    active_from: 2026-06-01\n",
            id="split off",
        ),
    ],
)
def test_a_team_is_renamed_merged_or_split(folder: Folder, teams: str) -> None:
    assert any(team.continues for team in folder.write(teams=teams).load().teams)
