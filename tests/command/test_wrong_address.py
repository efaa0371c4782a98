"""An address at which something answers that is no GitHub, or no Jira: nobody's entry is wrong."""

import pytest

from tests.command.doctor.examining import run_with, team
from tests.support.organisation import Organisation, Ran, ago

GITHUB = "Nothing at the address in the settings answers as GitHub's API (404)."
JIRA = "Nothing at the address in the settings answers as Jira's API (404)."
ENTERPRISE = "Enterprise Server needs https://HOST/api/v3"


@pytest.fixture
def heron(organisation: Organisation) -> Organisation:
    for name in ("acme/shop", "acme/web"):
        organisation.world.repository(name).commit(at=ago(9))
    organisation.world.sites["jira"].issue("HER-1", created=ago(9))
    organisation.configure(with_cadence("{name: acme/shop}, {name: acme/web}"))
    return organisation


def with_cadence(repositories: str) -> str:
    cadence = "sprints: {from: cadence, first_day: 2026-01-05, length_days: 14}"
    return f"{team(repositories, '{project: HER}')}    {cadence}\n"


def check_told_once(ran: Ran, said: str) -> None:
    assert ran.code == 1
    assert said in ran.messages
    assert "teams.yaml" not in ran.messages


@pytest.mark.parametrize("path", ["", "/api/v2"])
def test_the_doctor_names_the_address_where_no_github_answers(
    heron: Organisation, path: str
) -> None:
    address = heron.sandbox.enterprise_url.removesuffix("/api/v3")
    assert address != heron.sandbox.enterprise_url

    ran = run_with(heron, HEARTEN_GITHUB_URL=f"{address}/nowhere{path}")

    assert ran.code == 1
    assert f"HEARTEN_GITHUB_URL: {GITHUB}" in ran.out
    assert "For whoever runs hearten: Correct HEARTEN_GITHUB_URL" in ran.out
    assert ENTERPRISE in ran.out
    assert "fine-grained token" not in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["collect"], id="collect"),
        pytest.param(["suggest", "acme/shop", "acme/web"], id="suggest"),
        pytest.param(["suggest", "--organisation", "acme"], id="suggest for an organisation"),
    ],
)
def test_what_asks_github_names_the_address_and_no_entry(
    heron: Organisation, arguments: list[str]
) -> None:
    heron.sandbox.fail("POST /graphql", status=404, body={"message": "Not Found"})

    ran = heron.run(*arguments)

    check_told_once(ran, GITHUB)
    assert ENTERPRISE in ran.messages
    assert "how it is spelled" not in ran.messages


@pytest.mark.parametrize("email", [True, False])
def test_what_asks_jira_names_the_address_and_no_entry(heron: Organisation, *, email: bool) -> None:
    heron.sandbox.fail("/rest/api/", status=404, body="<html>Not here</html>")

    ran = heron.run("collect", unset=[] if email else ["HEARTEN_JIRA_EMAIL"])
    doctor = heron.run("doctor")

    check_told_once(ran, JIRA)
    assert "Correct HEARTEN_JIRA_URL" in ran.messages
    assert f"HEARTEN_JIRA_URL: {JIRA}" in doctor.out
    assert "For whoever keeps teams.yaml" not in doctor.out


def test_a_repository_that_is_not_there_is_still_an_entry_to_check(heron: Organisation) -> None:
    heron.configure(with_cadence("{name: acme/nowhere}"))

    ran = heron.run("doctor")

    assert "Check its entry in teams.yaml" in ran.out
