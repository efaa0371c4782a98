"""Names of repositories: GitHub answers to former ones too, and one repository must count once.

What a repository is, is its number: a name may be given up and be another repository's then.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from collector.errors import SourceError, SourceRefusedError
from collector.github.graphql import GraphQL, repository_field, understood
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


def numbers(api: GraphQL, repositories: Sequence[str]) -> dict[str, str]:
    """Return, by name, the number of each repository that GitHub shows, with one request.

    Errors: SourceError where it does not answer; one that it does not show is left out.
    """
    parts = [
        repository_field(name, "databaseId", alias=f"r{index}")
        for index, name in enumerate(repositories)
    ]
    about = f"{len(repositories)} repositories" if len(repositories) > 1 else repositories[0]
    answer = api.ask(f"query {{ {' '.join(parts)} }}", about=about)
    found: dict[str, str] = {}
    for index, name in enumerate(repositories):
        with suppress(SourceError), understood(name):
            found[name] = number_of(answer.take(f"r{index}", about=name))
    return found


def number_of(shown: Mapping[str, Any]) -> str:
    """Return the number of a repository by its `databaseId`; empty where GitHub gives none."""
    number = pick_nullable(shown, "databaseId", int)
    return "" if number is None else str(number)
