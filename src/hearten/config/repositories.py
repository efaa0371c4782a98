"""In `teams.yaml`: a team's repositories, and how each shows that something reached production."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from evaluator.model.days import Days
from evaluator.model.delivery import Delivery
from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import (
    REPOSITORY,
    Day,
    NameOrPattern,
    Text,
    as_list,
    as_texts,
    days_in_order,
    overlap,
    regular_expression,
    spelled,
)

# Which keys of `production` belong to which evidence; the second says whether it must be given.
KEYS: Mapping[Evidence, Mapping[str, bool]] = {
    Evidence.MERGE: {},
    Evidence.DEPLOYMENT: {"environments": True, "before_merge": False, "not_production": False},
    Evidence.RELEASE: {"tags": True, "not_production": False},
    Evidence.TAG: {"tags": True, "at": False, "not_production": False},
    Evidence.WORKFLOW: {"workflow": True, "workflows": False, "not_production": False},
}
_EXAMPLES = {
    "environments": "[production]",
    "tags": r"'v\d+(\.\d+)*'",
    "workflow": "deploy.yml",
}
_INSTEAD = {"workflow": "workflows"}
_NO_NAME = r"[*?\[\\^]"  # git lets no branch have these in its name
_LONGEST_FORMAT = 100
# No two parts alike, so that a format that loses or mixes any of them is seen.
_SAMPLE = datetime(2031, 11, 23, 14, 35, 46, tzinfo=UTC)


def _folder(path: str) -> str:
    parts = [part for part in path.split("/") if part not in {"", "."}]
    if not parts:
        raise InvalidValueError("names the whole repository", "write a folder, or remove `paths`")
    if ".." in parts or "\\" in path or re.search(r"[*?]", path):
        raise InvalidValueError(
            "must be a folder as it is, without patterns", "write services/booking/"
        )
    return "/".join(parts) + "/"


def _workflow(file: str) -> str:
    if "/" in file or "\\" in file or file in {".", ".."}:
        raise InvalidValueError("must be the file's name alone", "write it as deploy.yml")
    return file


Workflow = Annotated[Text, AfterValidator(_workflow)]


def _tag_pattern(pattern: str) -> str:
    return regular_expression(pattern, _EXAMPLES["tags"])


def _date_format(text: str) -> str:
    """Return a strptime format that gives back at least the day that went into it."""
    times = [
        _SAMPLE.replace(hour=0, minute=0, second=0),
        _SAMPLE.replace(minute=0, second=0),
        _SAMPLE.replace(second=0),
        _SAMPLE,
    ]
    try:
        read = datetime.strptime(_SAMPLE.strftime(text), text).replace(tzinfo=UTC)
    except (ValueError, re.error):  # the second where a part of the date is in it twice
        read = None
    if read not in times or len(text) > _LONGEST_FORMAT:
        raise InvalidValueError(
            "does not read a whole day from a name",
            "write year, month and day, as '%Y-%m-%d', and any time with %H and %M",
        )
    return text


class ProductionEntry(Entry):
    """How a repository shows that something reached production."""

    evidence: Literal["merge", "deployment", "release", "tag", "workflow"] = Field(
        description="What shows that a commit reached production.", examples=["deployment"]
    )
    environments: Annotated[list[NameOrPattern], Field(min_length=1)] = Field(
        [],
        description="For deployment: the environments that are production, by name or by a regular "
        "expression for the whole name.",
    )
    tags: Annotated[Text, AfterValidator(_tag_pattern)] = Field(
        "", description="For release and tag: a regular expression for the whole name of the tag."
    )
    at: Annotated[Text, AfterValidator(_date_format)] = Field(
        "",
        description="For tag: the strptime format of the date inside its name, such as %Y-%m-%d; "
        "without it the tag's own date counts.",
    )
    workflow: Workflow = Field(
        "", description="For workflow: the workflow's file, such as deploy.yml."
    )
    workflows: Annotated[list[Workflow], Field(min_length=1)] = Field(
        [],
        description="For workflow, in place of `workflow`: several files, such as the former one.",
        examples=[["deploy.yml", "cd.yml"]],
    )
    before_merge: bool = Field(
        default=False,
        description="For deployment: whether what was deployed from a pull request counts once "
        "that is merged, for teams that deploy, look, and then merge.",
    )
    not_production: Annotated[
        Annotated[list[NameOrPattern], Field(min_length=1)],
        BeforeValidator(as_texts, json_schema_input_type=NameOrPattern | list[NameOrPattern]),
    ] = Field(
        [],
        description="Not for merge: environments, tags or workflows that look like production, or "
        "fit a pattern, and are not, by name or by a regular expression for the whole name.",
        examples=[["preview-.*"]],
    )
    first: Day | None = Field(
        None, alias="from", description="In a list: the first day on which it is production."
    )
    last: Day | None = Field(
        None, alias="to", description="In a list: the last day on which it is production."
    )

    @property
    def days(self) -> Days:
        """The days on which it shows production."""
        return Days(self.first, self.last)

    @property
    def kind(self) -> Evidence:
        """The kind of evidence."""
        return Evidence(self.evidence)

    @property
    def all_workflows(self) -> list[str]:
        """The workflows' files, however they are written."""
        return self.workflows or [*filter(None, [self.workflow])]

    @property
    def all_sound(self) -> bool:
        """Whether every key is what was written."""
        return self.sound(*(field.alias or key for key, field in type(self).model_fields.items()))

    def on(self, branch: str | None) -> Production:
        """Return it as a stanza of a repository with this production branch."""
        return Production(
            evidence=self.kind,
            environments=tuple(sorted(set(self.environments))),
            pattern=self.tags,
            at=self.at,
            workflows=tuple(sorted(set(self.all_workflows))),
            branch=branch,
            before_merge=self.before_merge,
            not_production=tuple(sorted(set(self.not_production))),
            days=self.days,
        )

    def faults(self) -> list[Fault]:
        """Return the keys that the evidence lacks, and those that belong to another evidence."""
        found = days_in_order(self, self.first, self.last)
        if not self.sound("evidence"):
            return found
        return [*found, *self._missing(), *self._foreign(), *self._both()]

    def _both(self) -> Iterator[Fault]:
        if self.written("workflow") and self.written("workflows"):
            yield self.fault("is beside `workflow`", "workflows", remedy="keep one of the two")

    def _missing(self) -> Iterator[Fault]:
        for key, needed in KEYS[self.kind].items():
            if needed and not self.written(key) and not self.written(_INSTEAD.get(key, key)):
                example = f"`{key}: {_EXAMPLES[key]}`"
                what = f"evidence {self.evidence} needs {key}"
                yield self.fault(what, key, remedy=f"write {example}")

    def _foreign(self) -> Iterator[Fault]:
        for key in dict.fromkeys(key for keys in KEYS.values() for key in keys):
            if self.written(key) and key not in KEYS[self.kind]:
                owners = " or ".join(kind for kind, keys in KEYS.items() if key in keys)
                yield self.fault(
                    f"belongs to evidence {owners}",
                    key,
                    remedy=f"remove it, or write `evidence: {owners}`",
                )


