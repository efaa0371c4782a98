"""How each measure is worked out: the text of `docs/measures`, which is the only source of it."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from api.pages.presenters.parts import links
from evaluator.model.plan import Plan

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_DEEPER = {"h2": "h3", "h3": "h4"}
_CLASSES = {
    "table_open": "nhsuk-table",
    "th_open": "nhsuk-table__header",
    "td_open": "nhsuk-table__cell",
    "bullet_list_open": "nhsuk-list nhsuk-list--bullet",
    "heading_open": "nhsuk-heading-s",
}


def explained(measure: str, plan: Plan) -> Markup:
    """Return the text of a measure as HTML, from its second heading on; empty where there is none.

    A link to another measure leads to the first target that uses it.
    """
    text = _text(measure)
    tokens = _MARKDOWN.parse(text)
    uses = {target.measure: links.target(target.id) for target in reversed(plan.targets)}
    rest = list(_without_title(tokens))
    for token in rest:
        _fit(token, uses)
    # The text is ours, part of the package: it is as safe as a template.
    return Markup(_MARKDOWN.renderer.render(rest, _MARKDOWN.options, {}))  # noqa: S704


def _fit(token: Token, uses: dict[str, str]) -> None:
    token.tag = _DEEPER.get(token.tag, token.tag)
    if token.type in _CLASSES:
        token.attrSet("class", _CLASSES[token.type])
    if token.type == "th_open":
        token.attrSet("scope", "col")
    for child in token.children or []:
        if child.type == "link_open":
            name = str(child.attrGet("href") or "").removesuffix(".md")
            child.attrSet("href", f"{uses.get(name, '/targets')}#how")


def _without_title(tokens: Iterable[Token]) -> Iterable[Token]:
    begun = False
    for token in tokens:
        begun = begun or (token.type == "heading_open" and token.tag == "h2")
        if begun:
            yield token


@cache
def _text(measure: str) -> str:
    folder = _folder()
    page = folder / f"{measure}.md" if folder else None
    return page.read_text(encoding="utf-8") if page and page.is_file() else ""


def _folder() -> Traversable | None:
    """Where the texts are: in the package where it is installed, else in the checkout."""
    packaged = files("api.pages") / "measures"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[3] / "docs" / "measures"
    return checkout if checkout.is_dir() else None
