"""`hearten token`, as an operator uses it."""

import pytest

from evaluator.model.access import Scope
from store.store import Store
from tests.support.databases import on_both_engines
from tests.support.organisation import NOW, Organisation


@on_both_engines
def test_a_token_is_made_listed_and_revoked(organisation: Organisation) -> None:
    made = organisation.run(
        *("token", "create", "--label", "dashboards", "--scope", "read", "--scope", "run")
    )
    secret = made.out.strip()
    with Store.open(organisation.database_url) as store:
        token = store.tokens.all()[0]
    listed = organisation.run("token", "list")
    revoked = organisation.run("token", "revoke", token.id)
    again = organisation.run("token", "revoke", token.id)

    assert made.code == listed.code == revoked.code == 0
    assert secret.startswith("hearten_")
    assert secret not in token.digest + listed.out + made.messages
    assert token.scopes == {Scope.READ, Scope.RUN}
    assert 89 <= (token.expires_at - NOW).days <= 90
    assert "dashboards" in listed.out
    assert again.code == 2
    with Store.open(organisation.database_url) as store:
        lines = store.audit.newest(10)
    assert [(line.by, line.action, line.outcome) for line in reversed(lines)] == [
        ("command", "token create", "done"),
        ("command", "token revoke", "done"),
    ]


@pytest.mark.parametrize("label", ["Jo Bloggs", "jo@example.org", "a" * 41, "-"])
def test_a_token_cannot_be_named_after_a_person(organisation: Organisation, label: str) -> None:
    ran = organisation.run("token", "create", f"--label={label}", "--scope", "read")

    assert ran.code == 2
    assert "never a person" in ran.messages


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "create", "--label", "x", "--scope", "everything"),
        ("token", "create", "--label", "x", "--scope", "read", "--days", "0"),
        ("token", "create", "--label", "x"),
    ],
)
def test_a_token_needs_scopes_and_an_end(
    organisation: Organisation, arguments: tuple[str, ...]
) -> None:
    assert organisation.run(*arguments).code == 2


def test_all_tokens_are_revoked_at_once_after_a_copy_was_put_back(
    organisation: Organisation,
) -> None:
    for label in ("dashboards", "chat"):
        organisation.run("token", "create", "--label", label, "--scope", "read")
    with Store.open(organisation.database_url) as store:
        store.tokens.revoke(store.tokens.all()[0].id, NOW)

    ran = organisation.run("token", "revoke", "--all")
    again = organisation.run("token", "revoke", "--all")

    with Store.open(organisation.database_url) as store:
        tokens, lines = store.tokens.all(), store.audit.newest(10)
    assert ran.code == again.code == 0
    assert ran.messages == f"Token {tokens[1].id} of {tokens[1].label} is revoked.\n"
    assert again.messages == "No token was left to revoke.\n"
    assert all(token.revoked_at for token in tokens)
    assert [line.action for line in lines].count("token revoke") == 1


@pytest.mark.parametrize("arguments", [(), ("0123456789ab", "--all")])
def test_one_token_is_revoked_or_all(organisation: Organisation, arguments: tuple[str]) -> None:
    ran = organisation.run("token", "revoke", *arguments)

    assert ran.code == 2
    assert "or write --all" in ran.messages
