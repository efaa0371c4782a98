"""Stories of sprints, and tickets in production."""

from pydantic import BaseModel, Field

from api.rest.schemas.results import At


class StoryOut(BaseModel):
    """What a team wrote of a sprint, in a file of its repository, for others to read."""

    team: str = Field(examples=["heron"])
    sprint: str = Field(examples=["2021-11-05"])
    target: str | None = Field(
        description="The target that it is about, if it names one.", examples=["reached-production"]
    )
    text: str = Field(
        description="Markdown, up to 600 characters. Escape it: anybody may have written it.",
        examples=["We *shipped* the new letters."],
    )
    cut: bool = Field(description="Whether the file goes on.")
    page_url: str = Field(examples=["/teams/heron/sprints/2021-11-05"])


class StoryList(BaseModel):
    """Stories, in order of team and sprint."""

    stories: list[StoryOut]


class ShippedTicket(BaseModel):
    """A ticket of which a change reached production."""

    key: str = Field(examples=["HER-42"])
    since: At = Field(description="When a change that names it first reached production.")
    url: str | None = Field(description="The page of what brought it there.")


class ShippedTickets(BaseModel):
    """Tickets of a team in production, in order of time."""

    team: str = Field(examples=["heron"])
    tickets: list[ShippedTicket]
    time_zone: str = Field(examples=["Europe/London"])
