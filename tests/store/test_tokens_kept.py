from dataclasses import replace

import pytest

from evaluator.model.access import AuditEntry, Scope, Token
from store.store import Store
from tests.store.examples import at

TOKEN = Token(
    "t1",
    "the wallboard",
    "0" * 64,
    frozenset({Scope.READ, Scope.RUN}),
    created_at=at(1),
    expires_at=at(20),
)
LINE = AuditEntry(at(10), "t1", "ask for a run", "collect", "202", "request-1")


def test_a_token_is_found_by_its_digest_as_it_was_saved(store: Store) -> None:
    store.tokens.add(TOKEN)

    assert store.tokens.find_by_digest(TOKEN.digest) == TOKEN
    assert store.tokens.find_by_digest("1" * 64) is None


def test_tokens_come_in_the_order_in_which_they_were_made(store: Store) -> None:
    newer = replace(TOKEN, id="t0", digest="1" * 64, created_at=at(2), scopes=frozenset())
    for token in (newer, TOKEN):
        store.tokens.add(token)

    assert store.tokens.all() == [TOKEN, newer]


def test_a_token_is_revoked_once_and_stays_on_the_list(store: Store) -> None:
    store.tokens.add(TOKEN)

    assert store.tokens.revoke("t1", at(10))
    assert not store.tokens.revoke("t1", at(11))
    assert not store.tokens.revoke("t2", at(11))
    assert store.tokens.all() == [replace(TOKEN, revoked_at=at(10))]


@pytest.mark.parametrize(
    ("token", "day", "valid"),
    [
        pytest.param(TOKEN, 19, True, id="before it expires"),
        pytest.param(TOKEN, 20, False, id="at the instant at which it expires"),
        pytest.param(replace(TOKEN, revoked_at=at(5)), 19, False, id="revoked"),
    ],
)
def test_a_token_may_be_used_until_it_expires_or_is_revoked(
    token: Token, day: int, valid: bool
) -> None:
    assert token.valid(at(day)) is valid


def test_the_audit_log_gives_its_newest_lines_first(store: Store) -> None:
    lines = [replace(LINE, request_id=f"request-{number}") for number in range(3)]
    for line in lines:
        store.audit.add(line)

    assert store.audit.newest(2) == [lines[2], lines[1]]


def test_lines_of_the_audit_log_are_forgotten_with_age(store: Store) -> None:
    old, new = (replace(LINE, at=at(day)) for day in (1, 2))
    store.audit.add(old)
    store.audit.add(new)

    store.audit.forget(new.at)

    assert store.audit.newest(5) == [new]
