"""YAML, read so that every key still knows its line."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader, ReaderError

from hearten.config.faults import Fault, InvalidValueError
from hearten.config.yaml_nodes import composed

_MERGE = "tag:yaml.org,2002:merge"
_NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"}
_LARGEST = 10_000_000  # bytes of a file
_MOST_AGAIN = 10_000  # values by aliases
_LONGEST_NUMBER = 40  # characters
_MOST = 2**31 - 1  # what a column for numbers holds
_TOO_LARGE = "is too large a number", "write a smaller one, or put it in quotes"
_UNKEPT = "holds half of a character, or one that YAML does not allow", "remove it"
_NAMING_KEYS = ("id", "name", "team")

Step = str | int


@dataclass(frozen=True, slots=True)
class YamlPosition:
    """Where a mapping stands: its file, dotted key and line, and the lines of what is in it."""

    file: str
    key: str = ""
    line: int = 1
    lines: dict[tuple[Step, ...], int] = field(default_factory=dict)

    def fault(self, what: str, *steps: Step, remedy: str) -> Fault:
        """Return what is wrong as a fault at the key (and item or sub-key) that `steps` name."""
        known = (self.lines[steps[:n]] for n in range(len(steps), 0, -1) if steps[:n] in self.lines)
        key = self.key
        for step in steps:
            key = f"{key}[{step + 1}]" if isinstance(step, int) else f"{key}.{step}".lstrip(".")
        return Fault(self.file, next(known, self.line), key, what, remedy)


class YamlMapping(dict[str, object]):
    """A YAML mapping as a dict, with `where` it stands; `blank` where nobody wrote even `{}`."""

    def __init__(self, where: YamlPosition, *, blank: bool = False) -> None:
        super().__init__()
        self.where = where
        self.blank = blank


def nothing(file: str) -> YamlMapping:
    """Return what a file holds in which nothing stands, or that is not there."""
    return YamlMapping(YamlPosition(file), blank=True)


def read(path: Path, file: str, faults: list[Fault]) -> YamlMapping | None:
    """Return the mapping that the file holds (an empty file holds an empty one).

    What is wrong with it as YAML is added to `faults`, naming it `file`; None where nothing of it
    can be used.
    """
    text = _text(path, file, faults)
    if text is None:
        return None
    try:
        root = composed(text)
    except (yaml.MarkedYAMLError, ReaderError) as error:
        faults.append(_syntax_fault(file, text, error))
        return None
    return nothing(file) if root is None else _mapping(root, file, faults)


def _text(path: Path, file: str, faults: list[Fault]) -> str | None:
    try:
        with path.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        faults.append(Fault(file, 1, "", "is not UTF-8 text", "save it as UTF-8"))
        return None
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        faults.append(Fault(file, 1, "", what, "make it readable"))
        return None
    if len(content) > _LARGEST:
        what = f"is larger than {_LARGEST // 1_000_000} MB"
        faults.append(Fault(file, 1, "", what, "see that it is the file that is meant"))
        return None
    return text


def _mapping(root: Node, file: str, faults: list[Fault]) -> YamlMapping | None:
    if not isinstance(root, MappingNode):
        remedy = "write them as `key: value`"
        faults.append(Fault(file, _line(root), "", "must hold keys", remedy))
        return None
    try:
        return _YamlReader(file, faults).section(root, "", _line(root))
    except _TooManyError as error:
        faults.append(error.fault)
        return None


class _TooManyError(Exception):
    """Aliases stand for more than anybody writes; the fault says where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


