"""Sources, runs, tokens and the audit log."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from api.rest.parameters import Day
from api.rest.schemas.results import At, LocalDay
from api.tokens import LABEL, LABEL_HELP, MOST_DAYS
from evaluator.model.access import Scope
from evaluator.model.facts import Reason
from evaluator.model.runs import Job, Outcome, RunState


def _whole(value: object) -> object:
    """JSON knows one kind of number: 16.0 is 16, but "16" is not."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class FullRead(BaseModel):
    """The last complete read of a source: it knows all that happened in since <= t < started."""

    since: At
    started: At
    finished: At | None


class Attempt(BaseModel):
    """The newest attempt to read a source; `reason` is null where it was read whole."""

    started: At | None
    finished: At | None
    reason: Reason | None
    items: int = Field(ge=0, examples=[12])
    requests: int = Field(ge=0, examples=[3])


class SourceOut(BaseModel):
    """How fresh and how complete a source is."""

    source: str = Field(examples=["github:acme/shop"])
    kind: Literal["repository", "tickets", "board"]
    teams: list[str] = Field(description="Whose results need it.", examples=[["heron"]])
    last_full_read: FullRead | None = Field(description="Null where there never was one.")
    newest_attempt: Attempt | None = Field(description="Null where there never was one.")
    unread_in_a_row: int = Field(ge=0, description="Attempts since it was last read whole.")
    action: str | None = Field(
        description="What to do; null where it is read whole.",
        examples=["Give the token access to acme/shop."],
    )


class SourceList(BaseModel):
    """Every source that some team needs, A to Z."""

    sources: list[SourceOut]
    data_as_of: At | None = Field(
        description="When the oldest of the last complete reads began; null where one is missing."
    )


class Steps(BaseModel):
    """How far a run has come; `total` is 0 until it is known."""

    done: int = Field(ge=0, examples=[12])
    total: int = Field(ge=0, examples=[40])


class RunOut(BaseModel):
    """A run: one collection or evaluation."""

    id: int = Field(examples=[17])
    job: Job
    state: RunState
    outcome: Outcome | None = Field(description="Null until it is over.")
    detail: str = Field(examples=[""])
    asked_by: Literal["schedule", "sprint", "command", "api"]
    team: str | None = Field(examples=["heron"])
    since: LocalDay | None
    due_at: At
    started_at: At | None
    finished_at: At | None
    attempts: int = Field(ge=0, examples=[1])
    steps: Steps
    url: str = Field(examples=["/api/v1/runs/17"])


class RunPage(BaseModel):
    """Runs, the newest first."""

    runs: list[RunOut]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")


class RunAsked(BaseModel):
    """A run that is asked for."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"job": "collect", "team": "heron"}]}
    )

    job: Job
    team: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")] | None = (
        Field(None, description="Only this team, by its id.")
    )
    since: Annotated[Day, Field()] | None = Field(
        None, description="For `collect`: read back to this local day."
    )


class TokenOut(BaseModel):
    """A token, without its secret, which is kept nowhere."""

    id: str = Field(examples=["a1b2c3d4e5f6"])
    label: str = Field(examples=["team-dashboards"])
    scopes: list[Scope]
    created_at: At
    expires_at: At
    revoked_at: At | None
    usable: bool = Field(description="Whether it can be used now.")


class TokenList(BaseModel):
    """Every token that was ever made, the newest last."""

    tokens: list[TokenOut]


class NewToken(TokenOut):
    """A token that was just made."""

    secret: str = Field(
        description="Shown this once: send it as `Authorization: Bearer …`.",
        examples=["hearten_…"],
    )


class TokenAsked(BaseModel):
    """A token that is asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"label": "team-dashboards", "scopes": ["read"], "days": 90}]
        },
    )

    label: str = Field(pattern=LABEL, description=LABEL_HELP)
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: Annotated[int, BeforeValidator(_whole)] = Field(
        90, ge=1, le=MOST_DAYS, strict=True, description="For how long it is valid."
    )


class AuditLine(BaseModel):
    """One write, or one that was refused."""

    at: At
    by: str = Field(
        description="A token's id, `command`, `proxy`, or `nobody`.", examples=["a1b2c3d4e5f6"]
    )
    action: str = Field(examples=["POST /api/v1/runs"])
    about: str = Field(examples=["run 17: collect"])
    outcome: str = Field(description="An HTTP status, or `done`.", examples=["202"])
    request_id: str


class AuditList(BaseModel):
    """The newest lines of the audit log, the newest first."""

    lines: list[AuditLine]
