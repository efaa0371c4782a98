"""A service that accepts every question and answers none."""

from dataclasses import replace

import pytest

from sandbox.traffic import ForcedAnswer
from tests.support.organisation import Organisation, ago

NUMBER = 30


@pytest.fixture
def many(organisation: Organisation) -> Organisation:
    """A team with many repositories, of which GitHub says nothing for longer than one waits."""
    names = [f"acme/r{number}" for number in range(NUMBER)]
    for name in names:
        organisation.world.repository(name).commit(at=ago(40))
    listed = ", ".join(f"{{name: {name}}}" for name in names)
    organisation.configure(
        f"teams: [{{id: heron, name: Heron, repositories: [{listed}], sprints: {{from: cadence, "
        "first_day: 2026-01-05, length_days: 14}, not_applicable: {tickets-done: No Jira.}}]"
    )
    organisation.more = {"HEARTEN_LONGEST_WAIT": "0.5"}
    organisation.sandbox.spoil("POST /graphql", silent)
    return organisation


def silent(answer: ForcedAnswer) -> ForcedAnswer:
    return replace(answer, delay=2)


def test_a_collection_asks_a_silent_service_only_a_few_times(many: Organisation) -> None:
    ran = many.run("collect")

    assert ran.code == 1
    assert f"Read 0 of {NUMBER} sources" in ran.messages
    assert "did not answer in time, several times in a row" in ran.messages
    assert many.sandbox.count("github") <= 16  # eight at once


def test_the_next_run_asks_again(many: Organisation) -> None:
    many.run("collect")
    many.sandbox.reset()
    many.more = {}

    ran = many.run("collect")

    assert f"Read {NUMBER} of {NUMBER} sources" in ran.messages


def test_a_collection_whose_time_is_over_leaves_the_rest_unread_and_is_judged(
    many: Organisation,
) -> None:
    many.more = {"HEARTEN_LONGEST_RUN": "0.3"}

    ran = many.run("collect")
    judged = many.run("evaluate")

    assert ran.code == 1
    assert f"Read 0 of {NUMBER} sources" in ran.messages
    assert "The time of the run was over before GitHub had answered" in ran.messages
    assert "HEARTEN_LONGEST_RUN says how long" in ran.messages
    assert judged.code == 0
