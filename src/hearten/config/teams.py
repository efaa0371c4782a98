"""`teams.yaml`: teams, what they look after, and where they work."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from evaluator.model import plan
from evaluator.model.days import Days
from evaluator.model.plan import BoardSource, Calendars, DatedSprints, TicketSource
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import (
    Day,
    Slug,
    Text,
    as_list,
    as_texts,
    days_in_order,
)
from hearten.config.organisation import ENVIRONMENT_SITE
from hearten.config.repositories import RepositoryEntry
from hearten.config.sprints import SprintsEntry, faults_between

_KEY = "[A-Z][A-Z0-9_]*"
_LONGEST_KEY = 10  # of Jira's, unless an administrator lets them be longer
_DEFAULT = plan.LeaveOut()


def _clause(jql: str) -> str:
    if re.search(r"\border\s+by\b", jql, re.IGNORECASE):
        raise InvalidValueError("must be a condition alone", "remove ORDER BY and what follows it")
    return jql


def _key(text: str) -> str:
    if re.fullmatch(_KEY, text):
        return text
    # What is no key in capitals either may be anything, a secret too, and is not repeated.
    meant = text.upper() if re.fullmatch(_KEY, text.upper()) and len(text) <= _LONGEST_KEY else ""
    raise InvalidValueError(
        "must be the key that begins its tickets", f"write it as {meant or 'HER'}"
    )


class LeaveOutEntry(Entry):
    """Tickets that are not counted. A list replaces its default."""

    types: list[Text] = Field(list(_DEFAULT.types), description="Issue types that are not counted.")
    sub_tasks: bool = Field(_DEFAULT.sub_tasks, description="Whether sub-tasks are left out.")
    resolutions: list[Text] = Field(
        list(_DEFAULT.resolutions), description="Resolutions that do not count as done."
    )
    statuses: list[Text] = Field(
        list(_DEFAULT.statuses),
        description="Statuses of the category Done that do not count as done.",
        examples=[["Won't do"]],
    )


class JiraEntry(Entry):
    """A Jira project, or a JQL condition, that a team works from."""

    project: Annotated[str, AfterValidator(_key)] = Field(
        "", description="The project's key, such as HER. Either this or jql."
    )
    jql: Annotated[Text, AfterValidator(_clause)] = Field(
        "", description="A JQL condition that names the team's tickets. Either this or project."
    )
    board: int | None = Field(
        None, ge=1, description="The number of the board whose sprints are the team's."
    )
    site: Slug = Field(
        ENVIRONMENT_SITE, description="The Jira site: jira, or a name of jira_sites."
    )
    leave_out: LeaveOutEntry = Field(
        default_factory=LeaveOutEntry, description="Tickets that are not counted."
    )
    project_id: int | None = Field(
        None,
        ge=1,
        description="The number of the project in which links make tickets: `id` in the answer of "
        "SITE/rest/api/2/project/KEY. Jira fills in nothing without it and issue_type_id.",
        examples=[10000],
    )
    issue_type_id: int | None = Field(
        None,
        ge=1,
        description="The number of the type of those tickets: `id` below `issueTypes` there.",
        examples=[10001],
    )
    seen_from: Day | None = Field(
        None,
        description="Where most open tickets were hidden at once: the first day that needs them no "
        "more. From the first sprint that begins on it or later, nothing of them is missed.",
        examples=["2026-01-05"],
    )
    first: Day | None = Field(None, alias="from", description="The first day it is the team's.")
    last: Day | None = Field(None, alias="to", description="The last day it is the team's.")

    @property
    def tickets(self) -> TicketSource:
        """The tickets that the entry names."""
        return TicketSource(self.site, self.project, self.jql)

    @property
    def days(self) -> Days:
        """The days on which the tickets are the team's."""
        return Days(self.first, self.last)

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        found = days_in_order(self, self.first, self.last)
        named = [key for key in ("project", "jql") if self.written(key)]
        if not named:
            remedy = "write `project: HER`, or a `jql`"
            found.append(self.fault("is missing", "project", remedy=remedy))
        if len(named) > 1:
            remedy = "keep one of the two"
            found.append(self.fault("stands beside project", "jql", remedy=remedy))
        numbers = ("project_id", "issue_type_id")
        for key, other in (numbers, numbers[::-1]):
            if self.written(key) and not self.written(other):
                what = f"does nothing without {other}"
                found.append(self.fault(what, key, remedy="write both"))
        if self.seen_from and self.sound("seen_from", "from", "to"):
            found += self._seen_outside(self.seen_from)
        return found

    def _seen_outside(self, day: date) -> Iterator[Fault]:
        if day not in self.days:
            remedy = "write a day from `from` to `to`"
            yield self.fault(f"{day} is no day of this entry", "seen_from", remedy=remedy)


