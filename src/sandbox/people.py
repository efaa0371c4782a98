"""Invented people, and what they wrote. None of it may ever leave a collector."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an account is. GitHub shows a service account as an ordinary user."""

    PERSON = "person"
    SERVICE = "service"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or something, that commits or moves tickets. Without a login: no account."""

    name: str
    login: str
    email: str
    kind: Kind = Kind.PERSON


CAST = (
    Actor("Zebedee Quillfeather", "zquill-x7", "zebedee.quillfeather@example.org"),
    Actor("Ottoline Brambleworth", "ottobramble", "ottoline.brambleworth@example.org"),
    Actor("Peregrine Mudlark-Oyelaran", "pmudlark", "peregrine.mudlark@example.org"),
    Actor("Saoirse Thistlethwack", "thistlethwack9", "saoirse.thistlethwack@example.org"),
    Actor("Anjali Wobblecroft", "anjali-wobble", "anjali.wobblecroft@example.org"),
    Actor("Ignatius Plumtoad", "", "ignatius.plumtoad@example.org"),
)
DEPENDABOT = Actor(
    "dependabot[bot]",
    "dependabot[bot]",
    "49699333+dependabot[bot]@users.noreply.github.com",
    Kind.BOT,
)
RELEASE_ACCOUNT = Actor(
    "Example release account", "example-release-account", "releases@example.org", Kind.SERVICE
)
TITLES = (
    "Untangle the marmalade ledger",
    "Teach the turnip queue some manners",
    "Polish the brass weathercock endpoint",
    "Stop the pudding form losing its spoon",
    "Give the lantern page a second wick",
    "Rehome the wandering biscuit cache",
    "Let the teapot remember its lid",
)


BRANCH = "thistlethwack-wip"  # how every branch ends whose name is told


def account_id(who: Actor) -> str:
    """Return the id that Jira gives somebody: not a name, and personal all the same."""
    return f"557058:{hashlib.sha256(who.email.encode()).hexdigest()[:24]}"


def personal_strings() -> tuple[str, ...]:
    """Return every name, login, e-mail address and text of an invented person, to be searched for.

    A test that finds one of these in a database, an answer, a log or a page has found a leak.
    """
    people = [
        part for who in CAST for part in (who.name, who.login, who.email, account_id(who)) if part
    ]
    return (*people, *TITLES, BRANCH)
