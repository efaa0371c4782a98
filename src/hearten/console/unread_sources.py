"""What was not read, a line for each thing that somebody has to do."""

from collections.abc import Mapping

from evaluator.model.source_id import SourceId
from evaluator.wording import without_name

_NAMED = 2  # of those with the same remedy


def unread_lines(details: Mapping[str, str]) -> list[str]:
    """Return the sentences of unread sources, by source; those alike but for the name together."""
    alike: dict[str, list[str]] = {}
    for source, detail in sorted(details.items()):
        alike.setdefault(_of_any(source, detail), []).append(source)
    return [_line(sources, of_any, details) for of_any, sources in alike.items()]


def _of_any(source: str, detail: str) -> str:
    return without_name(detail, SourceId.parse(source).name)


def _line(sources: list[str], of_any: str, details: Mapping[str, str]) -> str:
    if len(sources) == 1:
        return f"{sources[0]}: {details[sources[0]]}"
    more = len(sources) - _NAMED
    if more > 0:
        return f"{', '.join(sources[:_NAMED])} and {more:,} more, each: {of_any}"
    return f"{' and '.join(sources)}, each: {of_any}"
