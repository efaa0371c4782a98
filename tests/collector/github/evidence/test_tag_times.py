"""A production time written in a tag's name."""

from zoneinfo import ZoneInfo

import pytest

from collector.github.evidence.tag_times import time_in_name

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("name", "at", "expected"),
    [
        pytest.param(
            "production-2026-01-14.3", "%Y-%m-%d", "2026-01-14T12:00:00+00:00", id="winter midday"
        ),
        pytest.param(
            "production-2026-07-14", "%Y-%m-%d", "2026-07-14T11:00:00+00:00", id="summer midday"
        ),
        pytest.param(
            "release-7-2026-07-14-2026-08-01",
            "%Y-%m-%d",
            "2026-07-14T11:00:00+00:00",
            id="the first place that fits",
        ),
        pytest.param(
            "9999-99-99/2026-07-14",
            "%Y-%m-%d",
            "2026-07-14T11:00:00+00:00",
            id="digits that are no date are passed over",
        ),
        pytest.param(
            "live_20260714T093000_a1",
            "%Y%m%dT%H%M%S",
            "2026-07-14T09:30:00+00:00",
            id="a time of day is UTC",
        ),
        pytest.param(
            "live-2026-07-14T09:30+0100",
            "%Y-%m-%dT%H:%M%z",
            "2026-07-14T08:30:00+00:00",
            id="a zone of its own",
        ),
        pytest.param(
            "release-14Jul2026", "%d%b%Y", "2026-07-14T11:00:00+00:00", id="a month's name"
        ),
    ],
)
def test_the_time_is_read_where_the_format_first_fits(name: str, at: str, expected: str) -> None:
    found = time_in_name(name, at, LONDON)

    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize("name", ["v1.2.3", "production-2026-13-01", ""])
def test_a_name_without_a_time_has_none(name: str) -> None:
    assert time_in_name(name, "%Y-%m-%d", LONDON) is None
