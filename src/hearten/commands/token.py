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
def revoke(token: Annotated[str, typer.Argument(help="The token's id, as listed.")]) -> None:
    """Let a token be used no longer: its very next use is refused."""
    with open_kept(read_settings()) as store:
        known = next((each for each in store.tokens.all() if each.id == token), None)
        if known is None or not store.tokens.revoke(known.id, now()):
            raise UseError(f"There is no token `{token}` to revoke. `hearten token list` has all.")
        _write_down(store, "token revoke", known)
    say(f"Token {token} of {known.label} is revoked.")


def _write_down(store: Store, action: str, token: Token) -> None:
    about = f"token {token.id}: {token.label}"
    store.audit.add(AuditEntry(now(), "command", action, about, "done"))


def _state(token: Token) -> str:
    if token.revoked_at is not None:
        return f"revoked {day_words(token.revoked_at)}"
    return "" if token.valid(now()) else "expired"
