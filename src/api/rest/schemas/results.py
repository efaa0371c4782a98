"""Results, in the shape of `evaluator.model.serialization` with what REST adds."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from evaluator.model.facts import Reason
from evaluator.model.results import State, Status

At = Annotated[datetime, Field(examples=["2021-11-03T09:00:00Z"])]
LocalDay = Annotated[date, Field(examples=["2021-11-03"])]


class SprintOut(BaseModel):
    """A sprint: start <= t < end."""

    id: str = Field(examples=["jira-812"])
    name: str = Field(examples=["Heron 21"])
    start: At
    end: At
    settles: At = Field(description="From then on its results are final, once all is read.")
    first_day: LocalDay = Field(description="The local day on which it starts.")
    last_day: LocalDay = Field(description="The last local day that it touches.")
    notes: list[str] = Field(description="What is unusual about it.")


class PeriodOut(BaseModel):
    """What a result is about: start <= t < end."""

    kind: str = Field(examples=["sprint"])
    id: str = Field(examples=["jira-812"])
    name: str = Field(examples=["Heron 21"])
    start: At
    end: At


class TargetNamed(BaseModel):
    """The target that a result is about."""

    id: str = Field(examples=["reached-production"])
    version: LocalDay | None = Field(
        description="The first day of the version that was in force; null where none was."
    )
    title: str | None = Field(
        description="In words; null where it is configured no longer.",
        examples=["Changes reach production"],
    )
    stretch: bool = Field(description="Whether it asks for more than is expected.")


class EvidenceStepOut(BaseModel):
    """A step of how something came about."""

    what: str = Field(
        description="`deployed`, `heard`, `started`, `shipped`, `done`.", examples=["heard"]
    )
    label: str = Field(examples=["FB-3"])
    url: str = Field(examples=["https://jira.example.org/browse/FB-3"])
    at: At
    local_date: LocalDay


class EvidenceOut(BaseModel):
    """Something that was counted."""

    kind: str = Field(examples=["pull_request"])
    label: str = Field(examples=["#123"])
    url: str = Field(examples=["https://github.com/acme/shop/pull/123"])
    at: At
    local_date: LocalDay
    flags: list[str] = Field(description="`revert`, `shared`.", examples=[[]])
    steps: list[EvidenceStepOut] = Field(
        description="How it came about, where that counts.", examples=[[]]
    )


class LeftOutOut(BaseModel):
    """Something that was seen and not counted, and why."""

    label: str = Field(examples=["#124"])
    reason: str = Field(examples=["made by a bot"])
    url: str | None = Field(examples=["https://github.com/acme/shop/pull/124"])
    at: At | None
    local_date: LocalDay | None


class GapOut(BaseModel):
    """A source that was not completely read, and what mends it."""

    source: str = Field(examples=["github:acme/shop"])
    reason: Reason
    detail: str = Field(examples=["acme/shop cannot be read with this token."])
    action: str = Field(examples=["Give the token access to acme/shop."])


class ResultOut(BaseModel):
    """One team, one sprint, one target."""

    team: str = Field(examples=["heron"])
    sprint: SprintOut
    period: PeriodOut
    target: TargetNamed
    status: Status
    status_text: str = Field(description="The status as people read it.", examples=["Met"])
    value: int | None = Field(
        description="Null where nothing was read: missing is not zero.", examples=[3]
    )
    minimum: int | None = Field(examples=[1])
    unit: str = Field(examples=["changes"])
    coverage: float = Field(
        ge=0, le=1, description="The share of sources read whole.", examples=[1.0]
    )
    state: State
    reason: str = Field(examples=["Met: 3 changes reached production. The target is at least 1."])
    evidence: list[EvidenceOut]
    left_out: list[LeftOutOut]
    gaps: list[GapOut]
    sources: list[str] = Field(examples=[["github:acme/shop"]])
    notes: list[str]
    version: int = Field(
        ge=1,
        description="What raises or corrects a final one is a new version.",
    )
    cause: str | None = Field(description="Why there is a version after the first.")
    evaluated_at: At = Field(description="When this content was first found.")
    checked_at: At = Field(description="When it was last found again.")
    evidence_url: str = Field(
        description="The result with everything that explains it.",
        examples=["/api/v1/teams/heron/sprints/jira-812/results/reached-production"],
    )
    page_url: str = Field(
        description="The same as a page, for people.",
        examples=["/teams/heron/sprints/jira-812/reached-production"],
    )


class ChosenFields(BaseModel):
    """A result of which only some fields were asked for; these are always there."""

    model_config = ConfigDict(extra="allow")

    team: str = Field(examples=["heron"])
    period: dict[str, Any] = Field(
        description="Its `kind` and `id`.", examples=[{"kind": "sprint", "id": "jira-812"}]
    )
    sprint: dict[str, Any] = Field(description="Its `id`.", examples=[{"id": "jira-812"}])
    target: dict[str, Any] = Field(description="Its `id`.", examples=[{"id": "tickets-done"}])


class EarlierVersion(BaseModel):
    """What a result said before."""

    version: int
    status: Status
    status_text: str
    value: int | None
    reason: str
    cause: str | None
    evaluated_at: At


class ExplainedResult(ResultOut):
    """A result with its history."""

    earlier_versions: list[EarlierVersion]
    time_zone: str = Field(description="The zone of the local days.", examples=["Europe/London"])


class ResultPage(BaseModel):
    """Results in order of team, sprint and target, A to Z, or with the newest sprint first.

    There is no order by result. `evidence=false` leaves out `evidence` and `left_out`.
    """

    results: list[ResultOut | ChosenFields]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")
    time_zone: str = Field(description="The zone of the local days.", examples=["Europe/London"])
