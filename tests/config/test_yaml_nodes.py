import pytest
import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hearten.config.loading import EXAMPLES
from hearten.config.yaml_nodes import composed

# What libyaml takes and PyYAML's own parser refuses, or the other way round, or reads otherwise.
READ_OTHERWISE = [
    "a:\t1\n",
    "a: [b,\n\tc]\n",
    "a:",
    "? a\n",
    "{? a : b}\n",
    "a: !\nb: ! 3\n",
    "a: !~!x y\n",
    "a: [b?, c]\n",
    "a: {b?c: d}\n",
    "a: |#\n  b\n",
    "a: b\u2028c: d\n",
    "a: b\x85c: d\n",
    "\ufeffa: b\n",
    "a: \x07\n",
]
READ_ALIKE = [
    "",
    "# nothing\n",
    "a: &x [1, 2026-01-31, true]\nb: *x\n",
    "a: *x\n",
    "a: >-\n  b\n  c\n'd': \"e \\u0041\"\n",
    "a: b: c\n",
    "a: [b\n",
    "a: 1\n---\nb: 2\n",
    "a: " + "[" * 41 + "]" * 41 + "\n",
]


def told(node: Node | None) -> object:
    """Return all that is read of a node: its kind, tag, line and content."""
    match node:
        case ScalarNode():
            content: object = node.value
        case SequenceNode():
            content = [told(item) for item in node.value]
        case MappingNode():
            content = [(told(key), told(value)) for key, value in node.value]
        case _:
            return None
    return node.tag, node.start_mark.line, content


def outcome(text: str) -> object:
    try:
        return told(composed(text))
    except yaml.MarkedYAMLError as error:
        return str(error.context), str(error.problem), getattr(error.problem_mark, "line", None)
    except yaml.reader.ReaderError as error:
        return error.reason, error.position


@pytest.mark.parametrize(
    "text",
    [
        *READ_OTHERWISE,
        *READ_ALIKE,
        *(path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))),
    ],
)
def test_a_file_says_the_same_with_libyaml_and_without(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = outcome(text)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)

    assert here == outcome(text)