class TeamEntry(Entry):
    """A team."""

    id: Slug = Field(
        description="The team's stable name in web addresses and metrics. Never change it.",
        examples=["heron"],
    )
    name: Text = Field(description="The team's name, as people read it.", examples=["Heron"])
    group: str = Field("", description="The group of teams that it belongs to.")
    repositories: list[RepositoryEntry] = Field(
        [], description="The repositories that the team looks after."
    )
    jira: Annotated[
        list[JiraEntry],
        BeforeValidator(as_list, json_schema_input_type=JiraEntry | list[JiraEntry]),
    ] = Field([], description="The Jira project, or several, that the team works from.")
    sprints: Annotated[
        Annotated[list[SprintsEntry], Field(min_length=1)] | None,
        BeforeValidator(as_list, json_schema_input_type=SprintsEntry | list[SprintsEntry] | None),
    ] = Field(
        None,
        description="Where sprints come from; without it, from the board under jira. Where that "
        "changes on a day, a list: each entry holds from the day after the `to` before it.",
    )
    not_applicable: dict[Slug, Text] = Field(
        {}, description="Targets that do not apply to the team, by id, each with the reason."
    )
    streaks: bool = Field(
        False, description="Whether the team wants its streaks shown: nobody sees them without."
    )
    continues: Annotated[
        list[Slug],
        BeforeValidator(as_texts, json_schema_input_type=Slug | list[Slug]),
    ] = Field(
        [],
        description="Ids of teams whose past is this one's: it was renamed, or they were merged, "
        "or split.",
        examples=[["old-heron"]],
    )
    active_from: Day | None = Field(None, description="The team's first day.")
    active_to: Day | None = Field(None, description="The team's last day.")

    @property
    def boards(self) -> list[BoardSource]:
        """The boards that the team names, once each."""
        named = [BoardSource(jira.site, jira.board) for jira in self.jira if jira.board]
        return list(dict.fromkeys(named))

    @property
    def calendars(self) -> Calendars:
        """Where the team's sprints come from, as far as that is told, in order of days."""
        board = self.boards[0] if len(self.boards) == 1 else None
        if not self.sprints:
            return () if board is None else (DatedSprints(board),)
        days = [None, *(entry.begins(before) for before, entry in pairwise(self.sprints))]
        told = [entry.cadence if entry.of_cadence else board for entry in self.sprints]
        return tuple(
            DatedSprints(calendar, day, entry.names)
            for calendar, day, entry in zip(told, days, self.sprints, strict=True)
            if calendar is not None
        )

    def faults(self) -> list[Fault]:
        """Return what is wrong inside the team's entry."""
        found = days_in_order(self, self.active_from, self.active_to, ("active_from", "active_to"))
        found += [fault for repository in self.repositories for fault in repository.faults()]
        found += [fault for jira in self.jira for fault in jira.faults()]
        found += [fault for entry in self.sprints or [] for fault in entry.faults()]
        found += faults_between(self.sprints or [])
        return [*found, *self._calendar_faults()]

    def _calendar_faults(self) -> Iterator[Fault]:
        wants_board = self.sprints is None or any(
            entry.sound("from") and not entry.of_cadence for entry in self.sprints
        )
        unsure = not self.sound("sprints", "jira") or not all(j.sound("board") for j in self.jira)
        if not wants_board or unsure or len(self.boards) == 1:
            return
        if self.boards:
            what = "needs one board, and jira names several"
            remedy = "keep one, or use a cadence"
        else:
            what = "needs a board"
            remedy = (
                "write `board: 42` under jira, or "
                "`sprints: {from: cadence, first_day: 2024-01-01, length_days: 14}`"
            )
        yield self.fault(what, "sprints", remedy=remedy)


class TeamsFile(Entry):
    """The file `teams.yaml`."""

    teams: list[TeamEntry] = Field(description="Every team, in any order.", examples=[[]])

    @property
    def ids(self) -> set[str] | None:
        """The teams' ids, None where some are not known."""
        known = self.sound("teams") and all(team.sound("id") for team in self.teams)
        return {team.id for team in self.teams} if known else None