class _YamlReader:
    """Turns nodes into dicts, lists and scalars, and remembers lines on the way."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self._file = file
        self._faults = faults
        self._scalars = SafeConstructor()
        self._open: list[Node] = []
        self._seen: set[int] = set()  # nodes, by id: all live as long as the root
        self._again = 0  # values that aliases stand for

    def section(self, node: MappingNode, key: str, line: int) -> YamlMapping:
        where = YamlPosition(self._file, key, line)
        section = YamlMapping(where)
        for name, name_line, value in self._entries(node, where):
            where.lines[name,] = name_line
            section[name] = self._value(value, f"{key}.{name}".lstrip("."), name_line)
            for step, part_line in _parts(value):
                where.lines[name, step] = part_line
        return section

    def _entries(self, node: MappingNode, where: YamlPosition) -> Iterator[tuple[str, int, Node]]:
        seen: dict[str, int] = {}
        for key_node, value in node.value:
            line = _line(key_node)
            if not isinstance(key_node, ScalarNode) or key_node.tag == _MERGE:
                remedy = "write every key out, as `key: value`"
                self._faults.append(Fault(self._file, line, where.key, "is not read here", remedy))
                continue
            name = str(key_node.value)
            if Reader.NON_PRINTABLE.search(name):
                self._faults.append(Fault(self._file, line, where.key, *_UNKEPT))
                continue
            if name in seen:
                what = f"is written twice, first on line {seen[name]}"
                twice = where.fault(what, name, remedy="remove one of them")
                self._faults.append(replace(twice, line=line))
                continue
            seen[name] = line
            yield name, line, value

    def _value(self, node: Node, key: str, line: int) -> object:
        if any(node is parent for parent in self._open):
            self._faults.append(Fault(self._file, line, key, "refers to itself", "write it out"))
            return _Unreadable()
        self._again += id(node) in self._seen
        self._seen.add(id(node))
        if self._again > _MOST_AGAIN:
            what = f"aliases stand for more than {_MOST_AGAIN:,} values"
            raise _TooManyError(Fault(self._file, line, key, what, "write them out"))
        self._open.append(node)
        try:
            match node:
                case MappingNode():
                    return self.section(node, key, line)
                case SequenceNode():
                    return [
                        self._value(item, f"{key}[{_label(item, index)}]", _line(item))
                        for index, item in enumerate(node.value)
                    ]
                case _:
                    return self._scalar(node, key, line)
        finally:
            self._open.pop()

    def _scalar(self, node: Node, key: str, line: int) -> object:
        try:
            value = self._constructed(node)
            if value is not None:
                return value
            what, remedy = "is empty", "write a value, or remove the line"
        except ConstructorError:
            what, remedy = f"{node.tag} is not read here", "write plain text"
        except InvalidValueError as error:
            what, remedy = error.what, error.remedy
        # Looks like a day or a number, and is none: 2026-02-30, or `!!bool day`.
        except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError):
            what = f"{node.value} does not exist"
            remedy = "write a day as 2026-01-31, or put it in quotes"
        self._faults.append(Fault(self._file, line, key, what, remedy))
        return _Unreadable()

    def _constructed(self, node: Node) -> object:
        number = node.tag in _NUMBERS
        if number and len(node.value) > _LONGEST_NUMBER:
            raise InvalidValueError(*_TOO_LARGE)
        value: object = self._scalars.construct_object(node)
        if number and isinstance(value, int | float) and not -_MOST <= value <= _MOST:
            raise InvalidValueError(*_TOO_LARGE)
        if isinstance(value, str) and Reader.NON_PRINTABLE.search(value):
            raise InvalidValueError(*_UNKEPT)
        return value


class _Unreadable:
    """Stands where a value was that has been reported already."""


def reported_already(value: object) -> bool:
    """Whether `value` could not be read at all, which is a fault of its own."""
    return isinstance(value, _Unreadable)


def _parts(node: Node) -> Iterator[tuple[Step, int]]:
    match node:
        case SequenceNode():
            yield from ((index, _line(item)) for index, item in enumerate(node.value))
        case MappingNode():
            yield from ((str(key.value), _line(key)) for key, _ in node.value)
        case _:
            return


def _label(item: Node, index: int) -> str:
    """Return what people call a list's item: its id, name or team, else its place from 1."""
    if isinstance(item, MappingNode):
        named = {key.value: value for key, value in item.value if isinstance(key, ScalarNode)}
        for key in _NAMING_KEYS:
            if isinstance(named.get(key), ScalarNode):
                return str(named[key].value)
    return str(index + 1)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _syntax_fault(file: str, text: str, error: yaml.MarkedYAMLError | ReaderError) -> Fault:
    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Fault(file, line, "", "holds a character that YAML does not allow", "remove it")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    said = ", ".join(part for part in (error.context, error.problem) if part)
    if "\\t" in said:
        said, remedy = "a tab stands where spaces must", "indent with spaces"
    else:
        remedy = "look at the indentation, quotes and brackets here"
    return Fault(file, line, "", f"is not YAML: {said}", remedy)
