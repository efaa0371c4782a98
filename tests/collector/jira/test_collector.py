from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from collector.source_read import Task
from evaluator.model.facts import Coverage, Reason
from evaluator.model.plan import RepositorySource, TicketSource
from tests.collector.jira.stand_in import (
    CLOUD,
    HERON,
    NOW,
    SINCE,
    StandInJira,
    a_collector,
    read,
)

SECOND = timedelta(seconds=1)


def test_the_coverage_of_a_complete_read_begins_before_the_first_request(jira: StandInJira) -> None:
    jira.holds(1)

    reading = read(CLOUD, Task(HERON, SINCE))

    assert reading.coverage == Coverage(
        "jira:jira:HER",
        fingerprint=HERON.fingerprint,
        since=SINCE,
        read_started=NOW + SECOND,
        read_finished=NOW + 2 * SECOND,
        attempt_started=NOW + SECOND,
        attempt_finished=NOW + 2 * SECOND,
        requests=3,
    )


def test_a_site_that_is_not_set_up_is_not_read(jira: StandInJira) -> None:
    reading = read(CLOUD, Task(TicketSource("legacy", project="HER"), SINCE))

    assert reading.coverage.reason is Reason.NOT_SET_UP
    assert "`legacy`" in reading.coverage.detail
    assert (reading.coverage.attempt_started, jira.requests) == (NOW + SECOND, [])


def test_a_repository_is_no_source_of_jira() -> None:
    with pytest.raises(TypeError, match="github:nhsuk/booking-web"):
        read(CLOUD, Task(RepositorySource("nhsuk/booking-web"), SINCE))


def test_eight_threads_read_at_once_and_ask_for_the_statuses_once(jira: StandInJira) -> None:
    jira.holds(5)
    collector = a_collector()
    tasks = [Task(TicketSource("jira", jql=f"component = c{n}"), SINCE) for n in range(16)]

    with ThreadPoolExecutor(8) as pool:
        readings = list(pool.map(collector.read, tasks))
    collector.close()

    assert {reading.coverage.source for reading in readings} == {task.source.id for task in tasks}
    assert [len(reading.tickets) for reading in readings] == [5] * 16
    assert len(jira.asked("/status")) == 1
    assert sum(reading.coverage.requests for reading in readings) == len(jira.requests)


def test_a_token_is_never_shown() -> None:
    assert "cloud-token" not in repr(CLOUD)
