"""`time_allocation.yaml`: how a role's fortnight is planned. A guide: nobody's time is recorded."""

from pydantic import Field

from evaluator.model import product
from hearten.config.base_model import Entry
from hearten.config.faults import Fault
from hearten.config.field_types import Text

_CLOSE = 1e-6


class TimeRowEntry(Entry):
    """One activity, in days or in hours of a fortnight."""

    activity: Text = Field(description="What it is.", examples=["Code reviews"])
    days: float | None = Field(None, gt=0, le=10, strict=False, description="Days in a fortnight.")
    hours: float | None = Field(
        None, gt=0, le=80, strict=False, description="Hours in a fortnight, in place of days."
    )
    group: Text | None = Field(None, description="The group it belongs to.")
    split: dict[Text, float] = Field(
        {}, description="Days by group, in place of `group`, where it belongs to several."
    )
    note: str = Field("", description="What is worth knowing about the number.")


class TimeAllocationEntry(Entry):
    """The plan for one role."""

    role: Text = Field(description="The role, never a person.", examples=["Senior developer"])
    days: float = Field(10, gt=0, le=10, strict=False, description="Working days in a fortnight.")
    hours_a_day: float = Field(
        7.5, gt=0, le=12, strict=False, description="Hours in a working day."
    )
    remainder: Text = Field("New features", description="What the time that is left is for.")
    remainder_group: Text = Field(
        "Individual contribution", description="The group to which the time that is left belongs."
    )
    rows: list[TimeRowEntry] = Field(description="The activities.", examples=[[]])

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        found: list[Fault] = []
        for row in self.rows:
            if not row.sound("days", "hours", "group", "split"):
                continue
            if (row.days is None) == (row.hours is None):
                found.append(row.fault("must say either `days` or `hours`", "activity", remedy=""))
            elif bool(row.group) == bool(row.split):
                found.append(row.fault("must say either `group` or `split`", "activity", remedy=""))
            elif row.split and abs(sum(row.split.values()) - self.days_of(row)) > _CLOSE:
                found.append(row.fault("must add up to the row's days", "split", remedy=""))
        if not found and self.sound("rows", "days") and self._planned() > self.days + _CLOSE:
            found.append(
                self.fault(
                    f"add up to more than {self.days:g} days", "rows", remedy="take some away"
                )
            )
        return found

    def days_of(self, row: TimeRowEntry) -> float:
        """Return a row's days, those of its hours included."""
        return row.days if row.days is not None else (row.hours or 0) / self.hours_a_day

    def _planned(self) -> float:
        return sum(map(self.days_of, self.rows))


class TimeAllocationFile(Entry):
    """The file `time_allocation.yaml`. Without it, hearten's own example is shown."""

    time_allocation: list[TimeAllocationEntry] = Field([], description="One plan for each role.")

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        return [fault for each in self.time_allocation for fault in each.faults()]

    def in_plan(self) -> tuple[product.Allocation, ...]:
        """Return the allocations as the plan holds them."""
        return tuple(map(_in_plan, self.time_allocation))


def _in_plan(entry: TimeAllocationEntry) -> product.Allocation:
    rows = []
    for row in entry.rows:
        days = entry.days_of(row)
        shares = tuple(row.split.items()) if row.split else ((row.group or "", days),)
        rows.append(product.TimeRow(row.activity, days, shares, row.note))
    return product.Allocation(
        entry.role,
        entry.days,
        entry.remainder,
        entry.remainder_group,
        tuple(rows),
        entry.hours_a_day,
    )
