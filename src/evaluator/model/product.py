"""How the service presents itself, and the guides that it shows: all from configuration."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """What every page shows beside the product's name and its content; empty where nobody said.

    `query_url` holds `{title}` and `{body}`; `retro_action_url` holds `{label}`, and may hold
    `{site}`, `{project}`, `{project_id}`, `{issue_type_id}` and `{summary}`. `logo` is the NHS
    logo, a protected mark: off unless it may be used.
    """

    organisation: str = ""
    logo: bool = False
    footer: str = ""
    support_url: str = ""
    query_url: str = ""
    retro_action_url: str = (
        "{site}/secure/CreateIssueDetails!init.jspa"
        "?pid={project_id}&issuetype={issue_type_id}&labels={label}&summary={summary}"
    )


UNNAMED = Product()


@dataclass(frozen=True, slots=True)
class Role:
    """A role, never a person: what it answers for, what it helps with, and what is not its own."""

    name: str
    answers_for: tuple[str, ...]
    helps_with: tuple[str, ...] = ()
    not_responsible_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One activity of a fortnight: `days` of it, and the groups it belongs to with their shares.

    `shares` are (group, days) and add up to `days`.
    """

    activity: str
    days: float
    shares: tuple[tuple[str, float], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Allocation:
    """How one role's fortnight is planned. What is left of `days` goes to `remainder_group`."""

    role: str
    days: float
    remainder: str
    remainder_group: str
    rows: tuple[TimeRow, ...]
    hours_a_day: float = 7.5
