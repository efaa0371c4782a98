"""`hearten doctor` on Jira: each site with its token, its projects and JQL, and its boards."""

import pytest

from tests.command.doctor.examining import DAY, examined, findings, run_with, team
from tests.support.organisation import EMAIL, TOKEN, Organisation, ago

CADENCE = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"


def test_a_cloud_site_without_an_email_is_told_from_a_wrong_token(heron: Organisation) -> None:
    ran = run_with(heron, HEARTEN_JIRA_EMAIL="")

    assert ran.code == 1
    assert "The site is Jira Cloud, and no e-mail goes with the token." in ran.out
    assert "Set HEARTEN_JIRA_EMAIL to" in ran.out


def test_a_data_center_site_with_an_email_is_told_by_its_own_variables(
    heron: Organisation,
) -> None:
    heron.configure(
        team(),
        hearten=(
            "jira_sites:\n  legacy:\n"
            f"    url: {heron.sandbox.jira_url('legacy')}\n"
            "    token_env: LEGACY_TOKEN\n    email_env: LEGACY_EMAIL\n"
        ),
    )
    ran = run_with(heron, LEGACY_TOKEN=TOKEN, LEGACY_EMAIL=EMAIL)

    assert ran.code == 1
    assert "Jira `legacy`: 1 to fix, Jira Data Center 9.12.0" in ran.out
    assert "Unset LEGACY_EMAIL, and set LEGACY_TOKEN to a personal access token." in ran.out
    assert "Jira `jira`: ok" in ran.out


def test_a_token_that_jira_refuses_is_named(heron: Organisation) -> None:
    heron.sandbox.fail("/jira/jira/rest/api/2/myself", status=401, body="Client must sign in")

    ran, _ = examined(heron)

    assert ran.code == 1
    assert "Jira refused the token (401)" in ran.out
    assert "set HEARTEN_JIRA_TOKEN" in ran.out


def test_a_site_that_takes_no_token_still_tells_what_it_is(heron: Organisation) -> None:
    heron.sandbox.fail("serverInfo", status=401, times=1)

    ran = heron.run("doctor")

    assert ran.code == 0, ran.out
    assert "Jira `jira`: ok, Jira Cloud" in ran.out


def test_a_site_that_does_not_answer_is_told(heron: Organisation) -> None:
    heron.sandbox.fail("serverInfo", status=200, body="<html>Welcome</html>")

    ran, _ = examined(heron)

    assert "answered with something that is not JSON" in ran.out


def legacy_site(organisation: Organisation) -> str:
    """A hearten.yaml with a Jira Data Center beside the Cloud."""
    url = organisation.sandbox.jira_url("legacy")
    return f"jira_sites: {{legacy: {{url: '{url}', token_env: HEARTEN_JIRA_TOKEN}}}}"


@pytest.mark.parametrize("cloud", [True, False], ids=["Cloud", "Data Center"])
def test_projects_that_cannot_be_seen_are_told(heron: Organisation, *, cloud: bool) -> None:
    name = "jira" if cloud else "legacy"
    site = heron.world.sites[name]
    site.issue("WRN-1", created=ago(9), moves=[(ago(8), "Done")])
    site.project("EMP")
    entries = ", ".join(f"{{project: {key}, site: {name}}}" for key in ("WRN", "EMP", "GONE"))
    heron.configure(
        team(jira=f"[{entries}, {{jql: 'labels = none', site: {name}}}]", more=f"    {CADENCE}\n"),
        hearten=legacy_site(heron),
    )

    _, sections = examined(heron)

    section = sections[f"Jira `{name}`"]
    assert section["details"] == ["project WRN: 1 ticket, 1 of them Done"]
    found = dict(findings(section))
    assert list(found) == ["JQL `labels = none`", "project EMP", "project GONE"]
    assert found["project EMP"] == "The token sees the project, and no ticket of it."
    assert found["JQL `labels = none`"] == "The token sees no ticket of it."


@pytest.mark.parametrize("cloud", [True, False], ids=["Cloud", "Data Center"])
def test_what_projects_there_are_is_told_where_the_key_is_wrong(
    heron: Organisation, *, cloud: bool
) -> None:
    name = "jira" if cloud else "legacy"
    for key in ("HER", "WRN"):
        heron.world.sites[name].issue(f"{key}-901", created=ago(9))
    heron.world.sites[name].project("SEC", readable=False)
    entries = ", ".join(f"{{project: {key}, site: {name}}}" for key in ("HERO", "ZZZ"))
    heron.configure(
        team(jira=f"[{entries}]", more=f"    {CADENCE}\n"),
        hearten=legacy_site(heron),
    )

    _, sections = examined(heron)

    mends = {f["about"]: f["mend"] for f in sections[f"Jira `{name}`"]["findings"]}
    assert mends["project HERO"].endswith(" Did you mean HER?")
    assert mends["project ZZZ"].endswith(" Projects that the token sees: HER, WRN.")


def test_projects_are_asked_for_once_however_many_keys_are_wrong(heron: Organisation) -> None:
    heron.configure(team(jira="[{project: HERO}, {project: ZZZ}]", more=f"    {CADENCE}\n"))

    heron.run("doctor")

    assert sum("/project/search" in asked.path for asked in heron.sandbox.log) == 1


