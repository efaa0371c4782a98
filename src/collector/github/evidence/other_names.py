"""What is of a kind of evidence and has another name than those that the configuration has."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from evaluator.model.evidence import Production
from evaluator.model.production_names import may_be_production


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """A deployment, release, tag or run of another name; `example` is its own, `name` its style.

    `sha` is empty where it brought nothing, as one that failed. `merged` is whether GitHub says
    that `sha` was on the branch by then.
    """

    name: str
    example: str
    sha: str
    at: datetime
    url: str
    merged: bool = False


@dataclass(frozen=True, slots=True)
class OtherNames:
    """The events of other names that were seen.

    `whole` is whether there are no more, and `oldest` the names of which the first was seen anyway.
    """

    events: Sequence[OtherEvent] = ()
    whole: bool = False
    oldest: Collection[str] = ()


def is_other(production: Production, name: str) -> bool:
    """Return whether a name is not listed, and may be one of production all the same."""
    return not production.matches(name) and may_be_production(name)
