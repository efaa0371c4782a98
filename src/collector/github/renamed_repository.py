"""Names of repositories: GitHub answers to former ones too, and one repository must count once.

What a repository is, is its number: a name may be given up and be another repository's then.
"""

from collections.abc import Collection, Mapping
from typing import Any

from collector.errors import SourceRefusedError
from collector.json_fields import pick_nullable
from evaluator.model.facts import Reason


def refuse_second(repository: str, now_named: str, configured: Collection[str]) -> None:
    """Refuse a former name of a repository that is configured by its present name as well.

    `configured` are all configured names, casefolded. Errors: SourceRefusedError.
    """
    present = now_named.casefold()
    if present != repository.casefold() and present in configured:
        raise SourceRefusedError(
            Reason.NOT_FOUND,
            f"GitHub calls {repository} {now_named} today, which teams.yaml names too: it would "
            "count twice.",
            f"Write {now_named} in place of {repository} in teams.yaml.",
        )


def number_of(shown: Mapping[str, Any]) -> str:
    """Return the number of a repository by its `databaseId`; empty where GitHub gives none."""
    number = pick_nullable(shown, "databaseId", int)
    return "" if number is None else str(number)
