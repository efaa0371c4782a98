"""What was not read, a line for each thing that somebody has to do."""

from collections.abc import Callable, Mapping

from evaluator.model.source_id import SourceId
from evaluator.wording import without_name

_NAMED = 2  # of those with the same remedy


def source_name(source: str) -> str:
    """Return the name by which a sentence about a source calls it; `source` is its id."""
    return SourceId.parse(source).name


def unread_lines(details: Mapping[str, str], name: Callable[[str], str] = source_name) -> list[str]:
    """Return the sentences of unread sources, by source; those alike but for the name together.

    `name` returns what a sentence calls a key of `details`, where that is no source's id.
    """
    alike: dict[str, list[str]] = {}
    for source, detail in sorted(details.items()):
        alike.setdefault(without_name(detail, name(source)), []).append(source)
    return [_line(sources, of_any, details) for of_any, sources in alike.items()]


def _line(sources: list[str], of_any: str, details: Mapping[str, str]) -> str:
    if len(sources) == 1:
        return f"{sources[0]}: {details[sources[0]]}"
    more = len(sources) - _NAMED
    if more > 0:
        return f"{', '.join(sources[:_NAMED])} and {more:,} more, each: {of_any}"
    return f"{' and '.join(sources)}, each: {of_any}"