class RepositoryEntry(Entry):
    """A repository that a team looks after."""

    name: Annotated[
        str,
        spelled(
            REPOSITORY,
            "must be the owner and the name, without .git",
            "write your-organisation/booking-web",
        ),
    ] = Field(
        description="The repository, as owner/name on GitHub.",
        examples=["your-organisation/booking-web"],
    )
    branch: NameOrPattern | None = Field(
        None,
        description="The production branch; without it, the repository's default branch. For "
        "deployment and workflow also a regular expression for whole names, such as release/.*.",
    )
    paths: Annotated[list[Annotated[Text, AfterValidator(_folder)]], Field(min_length=1)] = Field(
        [], description="The team's folders in a shared repository; without it, the whole of it."
    )
    production: Annotated[
        Annotated[list[ProductionEntry], Field(min_length=1)] | None,
        BeforeValidator(
            as_list, json_schema_input_type=ProductionEntry | list[ProductionEntry] | None
        ),
    ] = Field(
        None,
        description="What shows that a commit reached production; without it, its merge. Where "
        "that changed on a day, a list of such, each with its days.",
    )
    first: Day | None = Field(
        None, alias="from", description="The team's first day with this repository."
    )
    last: Day | None = Field(
        None, alias="to", description="The team's last day with this repository."
    )

    @property
    def days(self) -> Days:
        """The days on which the repository is the team's."""
        return Days(self.first, self.last)

    @property
    def stanzas(self) -> list[ProductionEntry]:
        """What is written under `production`, one or several."""
        return self.production or []

    @property
    def delivery(self) -> Delivery:
        """How the repository shows that a commit reached production, in order of days."""
        if not self.stanzas:
            return Delivery((Production(branch=self.branch),))
        in_order = sorted(self.stanzas, key=lambda entry: entry.first or date.min)
        return Delivery(tuple(entry.on(self.branch) for entry in in_order))

    @property
    def all_sound(self) -> bool:
        """Whether all that says how it ships is what was written."""
        own = self.sound("name", "production", "branch")
        return own and all(entry.all_sound for entry in self.stanzas)

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        evidence = [fault for entry in self.stanzas for fault in entry.faults()]
        return [
            *days_in_order(self, self.first, self.last),
            *evidence,
            *self._on_the_same_days(),
            *self._not_one_branch(),
        ]

    def _on_the_same_days(self) -> Iterator[Fault]:
        for one, other in combinations(self.stanzas, 2):
            sound = one.sound("from", "to") and other.sound("from", "to")
            if sound and overlap(one.days, other.days):
                yield other.fault(
                    f"holds on days on which the one at {one.place} does",
                    "from" if other.written("from") else "evidence",
                    remedy="part their days with `from` and `to`, or put all names into one",
                )

    def _not_one_branch(self) -> Iterator[Fault]:
        if not self.sound("branch", "production"):
            return
        for stanza in self.delivery.stanzas:
            if stanza.history_branch and re.search(_NO_NAME, stanza.history_branch):
                yield self.fault(
                    f"evidence {stanza.evidence} needs one branch",
                    "branch",
                    remedy="write its whole name; a pattern goes with deployment and workflow",
                )
                return
