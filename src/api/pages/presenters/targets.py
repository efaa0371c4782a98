"""The targets: what is asked, why, what a team gets from it, and how it changed."""

from dataclasses import dataclass
from datetime import date

from api.pages.presenters.parts import links, words
from api.pages.presenters.parts.tables import Cell, Table, heads
from evaluator.measures import MEASURES
from evaluator.model.plan import Plan, Target, TargetVersion, VersionStatus
from evaluator.wording import amount

_STATUS = {
    VersionStatus.PROPOSED: "Proposed",
    VersionStatus.SHADOW: "Tried out, deciding nothing",
    VersionStatus.AGREED: "Agreed",
    VersionStatus.RETIRED: "Withdrawn",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed change: what it says, and by when to say what one thinks."""

    sentence: str
    rationale: str
    closes: words.When | None
    href: str


@dataclass(frozen=True, slots=True)
class TargetPage:
    """Everything on a target's page, but how its measure is worked out."""

    target: Target
    summary: str
    plain_english: str
    proposals: tuple[Proposal, ...]
    facts: tuple[tuple[str, str], ...]
    versions: Table
    measure: str


def targets_table(plan: Plan, today: date) -> Table:
    """Return every target, in the order of the configuration."""
    rows = [
        (
            Cell(target.title, links.target(target.id), after="stretch" if target.stretch else ""),
            Cell(target.plain_english),
            Cell(asked(target, today)),
            Cell(_change(target, today)),
        )
        for target in plan.targets
    ]
    return Table(
        "The targets, and what is asked today",
        heads("Target", "What", "Asked today", "Change proposed"),
        tuple(rows),
    )


def targets_summary(plan: Plan) -> str:
    """Return the sentence that answers: what is asked of teams?"""
    stretch = sum(1 for target in plan.targets if target.stretch)
    expected = words.count(len(plan.targets) - stretch, "light-touch target")
    said = f"Each team has {expected}"
    return f"{said} and {words.count(stretch, 'target')} to stretch for." if stretch else f"{said}."


def target_page(target: Target, today: date) -> TargetPage:
    """Return the page of one target."""
    facts = [
        ("Why", target.helps_with),
        ("What you get from it", target.benefit),
        ("What it does not measure", target.not_a_measure_of),
        ("Looked after by", target.owner_role),
        ("Who does what", target.raci),
        ("How often", f"Each {target.period}, from its start up to its end"),
    ]
    return TargetPage(
        target=target,
        summary=_summary(target, today),
        plain_english=target.plain_english,
        proposals=tuple(
            _proposal(target, v) for v in target.versions if v.status is VersionStatus.PROPOSED
        ),
        facts=tuple((name, words.sentence(said)) for name, said in facts if said),
        versions=_versions(target),
        measure=_measure_words(target.measure),
    )


def _summary(target: Target, today: date) -> str:
    version = target.version_on(today)
    if version is None:
        return "Nothing is asked of teams yet."
    happened = MEASURES[target.measure].happened
    since = words.day(version.effective_from).words
    return (
        f"Asked of each {target.period}, since {since}: {_least(target, version)} that {happened}."
    )


def asked(target: Target, day: date) -> str:
    """Return what a target asks on a day, "at least 2 changes"."""
    version = target.version_on(day)
    if version is None:
        return "nothing yet"
    return f"{_least(target, version)}, since {words.day(version.effective_from).words}"


def _least(target: Target, version: TargetVersion) -> str:
    return f"at least {amount(version.minimum, MEASURES[target.measure].unit)}"


def _measure_words(measure: str) -> str:
    known = MEASURES[measure]
    return f"{known.unit} that {known.happened}"


def _change(target: Target, today: date) -> str:
    for version in target.versions:
        if version.status is VersionStatus.PROPOSED:
            closes = version.consultation_closes
            by = f"; say what you think by {words.day(closes).words}" if closes else ""
            return f"{_least(target, version)} from {words.day(version.effective_from).words}{by}"
        if version.status is VersionStatus.AGREED and version.effective_from > today:
            return f"{_least(target, version)} from {words.day(version.effective_from).words}"
    return "None"


def _proposal(target: Target, version: TargetVersion) -> Proposal:
    begins = words.day(version.effective_from).words
    return Proposal(
        f"{words.upper_first(_least(target, version))} from {begins}.",
        version.rationale,
        words.day(version.consultation_closes) if version.consultation_closes else None,
        version.proposed_in if version.proposed_in.startswith("https://") else "",
    )


def _versions(target: Target) -> Table:
    rows = []
    for version in reversed(target.versions):
        why = version.rationale or "Not said"
        if version.correction_reason:
            why = f"{why}. Corrected: {version.correction_reason}"
        rows.append(
            (
                Cell(when=words.day(version.effective_from)),
                Cell(_least(target, version)),
                Cell(_STATUS[version.status]),
                Cell(why),
            )
        )
    return Table(
        "Its versions: for a sprint, the one in force on its first day holds",
        heads("From", "Asked", "Standing", "Why"),
        tuple(rows),
    )