def test_a_kanban_board_is_told_with_a_cadence_to_use(heron: Organisation) -> None:
    heron.world.sites["jira"].board(43, "HER", kind="kanban")
    heron.configure(team(jira="{project: HER, board: 43}"))

    ran, _ = examined(heron)

    assert "board 43: It is a Kanban board, which has no sprints." in ran.out
    assert "Write `sprints: {from: cadence, first_day: " in ran.out


@pytest.mark.parametrize("picked", [False, True], ids=["whole board", "picked by name"])
def test_parallel_sprints_are_told_unless_the_team_picks_its_own(
    heron: Organisation, *, picked: bool
) -> None:
    site = heron.world.sites["jira"]
    site.board(44, "HER")
    for start in (30, 29.5, 16, 15.5, 2, 1.5):
        begun = ago(start)
        site.sprint(
            44,
            "Beside another",
            start=begun,
            end=begun + 13.5 * DAY,
            activated=begun,
            completed=None if start < 3 else begun + 14 * DAY,
        )
    names = "    sprints: {from: board, names: 'Heron .*'}\n" if picked else ""
    heron.configure(team(jira="{project: HER, board: 44}", more=names))

    ran, _ = examined(heron)

    assert ("board 44: 2 sprints are active at once." in ran.out) == (not picked)
    assert ("names: 'Heron .*'" in ran.out) == (not picked)
    assert ("length_days: 14}" in ran.out) == (not picked)


def test_sprints_that_start_together_again_and_again_are_parallel(heron: Organisation) -> None:
    site = heron.world.sites["jira"]
    site.board(44, "HER")
    for start in (30, 29.5, 16, 15.5):
        begun = ago(start)
        site.sprint(44, "Two by two", start=begun, activated=begun, completed=begun + 14 * DAY)
    heron.configure(team(jira="{project: HER, board: 44}"))

    _, sections = examined(heron)

    assert findings(sections["Jira `jira`"]) == [
        ("board 44", "2 sprints started within 24 hours of another."),
        ("board 44", "4 sprints that began lack a start or a planned end."),
    ]


def test_a_board_on_which_no_sprint_was_started_is_told(heron: Organisation) -> None:
    heron.world.sites["jira"].board(44, "HER")
    heron.world.sites["jira"].sprint(44, "Some day")
    heron.configure(team(jira="{project: HER, board: 44}"))

    _, sections = examined(heron)

    assert findings(sections["Jira `jira`"]) == [
        ("board 44", "None of its sprints has been started.")
    ]


@pytest.mark.parametrize("board", [44, 45], ids=["forbidden", "missing"])
def test_a_board_that_is_not_shown_is_told(heron: Organisation, board: int) -> None:
    heron.world.sites["jira"].board(44, "HER", readable=False)
    heron.configure(team(jira=f"{{project: HER, board: {board}}}"))

    ran, sections = examined(heron)

    assert ran.code == 1
    assert [about for about, _ in findings(sections["Jira `jira`"])] == [f"board {board}"]


def test_what_boards_there_are_is_told_where_the_number_is_wrong(heron: Organisation) -> None:
    site = heron.world.sites["jira"]
    site.board(43, "HER", kind="kanban")
    site.project("WRN")
    site.board(50, "WRN")

    for board in (45, 43):
        heron.configure(team(jira=f"{{project: HER, board: {board}}}"))
        ran, _ = examined(heron)

        said = " ".join(ran.out.split())
        assert (
            "Boards of HER that the token sees: 42 Her board (scrum), 43 Her board (kanban)."
            in said
        )


def test_a_board_is_told_also_where_nothing_says_what_boards_there_are(
    heron: Organisation,
) -> None:
    heron.configure(team(jira="{jql: 'project = HER', board: 45}"))

    ran, sections = examined(heron)

    assert [about for about, _ in findings(sections["Jira `jira`"])] == ["board 45"]
    assert "Boards of" not in ran.out


def test_a_filter_that_jira_does_not_accept_is_told_with_where_to_learn_why(
    heron: Organisation,
) -> None:
    heron.configure(team(jira="{jql: 'project = HER AND'}", more=f"    {CADENCE}\n"))

    ran, _ = examined(heron)

    assert "JQL `project = HER AND`: Jira did not accept the question" in ran.out
    assert "Jira's own search for issues says what it finds wrong with it." in ran.out


def test_a_board_of_another_project_is_told_for_it_may_be_another_teams(
    heron: Organisation,
) -> None:
    site = heron.world.sites["jira"]
    site.issue("WRN-1", created=ago(9), moves=[(ago(8), "Done")])
    heron.configure(team(jira="{project: WRN, board: 42}"))

    ran, _ = examined(heron)

    assert ran.code == 0, ran.out
    assert "board 42, Her board: 3 finished sprints, in project HER and not in WRN" in ran.out


def test_a_filter_with_a_full_stop_that_jira_refuses_is_told_in_one_piece(
    heron: Organisation,
) -> None:
    jql = 'fixVersion = "Release 1. Spring"'
    heron.configure(team(jira=f"{{jql: '{jql}'}}", more=f"    {CADENCE}\n"))
    heron.sandbox.fail("search/approximate-count", status=400, body={"errorMessages": ["?"]})

    _, sections = examined(heron)

    (finding,) = sections["Jira `jira`"]["findings"]
    assert finding["what"] == (
        f"Jira did not accept the question about the tickets of `{jql}` on Jira site `jira` (400)."
    )
    assert finding["mend"].startswith("Check its entry in teams.yaml, and ask an owner ")
