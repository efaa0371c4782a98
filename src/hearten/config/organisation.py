"""`hearten.yaml`: what holds for the whole organisation. Every key is optional."""

import difflib
import re
import zoneinfo
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from evaluator.model.product import Product as PlanProduct
from evaluator.model.ticket_labels import USUAL, TicketLabels, plain
from hearten.config.addresses import jira_address
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import Day, Slug, Text, days_in_order, spelled
from hearten.config.links import action_link, link, query_link

ENVIRONMENT_SITE = "jira"
_A_YEAR = timedelta(days=365)
_NO_WORKING_DAY = timedelta(days=5)  # a weekend between bank holidays


def _zone(name: str) -> str:
    zones = zoneinfo.available_timezones()
    if name in zones:
        return name
    close = difflib.get_close_matches(name, zones, n=1) or ["Europe/London"]
    raise InvalidValueError("is not a time zone that exists", f"write a name such as {close[0]}")


class ProductEntry(Entry):
    """How the service presents itself."""

    name: Text = Field("hearten", description="The name that people see on pages and messages.")
    organisation: str = Field(
        "", description="Whose service it is; stands beside the name.", examples=["Example Health"]
    )
    logo: bool = Field(
        False, description="Whether to show the NHS logo, which only the NHS may use."
    )
    footer: str = Field("", description="A sentence at the end of every page.")
    support_url: Annotated[Text, AfterValidator(link)] | None = Field(
        None,
        description="Where people find help with the service: a page or a channel.",
        examples=["https://chat.example.org/hearten"],
    )
    query_url: Annotated[Text, AfterValidator(query_link)] | None = Field(
        None,
        description="Where a team asks about a result: the address of a new issue, in which "
        "{title} and {body} stand for what is filled in.",
        examples=["https://github.com/example/hearten-config/issues/new?title={title}&body={body}"],
    )
    retro_action_url: Annotated[Text, AfterValidator(action_link)] = Field(
        PlanProduct().retro_action_url,
        description="Where Jira makes a retro action; {site}, {project}, {project_id}, "
        "{issue_type_id}, {label} and {summary} stand for what is filled in. Jira fills in a "
        "project by its number alone: write project_id and issue_type_id below jira in teams.yaml.",
    )


class ClosureEntry(Entry):
    """Days on which the organisation is closed."""

    first: Day = Field(alias="from", description="The first closed day.", examples=["2026-12-25"])
    last: Day = Field(alias="to", description="The last closed day.", examples=["2027-01-01"])
    name: Text = Field(description="What the closure is called.", examples=["Winter closure"])


def _closed_too_long(closures: Iterable[ClosureEntry]) -> Iterator[Fault]:
    """Yield where closures leave no working day for over a year."""
    sound = [each for each in closures if each.sound("from", "to") and each.first <= each.last]
    since = until = date.min
    for each in sorted(sound, key=lambda closure: closure.first):
        if each.first - until > _NO_WORKING_DAY:
            since = each.first
        until = max(until, each.last)
        if until - since > _A_YEAR:
            remedy = "write an earlier day, or end the teams with `active_to`"
            yield each.fault("leaves no working day for over a year", "to", remedy=remedy)
            return


