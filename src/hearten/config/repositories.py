"""In `teams.yaml`: a team's repositories, and how each shows that something reached production."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from evaluator.model.evidence import Production
from evaluator.model.facts import Evidence
from evaluator.model.plan import Days
from hearten.config.base_model import Entry
from hearten.config.faults import Fault, InvalidValueError
from hearten.config.field_types import (
    REPOSITORY,
    Day,
    Text,
    days_in_order,
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
    except ValueError:
        read = None
    if read not in times:
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
    environments: Annotated[list[Text], Field(min_length=1)] = Field(
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
    workflow: Text = Field("", description="For workflow: the workflow's file, such as deploy.yml.")
    workflows: Annotated[list[Text], Field(min_length=1)] = Field(
        [],
        description="For workflow, in place of `workflow`: several files, such as the former one.",
        examples=[["deploy.yml", "cd.yml"]],
    )
    before_merge: bool = Field(
        default=False,
        description="For deployment: whether what was deployed from a pull request counts once "
        "that is merged, for teams that deploy, look, and then merge.",
    )
    not_production: Annotated[list[Text], Field(min_length=1)] = Field(
        [],
        description="Not for merge: other environments, tags or workflows that look like "
        "production and are not, by name or by a regular expression for the whole name.",
        examples=[["preview-.*"]],
    )

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
        return self.sound(*type(self).model_fields)

    def faults(self) -> list[Fault]:
        """Return the keys that the evidence lacks, and those that belong to another evidence."""
        if not self.sound("evidence"):
            return []
        return [*self._missing(), *self._foreign(), *self._both()]

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
    branch: Text | None = Field(
        None,
        description="The production branch; without it, the repository's default branch. For "
        "deployment and workflow also a regular expression for whole names, such as release/.*.",
    )
    paths: Annotated[list[Annotated[Text, AfterValidator(_folder)]], Field(min_length=1)] = Field(
        [], description="The team's folders in a shared repository; without it, the whole of it."
    )
    production: ProductionEntry | None = Field(
        None, description="What shows that a commit reached production; without it, its merge."
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
    def evidence(self) -> Production:
        """How the repository shows that a commit reached production."""
        if self.production is None:
            return Production(branch=self.branch)
        return Production(
            evidence=self.production.kind,
            environments=tuple(sorted(set(self.production.environments))),
            pattern=self.production.tags,
            at=self.production.at,
            workflows=tuple(sorted(set(self.production.all_workflows))),
            branch=self.branch,
            before_merge=self.production.before_merge,
            not_production=tuple(sorted(set(self.production.not_production))),
        )

    def faults(self) -> list[Fault]:
        """Return what is wrong between the keys."""
        evidence = self.production.faults() if self.production else []
        return [*days_in_order(self, self.first, self.last), *evidence, *self._not_one_branch()]

    def _not_one_branch(self) -> Iterator[Fault]:
        if not self.sound("branch", "production"):
            return
        if self.evidence.history_branch and re.search(_NO_NAME, self.evidence.history_branch):
            yield self.fault(
                f"evidence {self.evidence.evidence} needs one branch",
                "branch",
                remedy="write its whole name; a pattern goes with deployment and workflow",
            )
