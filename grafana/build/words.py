"""What people read on every dashboard: the statuses in words, and how to take them."""

from grafana_foundation_sdk.models.dashboard import ValueMap, ValueMapping, ValueMappingResult

# Numbers are only a way to bring a status to its word: their order means nothing. The colours are
# those of Okabe and Ito, which people see apart whatever their eyes; no panel has colour alone.
STATUSES = {
    "met": (1, "Met", "#0072B2"),
    "not_met": (2, "Not met", "#E69F00"),
    "in_progress": (3, "In progress", "#56B4E9"),
    "no_data": (4, "No data", "#8E8E8E"),
    "excused": (5, "Excused", "#CC79A7"),
    "not_applicable": (6, "Not applicable", "#B5B5B5"),
}
NO_DATA = "No data"
PLAIN = "#6E6E6E"  # of what has no status

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


def status_words() -> list[ValueMapping]:
    """Return the mapping from a status's number to its word and colour."""
    return _mapping({number: (word, colour) for number, word, colour in STATUSES.values()})


def read_words() -> list[ValueMapping]:
    """Return the mapping for whether a source was read."""
    return _mapping({1: ("Read", PLAIN), 0: ("Not read", STATUSES["not_met"][2])})


def _mapping(words: dict[int, tuple[str, str]]) -> list[ValueMapping]:
    return [
        ValueMap(
            options={
                str(number): ValueMappingResult(text=text, color=colour, index=place)
                for place, (number, (text, colour)) in enumerate(words.items())
            }
        )
    ]