class AgreedDateEntry(Entry):
    """A day, or days, that everybody should know of."""

    name: Text = Field(description="What happens then.", examples=["Timesheets close"])
    day: Day | None = Field(None, description="The day, where it is one.", examples=["2026-11-27"])
    first: Day | None = Field(
        None, alias="from", description="The first day, where it is more than one."
    )
    last: Day | None = Field(None, alias="to", description="The last day.")
    every_year: bool = Field(False, description="Whether it comes back every year.")

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        if not self.sound("day", "from", "to"):
            return []
        if (self.day is None) == (self.first is None) or (self.first is None) != (
            self.last is None
        ):
            what = "must have either `day`, or both `from` and `to`"
            return [self.fault(what, remedy="write one day as `day: 2026-11-27`")]
        if self.every_year and self.days[1] - self.days[0] >= _A_YEAR:
            remedy = "leave out `every_year`"
            return [self.fault("lasts a year or longer", "every_year", remedy=remedy)]
        return days_in_order(self, self.first, self.last)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day; they are the same where it is one."""
        first = self.day or self.first or date.min
        return first, self.day or self.last or first


class JiraSiteEntry(Entry):
    """A Jira site beside the one from the environment."""

    url: Annotated[Text, AfterValidator(jira_address)] = Field(
        description="The site's web address.", examples=["https://jira.example.org"]
    )
    site_url: Annotated[Text, AfterValidator(jira_address)] | None = Field(
        None,
        description="Where people open the site, if that is elsewhere: for a token that works only "
        "at Atlassian's gateway, `url` is https://api.atlassian.com/ex/jira/ID.",
        examples=["https://example.atlassian.net"],
    )
    token_env: Annotated[
        str,
        spelled(
            "[A-Z][A-Z0-9_]*",
            "must be the name of an environment variable, never the token itself",
            "write it as LEGACY_JIRA_TOKEN",
        ),
    ] = Field(
        description="The environment variable that holds the site's token; "
        "the same name with _FILE may name a file instead.",
        examples=["LEGACY_JIRA_TOKEN"],
    )
    email_env: (
        Annotated[
            str,
            spelled(
                "[A-Z][A-Z0-9_]*",
                "must be the name of an environment variable, never the address itself",
                "write it as OTHER_JIRA_EMAIL",
            ),
        ]
        | None
    ) = Field(
        None,
        description="For a Jira Cloud site: the environment variable that holds the e-mail of the "
        "token's account. Without it the site is Data Center.",
        examples=["OTHER_JIRA_EMAIL"],
    )

    @property
    def opened_at(self) -> str:
        """Where people open the site, and links lead."""
        return self.site_url or self.url


def _label(text: str) -> str:
    if re.search(r"\s", text):
        raise InvalidValueError("holds a space, which no label of Jira does", "write it without")
    return text


_Label = Annotated[Text, AfterValidator(_label)]


class LabelsEntry(Entry):
    """What each label of a ticket is called that means something here."""

    retro_action: _Label = Field(USUAL.retro_action, description="An action of a retrospective.")
    user_feedback: _Label = Field(
        USUAL.user_feedback, description="Feedback of people who use the service."
    )
    user_research: _Label = Field(
        USUAL.user_research, description="What a lab found; it is no feedback of users."
    )
    training: _Label = Field(USUAL.training, description="Learning time is logged on it.")
    objective: _Label = Field(USUAL.objective, description="An objective of a quarter.")
    needs_other_team: _Label = Field(
        USUAL.needs_other_team, description="Another team is needed for it."
    )
    thirty_day_action: _Label = Field(
        USUAL.thirty_day_action, description="An action of a workshop, with a due date."
    )
    qualification: _Label = Field(USUAL.qualification, description="A qualification.")
    experiment: _Label = Field(USUAL.experiment, description="An experiment.")
    help_wanted: _Label = Field(USUAL.help_wanted, description="The team would like help.")
    ok_to_name: _Label = Field(
        USUAL.ok_to_name, description="Its assignee agreed to be thanked by name."
    )
    sprint_story: _Label = Field(USUAL.sprint_story, description="The story of a sprint.")

    def faults(self) -> Iterator[Fault]:
        """Yield where one label means two things."""
        taken: dict[str, str] = {}
        for name, label in self.in_plan().items():
            if other := taken.get(plain(label)):
                what = f"is the label of {other} too"
                yield self.fault(what, name, remedy="give each a label of its own")
            taken.setdefault(plain(label), name)

    def in_plan(self) -> dict[str, str]:
        """Return each label by what it is for."""
        return {each.name: getattr(self, each.name) for each in fields(TicketLabels)}


class OrganisationFile(Entry):
    """The file `hearten.yaml`."""

    product: ProductEntry = Field(
        default_factory=ProductEntry, description="What people see as the name of the service."
    )
    time_zone: Annotated[Text, AfterValidator(_zone)] = Field(
        "Europe/London", description="The time zone in which days begin."
    )
    settle_days: int = Field(
        3, ge=0, le=20, description="Working days after a sprint's end before it is judged."
    )
    bank_holidays: Literal["england-and-wales", "scotland", "northern-ireland", "none"] = Field(
        "england-and-wales", description="Whose bank holidays are not working days."
    )
    closures: list[ClosureEntry] = Field(
        [], description="Days on which nobody works, beside weekends and bank holidays."
    )
    dates: list[AgreedDateEntry] = Field(
        [],
        description="Days that the calendar shows to everybody, such as reminders of other systems "
        "and seasons of the year.",
    )
    bots: list[Text] = Field(
        [], description="Logins of service accounts, whose commits are not counted."
    )
    agents_count: bool = Field(
        False,
        description="Whether what coding agents' pull requests bring counts as people's changes "
        "do. Commits whose own author is a bot never count.",
    )
    labels: LabelsEntry = Field(
        default_factory=LabelsEntry,
        description="What each label of a ticket is called that means something here. No other "
        "label is kept.",
    )
    feedback_links: list[Text] = Field(
        [],
        description="Types of Jira's links between a ticket and the feedback that it answers, in "
        "either direction.",
        examples=[["Feedback"]],
    )
    jira_sites: dict[Slug, JiraSiteEntry] = Field(
        {}, description="Jira sites beside the one from the environment, by the name you give them."
    )

    def faults(self, environment_sites: Collection[str]) -> list[Fault]:
        """Return what is wrong between the keys."""
        found = [
            self.fault(
                f"{name} is the site from the environment",
                "jira_sites",
                name,
                remedy="give this one another name",
            )
            for name in self.jira_sites
            if name in {ENVIRONMENT_SITE, *environment_sites}
        ]
        for closure in self.closures:
            found += days_in_order(closure, closure.first, closure.last)
        found += _closed_too_long(self.closures)
        found += self.labels.faults()
        for agreed in self.dates:
            found += agreed.faults()
        return found
