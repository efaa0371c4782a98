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
