"""`hearten doctor` on a Jira whose names are none of those that are left out unless configured."""

import pytest

from collector.jira.doctor_checks import DoneTicket
from evaluator.model.plan import LeaveOut
from hearten.doctor.left_out_names import not_named
from tests.command.doctor.test_done_tickets import SITES, found_in
from tests.support.organisation import Organisation, ago

DEFAULTS = LeaveOut()
OWN = LeaveOut(resolutions=("Verworfen",), types=("Epos",))


def done(resolution: str = "", kind: str = "Story", *, level: int | None = None) -> DoneTicket:
    return DoneTicket(kind, level, sub_task=False, resolution=resolution)


@SITES
def test_resolutions_of_another_language_are_told_with_what_to_write(
    heron: Organisation, site: str
) -> None:
    jira = heron.world.sites[site]
    for number, resolution in enumerate(("Erledigt", "Verworfen", "Erledigt", "")):
        moves = [(ago(8), "Done")]
        jira.issue(f"WRN-{number}", created=ago(9), moves=moves, resolution=resolution)

    (finding,) = found_in(heron, site, "project: WRN")

    assert (finding["about"], finding["who"]) == ("project WRN", "whoever keeps teams.yaml")
    assert finding["what"] == (
        "Its newest Done tickets have the resolutions Erledigt and Verworfen, and none that is "
        "left out."
    )
    assert 'leave_out: {resolutions: ["Verworfen"]}' not in finding["mend"]
    assert '`leave_out: {resolutions: ["Erledigt", "Verworfen"]}`' in finding["mend"]
    told = "leave_out: {resolutions: [Verworfen]}"
    assert found_in(heron, site, f"project: WRN, {told}") == []


@pytest.mark.parametrize(
    ("tickets", "leave_out"),
    [
        pytest.param([done("Done"), done("Fixed"), done("")], DEFAULTS, id="only finished"),
        pytest.param([done("Abandoned"), done("won’t do")], DEFAULTS, id="a default was seen"),
        pytest.param([done("Erledigt")], OWN, id="the team wrote its own"),
        pytest.param([done(kind="Historia"), done(kind="Bug")], DEFAULTS, id="English types"),
        pytest.param([done(kind="Historia", level=0)], DEFAULTS, id="types with a level"),
        pytest.param([done(kind="Historia")], OWN, id="the team wrote its own types"),
        pytest.param([done(kind="Historia"), done(kind="Epic")], DEFAULTS, id="an epic was seen"),
        pytest.param([done("Won't Do")], LeaveOut(resolutions=()), id="nothing is left out"),
        pytest.param([], DEFAULTS, id="nothing"),
    ],
)
def test_an_ordinary_site_has_no_such_finding(
    tickets: list[DoneTicket], leave_out: LeaveOut
) -> None:
    assert list(not_named("project HER", tickets, [leave_out])) == []


def test_own_names_are_told_that_jira_does_not_use_where_it_is_asked_in_english() -> None:
    (finding,) = not_named("project HER", [done("Done"), done("Won't Do")], [OWN])

    assert 'leave_out: {resolutions: ["Won\'t Do"]}' in finding.remedy


def test_types_of_another_language_are_told_where_jira_names_no_level() -> None:
    tickets = [done("Fixed", "Historia"), done("Fixed", "Épica"), done("Fixed", "Tarea")]

    (finding,) = not_named("project HER", tickets, [DEFAULTS])

    assert finding.what == (
        "Its newest Done tickets have the types Historia, Tarea and Épica, and none that is left "
        "out."
    )
    assert '`leave_out: {types: ["Historia", "Tarea", "Épica"]}`' in finding.remedy
