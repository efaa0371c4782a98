"""Tables as plain data, so that one macro draws them all and no cell is ever empty."""

from dataclasses import dataclass

from api.pages.presenters.parts.status import StatusTag
from api.pages.presenters.parts.words import When


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, or a status; `href` makes a link of them, `hidden` completes its words."""

    text: str = ""
    href: str = ""
    hidden: str = ""
    tag: StatusTag | None = None
    when: When | None = None
    after: str = ""  # smaller words after the text or tag
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption. The first cell of each row is its heading."""

    caption: str
    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption_hidden: bool = False


def heads(*texts: str) -> tuple[Cell, ...]:
    """Return plain headings."""
    return tuple(Cell(text) for text in texts)
