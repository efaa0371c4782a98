"""`excused.yaml`: periods in which less is expected of a team."""

from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from hearten.config.base_model import Entry
from hearten.config.faults import Fault
from hearten.config.field_types import Day, Slug, days_in_order, steered
from hearten.config.messages import meant

_NO_HEALTH_REASONS = {"sickness": ("Use reduced_capacity. Do not record health reasons.", "")}


class ExcusedPeriod(Entry):
    """Days on which less is expected of one team. Never who is away, never why."""

    team: Slug = Field(description="The team's id.", examples=["heron"])
    first: Day = Field(alias="from", description="The first day.", examples=["2026-02-02"])
    last: Day = Field(alias="to", description="The last day.", examples=["2026-02-13"])
    reason: Annotated[
        Literal[
            "bank_holidays",
            "closure",
            "reduced_capacity",
            "on_call_or_incident",
            "agreed_other",
        ],
        steered(_NO_HEALTH_REASONS),
    ] = Field(
        description="Why less is expected. Leave of any kind is reduced_capacity.",
        examples=["reduced_capacity"],
    )
    note: str = Field(
        "",
        description="A few words that everybody may read, such as `Two of five available.` "
        "Name nobody, and give no health reason.",
    )


class ExcusedFile(Entry):
    """The file `excused.yaml`. An empty one could be cut off: it says `excused: []`."""

    model_config = ConfigDict(json_schema_extra={"required": ["excused"]})

    excused: list[ExcusedPeriod] = Field([], description="Excused periods, in any order.")

    def faults(self, team_ids: Collection[str] | None) -> list[Fault]:
        """Return what is wrong between the keys; `team_ids` is None where they are not known."""
        found: list[Fault] = []
        for period in self.excused:
            found += days_in_order(period, period.first, period.last)
            if team_ids is not None and period.sound("team") and period.team not in team_ids:
                hint = meant(period.team, team_ids, "the teams are")
                what = f"no team is called {period.team}"
                found.append(period.fault(what, "team", remedy=hint))
        return found
