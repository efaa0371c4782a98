"""`hearten token`: makes, lists and revokes the API tokens of programs."""

import re
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from api.tokens import LABEL, LABEL_HELP, MOST_DAYS, new_token
from evaluator.model.access import AuditEntry, Scope, Token
from evaluator.wording import day_words
from hearten.clock import now
from hearten.commands.context import open_kept, open_store
from hearten.console.output import plain_console, say
from hearten.errors import UseError
from hearten.settings import read_settings
from store.store import Store

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke the API tokens of programs.")


@app.command()
def create(
    label: Annotated[str, typer.Option(help="Which program uses it, such as team-dashboards.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; may be given several times.")],
    days: Annotated[
        int, typer.Option(min=1, max=MOST_DAYS, help="For how many days it is valid.")
    ] = 90,
) -> None:
    """Make a token and print its secret, this once."""
    if not re.fullmatch(LABEL.strip("^$"), label):
        raise UseError(f"--label {label} cannot be used. {LABEL_HELP}")
    at = now()
    token, secret = new_token(label, scope, days, at)
    with open_store(read_settings()) as store:
        store.tokens.add(token)
        _write_down(store, "token create", token)
    typer.echo(secret)
    say(f"Token {token.id} for {label} is valid until {day_words(token.expires_at)}.")
    say("Its secret is printed this once and kept nowhere: hand it to the program now.")


@app.command("list")
def list_tokens() -> None:
    """Print every token that was ever made, without secrets."""
    with open_kept(read_settings()) as store:
        tokens = store.tokens.all()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Id", "Program", "Scopes", "Made", "Valid until", ""):
        table.add_column(heading, no_wrap=True)
    for token in tokens:
        table.add_row(
            token.id,
            token.label,
            ", ".join(sorted(token.scopes)),
            day_words(token.created_at),
            day_words(token.expires_at),
            _state(token),
        )
    plain_console().print(table)


@app.command()
def revoke(
    token: Annotated[str | None, typer.Argument(help="The token's id, as listed.")] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Every token: after a copy was put back, for example.")
    ] = False,
) -> None:
    """Let a token, or every one, be used no longer: its very next use is refused."""
    if (token is None) is not every:
        raise UseError("Name one token by its id, or write --all. `hearten token list` has all.")
    with open_kept(read_settings()) as store:
        known = [each for each in store.tokens.all() if every or each.id == token]
        revoked = [each for each in known if _revoked(store, each)]
    if not revoked and not every:
        raise UseError(f"There is no token `{token}` to revoke. `hearten token list` has all.")
    for each in revoked:
        say(f"Token {each.id} of {each.label} is revoked.")
    if not revoked:
        say("No token was left to revoke.")


def _revoked(store: Store, token: Token) -> bool:
    """Revoke a token, and write that down; False where it was revoked before."""
    if not store.tokens.revoke(token.id, now()):
        return False
    _write_down(store, "token revoke", token)
    return True


def _write_down(store: Store, action: str, token: Token) -> None:
    about = f"token {token.id}: {token.label}"
    store.audit.add(AuditEntry(now(), "command", action, about, "done"))


def _state(token: Token) -> str:
    if token.revoked_at is not None:
        return f"revoked {day_words(token.revoked_at)}"
    return "" if token.valid(now()) else "expired"
