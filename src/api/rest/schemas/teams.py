"""Teams, where they stand, their sprints; targets."""

from pydantic import BaseModel, Field

from api.rest.schemas.results import At, LocalDay, PeriodOut, ResultOut, SprintOut
from evaluator.model.plan import VersionStatus
from evaluator.model.results import State, Status


class TeamOut(BaseModel):
    """A team as it is configured."""

    id: str = Field(examples=["heron"])
    name: str = Field(examples=["Heron"])
    group: str | None = Field(examples=["appointments"])
    active_from: LocalDay | None
    active_to: LocalDay | None
    sources: list[str] = Field(examples=[["board:jira:42", "github:acme/shop", "jira:jira:HER"]])
    not_applicable: dict[str, str] = Field(
        description="Targets that do not apply to it, and why.",
        examples=[{"tickets-done": "We do not use Jira."}],
    )
    status_url: str = Field(examples=["/api/v1/teams/heron/status"])
    page_url: str = Field(examples=["/teams/heron"])


class TeamList(BaseModel):
    """Every team, by name, A to Z."""

    teams: list[TeamOut]


class SprintShown(BaseModel):
    """A sprint with its results, in the order of the targets."""

    sprint: SprintOut
    results: list[ResultOut]


class StreakOut(BaseModel):
    """How many counted sprints in a row a target was met."""

    target: str = Field(examples=["reached-production"])
    length: int = Field(ge=0, examples=[3])
    paused: bool = Field(description="Whether too many sprints in between were not counted.")


class StandingGap(BaseModel):
    """A source that is not completely read, and what mends it."""

    source: str = Field(examples=["github:acme/shop"])
    reason: str = Field(examples=["no_access"])
    action: str = Field(examples=["Give the token access to acme/shop."])


class StatusWithoutSprint(BaseModel):
    """What a target's status is while nobody knows the team's sprints."""

    target: str = Field(examples=["reached-production"])
    status: Status
    status_text: str = Field(examples=["No data"])


class UnreadableBoard(StandingGap):
    """The board whose sprints are the team's, and that cannot be read."""

    source: str = Field(examples=["board:jira:42"])
    statuses: list[StatusWithoutSprint]


class TeamStatus(BaseModel):
    """Where a team stands now. `last_finished` is the last sprint that has settled."""

    team: TeamOut
    last_finished: SprintShown | None
    just_closed: SprintShown | None = Field(description="Ended, and not settled yet.")
    current: SprintShown | None
    streaks: list[StreakOut] = Field(
        description="Of each target, where the team opted in with `streaks: true`; else none."
    )
    data_as_of: At | None = Field(
        description="When the oldest of the newest complete reads began; null where one is missing."
    )
    gaps: list[StandingGap]
    unreadable: UnreadableBoard | None = Field(
        description="Why the team's sprints are not known by now; `last_finished` is null then."
    )
    nothing_read: bool = Field(
        description="Whether no source of the team was ever read: count it among no teams then."
    )
    time_zone: str = Field(examples=["Europe/London"])


class SprintStatus(BaseModel):
    """What one result of a sprint says."""

    target: str = Field(examples=["reached-production"])
    status: Status
    status_text: str = Field(examples=["Met"])
    state: State
    evidence_url: str
    page_url: str = Field(examples=["/teams/heron/sprints/jira-812/tickets-done"])


class SprintLine(SprintOut):
    """A sprint with its statuses, in the order of the targets."""

    page_url: str = Field(examples=["/teams/heron/sprints/jira-812"])
    statuses: list[SprintStatus]


class SprintList(BaseModel):
    """A team's sprints, the newest first."""

    team: str = Field(examples=["heron"])
    sprints: list[SprintLine]
    time_zone: str = Field(examples=["Europe/London"])


class ResultLine(BaseModel):
    """What one result says, in a line."""

    target: str = Field(examples=["reached-production"])
    status: Status
    status_text: str = Field(examples=["Met"])
    value: int | None = Field(examples=[4])
    minimum: int | None = Field(examples=[2])
    period: PeriodOut | None
    page_url: str | None = Field(examples=["/teams/heron/sprints/jira-812/reached-production"])


class TeamLine(BaseModel):
    """Where one team stands, in a line."""

    team: str = Field(examples=["heron"])
    name: str = Field(examples=["Heron"])
    group: str | None = Field(examples=["appointments"])
    page_url: str = Field(examples=["/teams/heron"])
    sprint: SprintOut | None
    results: list[ResultLine]
    reason: str | None = Field(description="Why there is no sprint to show; else null.")


class EveryStatus(BaseModel):
    """Where every team stands, A to Z."""

    teams: list[TeamLine]
    data_as_of: At | None = Field(
        description="When the oldest of the newest complete reads began; null where one is missing."
    )
    time_zone: str = Field(examples=["Europe/London"])


class OpenWork(BaseModel):
    """How many tickets are open, of one state and age."""

    category: str = Field(description="`to_do` or `in_progress`.", examples=["in_progress"])
    age: str = Field(description="Since they were made.", examples=["1 to 4 weeks"])
    tickets: int = Field(ge=0, examples=[3])


class FlowOut(BaseModel):
    """A team's open work, and how its tickets flowed through the sprints named."""

    team: str = Field(examples=["heron"])
    sprints: list[str] = Field(examples=[["jira-811", "jira-812"]])
    open: list[OpenWork] | None = Field(description="Null where no ticket was read yet.")
    oldest_in_progress: list[str] = Field(examples=[["HER-7"]])
    planned: list[str] = Field(
        description="Open tickets of a sprint that has not begun.", examples=[["HER-9"]]
    )
    carried_over: list[str] = Field(
        description="Tickets in progress that were so when the last sprint ended.",
        examples=[["HER-7"]],
    )
    done: int | None = Field(description="Null where no ticket was read yet.", examples=[12])
    cycle_time_seconds: int | None = Field(
        description="The median from the first move into progress until Done.", examples=[259200]
    )
    timed: int = Field(description="Of how many tickets that is.", examples=[11])
    kinds: dict[str, int] = Field(examples=[{"feature": 7, "bug": 2, "other": 3}])


class TargetVersionOut(BaseModel):
    """What is asked from `effective_from` on."""

    effective_from: LocalDay
    effective_to: LocalDay | None
    minimum: int = Field(examples=[1])
    status: VersionStatus
    proposed_on: LocalDay | None
    consultation_closes: LocalDay | None
    proposed_in: str | None
    rationale: str | None
    correction_reason: str | None


class TargetOut(BaseModel):
    """A light-touch target: at least `minimum` of what is counted in each period."""

    id: str = Field(examples=["reached-production"])
    title: str = Field(examples=["Changes reach production"])
    plain_english: str
    measure: str = Field(examples=["changes_in_production"])
    period: str = Field(examples=["sprint"])
    helps_with: str
    benefit: str
    stretch: bool
    balanced_by: str | None
    not_a_measure_of: str | None
    on: LocalDay = Field(description="The local day that `in_force` is about.")
    in_force: TargetVersionOut | None = Field(description="The agreed version on that day.")
    versions: list[TargetVersionOut]


class TargetList(BaseModel):
    """Every target, in the order of the configuration."""

    targets: list[TargetOut]
