"""Until when a token may be used."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from evaluator.model.access import Scope, Token

MADE = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENDS = MADE + timedelta(days=90)
TOKEN = Token("t1", "dashboard", "digest", frozenset({Scope.READ}), MADE, ENDS)


def test_a_token_may_be_used_until_the_moment_that_it_expires() -> None:
    assert TOKEN.valid(ENDS - timedelta(seconds=1))
    assert not TOKEN.valid(ENDS)


def test_a_revoked_token_may_not_be_used() -> None:
    assert not replace(TOKEN, revoked_at=MADE).valid(MADE + timedelta(days=1))
