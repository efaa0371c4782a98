"""The labels of tickets that are named for something: no others are kept, for people write them."""

from collections.abc import Iterable

RETRO_ACTION = "retro-action"
KINDS = {
    "feature": {"feature"},
    "bug": {"bug"},
    "operability": {"operability"},
    "tech debt": {"tech-debt", "tech_debt", "techdebt", "technical-debt"},
}
NAMED = frozenset({RETRO_ACTION}.union(*KINDS.values()))


def named(labels: Iterable[str]) -> tuple[str, ...]:
    """Return those of `labels` that are named, as they are named here, in order, each once.

    They are compared without case.
    """
    return tuple(sorted(NAMED & {label.casefold() for label in labels}))
