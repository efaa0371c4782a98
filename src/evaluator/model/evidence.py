"""How a repository shows what reached production: each kind of evidence, and what counts as it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from evaluator.model.days import ALWAYS, Days
from evaluator.model.facts import Evidence, Place, ProductionEvent
from evaluator.model.patterns import fits, refused, usable
from evaluator.model.run_places import run_place

_LEFT_OUT = frozenset(
    {Place.UNMERGED, Place.MERGED_LATER, Place.UNKNOWN, Place.UNFINISHED, Place.FINISHED}
)
_OF_BRANCHES = frozenset({Evidence.DEPLOYMENT, Evidence.WORKFLOW})  # that a pattern may name
_EVERYTHING = frozenset({".*", ".+"})


@dataclass(frozen=True, slots=True)
class Production:
    """How a repository shows that a commit reached production.

    `environments` are names, or regular expressions for whole names; `pattern` is the regular
    expression for whole tag names (release, tag); `at` the strptime format that reads a tag's time
    from its name; `branch` None means the default branch. That of deployments and workflow runs
    may be a regular expression for whole names, see `history_branch`.
    `before_merge` is whether what was deployed from a pull request counts once that is merged.
    `days` are those on which it does so: only a `Delivery` looks at them.
    `not_production` are other names, or regular expressions, that show none although they may
    look like it, or fit one of the patterns. What is listed by its own name shows it all the same.
    """

    evidence: Evidence = Evidence.MERGE
    environments: tuple[str, ...] = ()
    pattern: str = ""
    at: str = ""
    workflows: tuple[str, ...] = ()
    branch: str | None = None
    before_merge: bool = False
    days: Days = ALWAYS
    not_production: tuple[str, ...] = ()

    def shows(self, event: ProductionEvent) -> bool:
        """Whether `event` is of this configuration (not an earlier one), counted or left out."""
        same = event.kind is self.evidence and event.dated_by == self.at
        return same and self.matches(event.name)

    def admits(self, event: ProductionEvent) -> bool:
        """Whether `event` is evidence under this configuration."""
        return self.admitted(event) is not None

    def admitted(self, event: ProductionEvent) -> ProductionEvent | None:
        """Return `event` as it counts under this configuration, None where it is no evidence.

        With `before_merge` a deployment of what was merged later counts from the merge on.
        """
        if not self.shows(event):
            return None
        if event.place not in _LEFT_OUT:
            return event
        if self.before_merge and event.at and event.merged_at:
            return replace(event, at=max(event.at, event.merged_at))
        return None

    def matches(self, name: str) -> bool:
        """Whether an environment, tag, workflow or branch of this name shows production."""
        rule = RULES[self.evidence]
        if not rule.matches(self, name):
            return False
        return not self.exclusions or rule.listed(self, name) or not self._excludes(name)

    def names(self, kind: Evidence, name: str) -> bool:
        """Whether the configuration says of a name of this kind what it is: production, or not."""
        return self.evidence is kind and (self.matches(name) or self.dismisses(name))

    def dismisses(self, name: str) -> bool:
        """Whether the configuration says of another name that it shows no production.

        Of runs of a workflow elsewhere it may say so by the name of their branch or tag.
        """
        return self._is_one_of(self.not_production, name)

    def _excludes(self, name: str) -> bool:
        return self._is_one_of(self.exclusions, name)

    def _is_one_of(self, texts: Iterable[str], name: str) -> bool:
        place = run_place(name) if self.evidence is Evidence.WORKFLOW else None
        names = (name, place.branch) if place else (name,)
        return any(matches_text(t, n, any_case=True) for t in texts for n in names)

    @property
    def exclusions(self) -> tuple[str, ...]:
        """What of `not_production` may take away names that fit a pattern.

        Of a pattern that fits everything, all the others are meant.
        """
        if not self.not_production or not any(map(is_pattern, self._texts)):
            return ()
        rule = RULES[self.evidence]
        return tuple(
            text
            for text in self.not_production
            if text not in _EVERYTHING and (is_pattern(text) or rule.matches(self, text))
        )

    @property
    def unusable(self) -> str:
        """A pattern of it with which no name can be matched, empty where there is none."""
        if self.pattern and not usable(self.pattern):
            return self.pattern
        return next(filter(refused, (*self._texts, *self.not_production)), "")

    @property
    def _texts(self) -> tuple[str, ...]:
        """The names that it looks for, each of which may be a pattern."""
        branch = self.branch if self.evidence in _OF_BRANCHES else None
        return (*self.environments, *filter(None, (self.pattern, branch)))

    @property
    def shape(self) -> list[object]:
        """All of it that decides which events are read."""
        several = len(self.workflows) > 1
        workflows = sorted(self.workflows) if several else "".join(self.workflows)
        environments = sorted(self.environments)
        but_for = [sorted(self.exclusions)] if self.exclusions else []
        return [
            self.evidence,
            environments,
            self.pattern,
            self.at,
            workflows,
            self.branch,
            *but_for,
        ]

    @property
    def named(self) -> str:
        """What it looks for, as `teams.yaml` has it: "environments production, prod"."""
        return RULES[self.evidence].named(self)

    @property
    def environments_by_pattern(self) -> bool:
        """Whether GitHub cannot be asked for the environments by their names."""
        return any(map(is_pattern, self.environments))

    @property
    def history_branch(self) -> str | None:
        """The branch whose history is read: None, the default branch, where `branch` is a pattern.

        Only a name that more than one branch can have is a pattern.
        """
        pattern = (
            self.evidence in _OF_BRANCHES and self.branch is not None and is_pattern(self.branch)
        )
        return None if pattern else self.branch


BY_MERGE = Production()  # where configuration says nothing


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """What holds for one kind of evidence.

    `event` is what people call one of its events, `label` a certain one, by its `name` and `sha`.
    `matches` says whether an event of a name counts, but for what is not production, and `listed`
    whether it does by its own name and no pattern. `named` is what a production looks for.
    """

    event: str
    label: str
    matches: Callable[[Production, str], bool]
    listed: Callable[[Production, str], bool]
    named: Callable[[Production], str]


def event_label(event: ProductionEvent) -> str:
    """Return what people call the event: the name of a tag or release, else kind and commit."""
    return RULES[event.kind].label.format(name=event.name, sha=event.sha[:10])


def is_pattern(text: str) -> bool:
    """Return whether `text` has a character that means something in a regular expression.

    A full stop is none: most names with one are meant as they are.
    """
    return re.search(r"[*+?\[\](){}|^$\\]", text) is not None


def matches_text(text: str, name: str, *, any_case: bool = False) -> bool:
    """Return whether `name` is `text`, or fits it as a regular expression for the whole name.

    What is no valid regular expression is a name, as platforms allow them.
    """
    if name == text or (any_case and name.casefold() == text.casefold()):
        return True
    return is_pattern(text) and fits(text, name, any_case=any_case)


def _listed(what: str, names: tuple[str, ...]) -> str:
    return f"{what}{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _on_branch(production: Production, name: str) -> bool:
    return production.branch is None or name == production.branch


def _to_environment(production: Production, name: str) -> bool:
    # GitHub's names of environments are not case-sensitive.
    return any(matches_text(text, name, any_case=True) for text in production.environments)


def _with_tag(production: Production, name: str) -> bool:
    return fits(production.pattern, name)


def _of_workflow(production: Production, name: str) -> bool:
    place = run_place(name)
    if place is None or name in production.workflows:
        return name in production.workflows
    if place.pull_request:  # it is on no branch of the repository's own
        return False
    branch = production.branch  # None is the default one, and runs on that have no place
    return place.workflow in production.workflows and matches_text(branch or "", place.branch)


def _is_listed_environment(production: Production, name: str) -> bool:
    return name.casefold() in map(str.casefold, production.environments)


def _is_listed_tag(production: Production, name: str) -> bool:
    return name == production.pattern


def _is_listed_run(production: Production, name: str) -> bool:
    place = run_place(name)
    return name in production.workflows or (place is not None and place.branch == production.branch)


RULES: Mapping[Evidence, EvidenceRule] = {
    Evidence.MERGE: EvidenceRule(
        "merge",
        "merge of {sha} to {name}",
        _on_branch,
        listed=_on_branch,
        named=lambda production: f"evidence merge {production.branch or ''}".rstrip(),
    ),
    Evidence.DEPLOYMENT: EvidenceRule(
        "deployment",
        "deployment of {sha} to {name}",
        _to_environment,
        listed=_is_listed_environment,
        named=lambda production: _listed("environment", production.environments),
    ),
    Evidence.RELEASE: EvidenceRule(
        "release",
        "{name}",
        _with_tag,
        listed=_is_listed_tag,
        named=lambda production: f"release tags {production.pattern}",
    ),
    Evidence.TAG: EvidenceRule(
        "tag",
        "{name}",
        _with_tag,
        listed=_is_listed_tag,
        named=lambda production: f"tags {production.pattern}",
    ),
    Evidence.WORKFLOW: EvidenceRule(
        "workflow run",
        "run of {name} on {sha}",
        _of_workflow,
        listed=_is_listed_run,
        named=lambda production: _listed("workflow", production.workflows),
    ),
}
