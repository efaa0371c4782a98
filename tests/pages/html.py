"""HTML as people and machines meet it: its elements, and its visible words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_UNSEEN = {"style", "script", "head"}


@dataclass
class Element:
    """An element with its attributes and the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """A parsed page."""

    html: str
    elements: list[Element] = field(default_factory=list)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data
        if not {element.tag for element in self._open} & _UNSEEN:
            self.words += f"{data} "

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags, in order."""
        return [element for element in self.elements if element.tag in tags]

    def one(self, tag: str) -> Element:
        """The only element of this tag."""
        (element,) = self.all(tag)
        return element

    def ids(self) -> set[str]:
        """Every id on the page."""
        return {e.attributes["id"] for e in self.elements if "id" in e.attributes}
