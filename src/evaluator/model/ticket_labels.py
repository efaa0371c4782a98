"""The labels of tickets that are named for something: no others are kept, for people write them."""

from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass

KINDS = {
    "feature": {"feature"},
    "bug": {"bug"},
    "operability": {"operability"},
    "tech debt": {"tech-debt", "tech_debt", "techdebt", "technical-debt"},
}


@dataclass(frozen=True, slots=True)
class TicketLabels:
    """What an organisation calls each label that means something here. Case does not matter."""

    retro_action: str = "retro-action"
    user_feedback: str = "user-feedback"  # from people who use the service
    user_research: str = "user-research"  # from a lab
    training: str = "training"
    objective: str = "objective"
    needs_other_team: str = "needs-other-team"
    thirty_day_action: str = "30-day-action"
    qualification: str = "qualification"
    experiment: str = "experiment"
    help_wanted: str = "help-wanted"
    ok_to_name: str = "ok-to-name"
    sprint_story: str = "sprint-story"

    @property
    def kept(self) -> tuple[str, ...]:
        """All labels that are kept of tickets, without case, in order."""
        return tuple(sorted({plain(label) for label in astuple(self)}.union(*KINDS.values())))


USUAL = TicketLabels()  # where configuration says nothing


def plain(label: str) -> str:
    """Return a label as it is kept and compared: without case."""
    return label.casefold()


def named(labels: Iterable[str], kept: Collection[str]) -> tuple[str, ...]:
    """Return those of `labels` that are `kept`, as they stand there, in order, each once."""
    return tuple(sorted(set(kept) & set(map(plain, labels))))
