from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from collector.errors import SourceUnavailableError
from collector.json_fields import Number, instant, pick, shaped


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("2017-04-13T08:00:29.000+0000", id="as Jira writes it"),
        pytest.param("2017-04-13T09:00:29.000+01:00", id="in a zone, as Data Center's boards do"),
        pytest.param("2017-04-13T08:00:29.000Z", id="in UTC, as Cloud's boards do"),
        pytest.param(1492070429000, id="in milliseconds, as bulk change logs do"),
        pytest.param(1492070429, id="in seconds, as Atlassian's example does"),
    ],
)
def test_a_time_is_the_same_however_jira_writes_it(written: object) -> None:
    assert instant({"created": written}, "created") == datetime(2017, 4, 13, 8, 0, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param({}, "`fields.created` is missing", id="nothing there"),
        pytest.param({"fields": "Perpetua"}, "`fields.created` is missing", id="a text instead"),
        pytest.param({"fields": {"created": None}}, "`fields.created` is no date", id="null"),
        pytest.param(
            {"fields": {"created": "Perpetua"}}, "`fields.created` is no date", id="prose"
        ),
        pytest.param(
            {"fields": {"created": 10**30}}, "`fields.created` is no date", id="too large"
        ),
        pytest.param(
            {"fields": {"created": "2025-03-03T10:00:00"}},
            "`fields.created` is a date without a time zone",
            id="no time zone",
        ),
    ],
)
def test_an_odd_date_is_named_and_not_shown(answer: object, said: str) -> None:
    with pytest.raises(SourceUnavailableError) as refused:
        instant(answer, "fields.created")

    assert said in str(refused.value)
    assert "Perpetua" not in str(refused.value)


def test_a_value_of_another_kind_is_named_and_not_shown() -> None:
    with pytest.raises(SourceUnavailableError, match="`key` is of another kind") as refused:
        pick({"key": ["Perpetua"]}, "key", str)

    assert "Perpetua" not in str(refused.value)


def test_a_number_that_no_database_takes_is_named() -> None:
    assert pick({"id": 2**63 - 1}, "id", int) == 2**63 - 1
    with pytest.raises(SourceUnavailableError, match="`id` is too large a number"):
        pick({"id": 2**63}, "id", int)
    with pytest.raises(SourceUnavailableError, match="`id` is too large a number"):
        shaped({"id": 2**63}, TypeAdapter(dict[str, Number]))
