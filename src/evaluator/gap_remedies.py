"""What each kind of gap is about, and what there is to do about it."""

from typing import NamedTuple

from evaluator.model.facts import Reason
from evaluator.model.results import Gap, GapKind


class GapRemedy(NamedTuple):
    """What a gap is about, and the one remedy; that is empty where `what` is all that is known."""

    what: str
    remedy: str = ""

    @property
    def text(self) -> str:
        """Both as one text."""
        return f"{self.what} {self.remedy}".strip()


RUNS_ON_MERGE = (
    "If they ship, list `{evidence: merge, from: …}` under `production` in teams.yaml, with that "
    "day. If they ship nothing, write `not_production: ['refs/pull/.*']` there."
)
_BY_KIND = {
    GapKind.NO_TICKET: GapRemedy(
        "It finds no ticket; `hearten doctor` shows which filter it is.",
        "Correct its `jql` in teams.yaml, or let the account of the token browse what it is about.",
    ),
    GapKind.EMPTY_PROJECT: GapRemedy(
        "Jira shows no ticket of it.",
        "Let the account of the token browse its tickets, which a security level may hide, or "
        "correct its `project` in teams.yaml.",
    ),
    GapKind.NEVER_DONE: GapRemedy(
        "No ticket of it was ever in the category Done.",
        "See that a `jql` does not drop such tickets, as `resolution = Unresolved` does, and that "
        "Jira has the status in which work is finished in the category Done.",
    ),
    GapKind.BEFORE_FIRST_DONE: GapRemedy(
        "Nothing shows a ticket of it that was Done before the sprint began.",
        "Where there are older ones, run `hearten collect --since` with an earlier day.",
    ),
    GapKind.LEFT_UNSEEN: GapRemedy(
        "It no longer shows a ticket that was open, and nobody can tell whether it was Done.",
        "If it was hidden, let the account of the token browse it. If its `jql` drops what is "
        "Done, correct that. If it was deleted, nothing can be done.",
    ),
    GapKind.HIDDEN: GapRemedy(
        "It no longer shows most tickets that were open.",
        "Let the account of the token browse them. Else write `seen_from` beside it in teams.yaml: "
        "the first day that needs them no more.",
    ),
}
# What there is to do about what the gap itself says.
_REMEDIES = {
    GapKind.BEFORE_FIRST_EVENT: (
        "If something reached it another way before, add that to its `production` in teams.yaml."
    ),
    GapKind.UNSURE_DAY: "The next event that GitHub can date settles it.",
    GapKind.NEVER_MATCHED: "Correct that in its `production` in teams.yaml.",
    GapKind.NO_STANZA: "Write a stanza of its `production` in teams.yaml that holds that day.",
    GapKind.UNTOUCHED: "Correct its `paths` in teams.yaml.",
    GapKind.ANOTHER_NAME: (
        "List it under `production` in teams.yaml, or name it under `not_production` there."
    ),
    GapKind.RUNS_ELSEWHERE: (
        "Write that `branch` beside its `production` in teams.yaml, or name it under "
        "`not_production` there."
    ),
    GapKind.NO_LABEL: (
        "Give tickets that label in Jira, or write what the team calls it under `labels` in "
        "hearten.yaml."
    ),
    GapKind.NO_ISSUE: (
        "Give issues that label in GitHub, link them to the pull request that closes them, and let "
        "the token read issues; or write what the team calls it under `labels` in hearten.yaml."
    ),
    GapKind.RUNS_ON_MERGE: RUNS_ON_MERGE,
    GapKind.UNNAMED: (
        "Below `leave_out: {resolutions: […]}` in teams.yaml, write Jira's English names of those "
        'that mean dropped, such as "Won\'t Do"; write `[]` where none does.'
    ),
    GapKind.FOLDER_GONE: (
        "Write its new name beside it under `paths` in teams.yaml. If it has none, write the "
        "entry's last day as `to`."
    ),
    GapKind.NAME_OF_ANOTHER: (
        "See that it is the one meant; sprints that begin later can be judged."
    ),
    GapKind.NO_PATTERN: (
        "Write one without `(?` and without `\\1` in teams.yaml. What it must not match goes into "
        "`not_production: '.*rc.*'`."
    ),
    GapKind.BEFORE_FIRST_TOUCH: (
        "If the folder had another name before, add that to its `paths` in teams.yaml."
    ),
}
_BY_REASON = {
    Reason.NOTHING_MATCHED: GapRemedy(
        "Nothing in it matches what counts as production.",
        "Correct its `production` in teams.yaml.",
    ),
    Reason.HISTORY_BEFORE_START: GapRemedy(
        "Read only from after the sprint's start.",
        "Run `hearten collect --since` with an earlier day.",
    ),
    Reason.STALE: GapRemedy("Not read since the sprint ended.", "Run `hearten collect`."),
}


def gap_remedy(gap: Gap) -> GapRemedy:
    """Return what a gap is about, and what there is to do about it.

    What a source could not give says both in its detail, as reading it did.
    """
    if gap.kind in _BY_KIND:
        return _BY_KIND[gap.kind]
    if gap.kind in _REMEDIES:
        return GapRemedy(_sentence(gap), _REMEDIES[gap.kind])
    return _BY_REASON.get(gap.reason) or _as_it_says(gap)


def _as_it_says(gap: Gap) -> GapRemedy:
    if gap.reason is Reason.NOT_SET_UP:
        add = "Add it to teams.yaml, or say why not in `not_applicable`."
        return GapRemedy(_sentence(gap), add)
    return GapRemedy(gap.detail)


def _sentence(gap: Gap) -> str:
    return f"{gap.detail[:1].upper()}{gap.detail[1:]}."
