"""YAML as nodes that know their line: by libyaml where it is there, for it is twenty times quicker.

What libyaml refuses, or might read otherwise, PyYAML's own parser reads. So nobody's files depend
on how PyYAML was built, and what is said of a fault comes from one parser.
"""

import re

import yaml
from yaml.composer import Composer, ComposerError
from yaml.nodes import Node, ScalarNode
from yaml.resolver import Resolver

_DEEPEST = 40  # levels: all that is written has ten
_FAULTS_OF_PYTHON = 200_000  # characters: beyond, to find a fault again would take seconds
# What the two read otherwise: tabs, and rare ends of lines, spaces and marks of byte order; tags;
# keys after a question mark; a comment right behind the sign of a block.
_READ_OTHERWISE = re.compile(
    "[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|(?:^|[\s\[{,:-])!|(?:^|[\s\[{,])\?\s|[|>][-+0-9]*#"
)


def composed(text: str) -> Node | None:
    """Return the root of what `text` holds, None where that is nothing.

    Errors: yaml.MarkedYAMLError or ReaderError where it is not YAML, or goes too deep.
    """
    if yaml.__with_libyaml__ and not _READ_OTHERWISE.search(text):
        try:
            return _QuickLoader(text).get_single_node()
        except yaml.MarkedYAMLError:
            if len(text) > _FAULTS_OF_PYTHON:
                raise
    return _PythonLoader(text).get_single_node()


class _ShallowComposer(Composer):
    """Stops where brackets or indentation go deeper than anything that is read here."""

    _depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._depth += 1
        if self._depth > _DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[attr-defined]
            raise ComposerError(None, None, f"more than {_DEEPEST} levels in each other", mark)
        node: Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _PythonLoader(_ShallowComposer, yaml.SafeLoader):
    """Reads all, slowly."""


class _QuickLoader(_ShallowComposer, Resolver):
    """Reads with libyaml. It makes no nodes there, which would go as deep as the text does."""

    def __init__(self, text: str) -> None:
        Composer.__init__(self)
        Resolver.__init__(self)
        parser = yaml.CSafeLoader(text)
        self.check_event = parser.check_event
        self.peek_event = parser.peek_event
        self.get_event = parser.get_event

    def compose_scalar_node(self, anchor: dict[str, Node]) -> ScalarNode:
        node = super().compose_scalar_node(anchor)
        if not node.style and ("?" in node.value or not node.value):  # in brackets; on which line
            raise ComposerError(None, None, "", node.start_mark)
        return node
