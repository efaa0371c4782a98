"""`targets.yaml`: what is asked of teams, lightly, and since when."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import Day, Slug, Text, days_in_order, steered
from hearten.config.links import link
from hearten.config.messages import meant

CONSULTATION_DAYS = 28
_ONLY_SPRINT = ("only sprint is judged in this version", "write `period: sprint`")
_ONLY_TEAM = (
    "targets are for teams, never for a person",
    "write `scope: team`, or remove the line",
)
_NO_SHADOW = ("is not tried out beside others in this version", "write `status: proposed`")


def _link_or_nothing(text: str) -> str:
    return link(text) if text else text


def _not_yet(_value: object) -> object:
    raise InvalidValueError("nothing is shown beside a target in this version", "remove the line")


class VersionEntry(Entry):
    """What a target asks from one day on."""

    effective_from: Day = Field(
        description="The day from which it holds; periods that begin earlier are not touched.",
        examples=["2026-04-01"],
    )
    minimum: int = Field(ge=1, description="The least that meets the target.", examples=[1])
    status: Annotated[Literal["proposed", "agreed", "retired"], steered({"shadow": _NO_SHADOW})] = (
        Field(
            description="Where the version stands. Only agreed ones judge anything.",
            examples=["agreed"],
        )
    )
    effective_to: Day | None = Field(
        None, description="The last day on which it holds; without it, until the next version."
    )
    proposed_on: Day | None = Field(
        None,
        description="The day on which it was proposed. Needed, as are `consultation_closes` and "
        "`rationale`, by every agreed version but a target's first.",
    )
    consultation_closes: Day | None = Field(
        None,
        description="The last day for comments, at least 28 days after the proposal and before "
        "`effective_from`. Until then it stays proposed.",
    )
    proposed_in: Annotated[str, AfterValidator(_link_or_nothing)] = Field(
        "", description="Where the proposal is discussed: a web address."
    )
    rationale: str = Field("", description="Why it is asked.")
    correction_reason: str = Field(
        "", description="Why a version that was already in force had to be corrected."
    )

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        order = ("effective_from", "effective_to")
        found = days_in_order(self, self.effective_from, self.effective_to, order)
        return [*found, *self._consultation_faults()]

    def _consultation_faults(self) -> Iterator[Fault]:
        keys = ("proposed_on", "consultation_closes")
        if self.status == "proposed":
            for key in keys:
                if not self.written(key):
                    what = f"a proposed version needs {key}"
                    yield self.fault(what, key, remedy="write a day")
        if not self.proposed_on or not self.consultation_closes or not self.sound(*keys):
            return
        days = (self.consultation_closes - self.proposed_on).days
        if days < CONSULTATION_DAYS:
            yield self.fault(
                f"closes {days} days after proposed_on",
                "consultation_closes",
                remedy=f"leave at least {CONSULTATION_DAYS} days",
            )


class TargetEntry(Entry):
    """A light-touch target."""

    id: Slug = Field(
        description="The target's stable name in web addresses and metrics. Never change it.",
        examples=["reached-production"],
    )
    title: Text = Field(
        description="The target in a few words.", examples=["Changes reach production"]
    )
    plain_english: Text = Field(
        description="What is asked, in one sentence that anybody understands.",
        examples=["At least one change the team made reaches production each sprint."],
    )
    measure: Text = Field(description="What is counted.", examples=["changes_in_production"])
    period: Annotated[
        Literal["sprint"], steered(dict.fromkeys(["week", "month", "quarter"], _ONLY_SPRINT))
    ] = Field("sprint", description="The time in which it is counted.")
    scope: Annotated[
        Literal["team"],
        steered(
            {
                "person": _ONLY_TEAM,
                "group": ("only team is judged in this version", "write `scope: team`"),
            }
        ),
    ] = Field("team", description="Whose target it is: always a team's.")
    helps_with: Text = Field(
        description="What it helps with.", examples=["Work that waits unreleased helps nobody."]
    )
    benefit: Text = Field(
        description="What the team has from it.", examples=["Your work reaches people sooner."]
    )
    stretch: bool = Field(False, description="Whether it is one to reach for, not one expected.")
    owner_role: str = Field("", description="The role, never the person, that owns the target.")
    raci: str = Field("", description="Which roles are responsible, accountable and so on.")
    balanced_by: SkipJsonSchema[Annotated[str, BeforeValidator(_not_yet)]] = Field(
        "", description="Kept for a later version: another measure, to be shown beside it."
    )
    not_a_measure_of: str = Field("", description="What must not be read into it.")
    versions: list[VersionEntry] = Field(
        description="What was asked since when, in any order.",
        examples=[[]],
        json_schema_extra={"minItems": 1},
    )

    def faults(self, measures: Collection[str]) -> list[Fault]:
        """Return what is wrong between the keys, where `measures` are those that exist."""
        found = [fault for version in self.versions for fault in version.faults()]
        if self.sound("measure") and self.measure not in measures:
            hint = meant(self.measure, measures, "the measures are")
            found.append(self.fault(f"no measure is called {self.measure}", "measure", remedy=hint))
        if not self.versions and self.sound("versions"):
            remedy = "write at least one version"
            found.append(self.fault("must not be empty", "versions", remedy=remedy))
        return [*found, *self._twins(), *self._overlaps()]

    def _twins(self) -> Iterator[Fault]:
        for earlier, later in pairwise(self._in_order(self.versions)):
            if earlier.effective_from == later.effective_from:
                agreed = earlier.status == later.status == "agreed"
                yield later.fault(
                    f"two {'agreed ' if agreed else ''}versions begin on "
                    f"{later.effective_from}, the other at {earlier.place}",
                    "effective_from",
                    remedy="give each its own day",
                )

    def _overlaps(self) -> Iterator[Fault]:
        agreed = self._in_order([v for v in self.versions if v.status == "agreed"])
        for earlier, later in pairwise(agreed):
            if (
                earlier.effective_to
                and earlier.effective_from < later.effective_from <= earlier.effective_to
            ):
                yield earlier.fault(
                    f"overlaps the version agreed from {later.effective_from}",
                    "effective_to",
                    remedy="write an earlier day, or remove the line",
                )

    @staticmethod
    def _in_order(versions: Collection[VersionEntry]) -> list[VersionEntry]:
        dated = [version for version in versions if version.sound("effective_from")]
        return sorted(dated, key=lambda version: version.effective_from)


class TargetsFile(Entry):
    """The file `targets.yaml`."""

    targets: list[TargetEntry] = Field(description="Every target, in any order.", examples=[[]])

    @property
    def ids(self) -> set[str] | None:
        """The targets' ids, None where some are not known."""
        known = self.sound("targets") and all(target.sound("id") for target in self.targets)
        return {target.id for target in self.targets} if known else None

    def faults(self, measures: Collection[str]) -> list[Fault]:
        """Return what is wrong in and between the targets."""
        found = [fault for target in self.targets for fault in target.faults(measures)]
        first: dict[str, TargetEntry] = {}
        for target in self.targets:
            if target.sound("id") and first.setdefault(target.id, target) is not target:
                what = f"two targets have this id, the other at {first[target.id].place}"
                found.append(target.fault(what, "id", remedy="rename one"))
        return found
