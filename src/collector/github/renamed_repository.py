"""Names of repositories: GitHub answers to former ones too, and one repository must count once."""

from collections.abc import Collection

from collector.errors import SourceRefusedError
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
