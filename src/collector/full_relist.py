"""What is listed whole once a day, because a question for what is new does not show everything."""

from datetime import UTC, datetime, timedelta

ALL_AGAIN_AFTER = timedelta(hours=20)  # so that it happens daily, at whatever hour runs begin
NEVER = datetime.min.replace(tzinfo=UTC)


def due(read: datetime, listed: datetime, started: datetime) -> bool:
    """Return whether a read that begins at `started` is to list everything.

    The last one began at `read`, the last that listed everything at `listed`. A clock that ran
    ahead may have written a `read` that is yet to come: it says nothing.
    """
    return read > started or not timedelta() <= started - listed < ALL_AGAIN_AFTER
