"""A story as HTML: a subset of Markdown, in which HTML is text and links say nothing for us."""

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_SUBSET = ("backticks", "emphasis", "escape", "link", "list")
_CLASSES = {
    "bullet_list_open": "nhsuk-list nhsuk-list--bullet",
    "ordered_list_open": "nhsuk-list nhsuk-list--number",
}


class _Subset(MarkdownIt):
    """Paragraphs, lists, emphasis, code and links to the web: no HTML, picture or heading."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """Whether what is written as a link becomes one."""
        return url.lower().startswith(("https://", "http://"))


_MARKDOWN = _Subset("zero", {"html": False}).enable(list(_SUBSET))


def story_text(text: str) -> Markup:
    """Return a story as HTML. Whatever it holds, it shows as words, lists and links."""
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in _CLASSES:
            token.attrSet("class", _CLASSES[token.type])
        if token.children:
            token.children = _with_words(token.children)
    # The library escapes all that is not its own: a test tries to get past it.
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704


def _with_words(children: list[Token]) -> list[Token]:
    """Return the parts of a line, each link with words and marked as none of ours."""
    found: list[Token] = []
    for token in children:
        if token.type == "link_open":
            token.attrSet("rel", "nofollow noreferrer")
        if token.type == "link_close" and found[-1].type == "link_open":
            found.append(Token("text", "", 0, content=str(found[-1].attrGet("href"))))
        found.append(token)
    return found
