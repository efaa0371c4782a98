"""What people read on every dashboard: the statuses in words, and how to take them."""

from grafana_foundation_sdk.models.dashboard import (
    DashboardSpecialValueMapOptions,
    SpecialValueMap,
    SpecialValueMatch,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

# Numbers are only a way to bring a status to its word: their order means nothing. The colours are
# those of the tags on the pages; Grafana writes on each in black. No panel has colour alone.
STATUSES = {
    "met": (1, "Met", "#cce5d8"),
    "not_met": (2, "Not met", "#ffdc8e"),
    "in_progress": (3, "In progress", "#ccdff1"),
    "no_data": (4, "No data", "#dbe0e3"),
    "excused": (5, "Excused", "#d6cce3"),
    "not_applicable": (6, "Not applicable", "#ffffff"),
}
STRETCH_NOT_MET = "#f0f4f5"  # a stretch target is not expected: not met is no reason to look
REASONS = {
    "not_set_up": "Not set up",
    "nothing_matched": "Nothing matches what counts",
    "no_access": "No access",
    "not_found": "Not found",
    "rate_limited": "Rate limited",
    "source_down": "It did not answer",
    "stale": "Not read since",
    "history_before_start": "Read only from after the start",
    "left_unseen": "It no longer shows what was open",
    "evidence_changed": "Something else shows production",
    "too_few": "Too few to say",
}
NO_DATA = "No data"
PLAIN = "#dbe0e3"  # of what has no status
BARS, MINIMUM = "#005eb8", "text"  # as in the pictures of the pages; a dark theme turns text white

CAVEAT = (
    "These are clues, and the team knows the story behind them. They are not a comparison of "
    "teams: each works on something else, and no number here adds up across them. **No data** "
    "means that something could not be read, and never that nothing was done. "
)


def caveat(more: str) -> str:
    """Return the text that stands first on a dashboard, in Markdown."""
    return (
        f"{more}\n\n{CAVEAT}[What is counted, what is not, and why](${{hearten}}/about). "
        "Something is missing? The team's page says what was left out, and why."
    )


def status_words(*, stretch: bool = False, empty: str = "") -> list[ValueMapping]:
    """Return the mapping from a status's number to its word and colour.

    Of `stretch` targets, not met has no colour that asks for a look. Nothing is called `empty`.
    """
    words = {number: (word, colour) for number, word, colour in STATUSES.values()}
    if stretch:
        words[STATUSES["not_met"][0]] = ("Not met", STRETCH_NOT_MET)
    mapped = _mapping({str(number): of for number, of in words.items()})
    if not empty:
        return mapped
    said = ValueMappingResult(text=empty, color="transparent", index=len(words))
    nothing = DashboardSpecialValueMapOptions(SpecialValueMatch.NULL_AND_NAN, said)
    return [*mapped, SpecialValueMap(nothing)]


def read_words() -> list[ValueMapping]:
    """Return the mapping for whether a source was read."""
    return _mapping({"1": ("Read", PLAIN), "0": ("Not read", STATUSES["not_met"][2])})


def period_words() -> list[ValueMapping]:
    """Return the mapping from a period to its words."""
    words = {"current": ("Current", PLAIN), "last_finished": ("Last finished", PLAIN)}
    return _mapping(words)


def reason_words() -> list[ValueMapping]:
    """Return the mapping from why there is no data to its words."""
    return _mapping({code: (words, PLAIN) for code, words in REASONS.items()})


def _mapping(words: dict[str, tuple[str, str]]) -> list[ValueMapping]:
    return [
        ValueMap(
            options={
                value: ValueMappingResult(text=text, color=colour, index=place)
                for place, (value, (text, colour)) in enumerate(words.items())
            }
        )
    ]
