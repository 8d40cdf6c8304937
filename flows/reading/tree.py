"""YAML as flows have it: plain mappings, lists and scalars, each with its line, and nothing that surprises.

Scalars follow YAML 1.2, so that `no`, `12:30` and `2026-12-10` are texts; numbers that a number would spoil
(`007`, 30 digits) are texts too. Anchors, aliases, tags, duplicate keys and further documents are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

import yaml
from pydantic import JsonValue

from domain.errors import FlowError
from domain.limits import LIMITS
from flows.expressions.values import NESTING
from flows.reading.unreadable import sentence

_LOADER: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_CONSTANTS: Final[dict[str, JsonValue]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_BRACES: Final = "put a value that begins with {{ between quotes"
_COMMENT: Final = re.compile("[ \t]+(#[^\r\n]*)")


@dataclass
class Node:
    """One value of a file, and the line on which it stands, counted from 1."""

    line: int
    scalar: JsonValue = None
    items: list["Node"] | None = None
    keys: dict[str, "Node"] | None = None
    key_lines: dict[str, int] = field(default_factory=dict[str, int])
    comment: str = ""
    """The rest of the line after a scalar without quotes: `# why`; may be empty."""

    def plain(self) -> JsonValue:
        """Return the value as JSON has it."""
        if self.keys is not None:
            return {key: node.plain() for key, node in self.keys.items()}
        if self.items is not None:
            return [node.plain() for node in self.items]
        return self.scalar

    def child(self, part: str | int) -> "Node | None":
        """Return the value under a key or place; None when there is none."""
        if self.keys is not None and isinstance(part, str):
            return self.keys.get(part)
        if self.items is not None and isinstance(part, int) and part < len(self.items):
            return self.items[part]
        return None


def read_tree(text: str, file: str) -> Node:
    """Return the one document of *text*; FlowError begins with `FILE:LINE:`."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise FlowError(f"{file}:{line}: not readable as text: half of a character") from None
    if size > LIMITS.flow_file:
        raise FlowError(f"{file}:1: the file has {size} bytes, {LIMITS.flow_file} at most")
    try:
        source = _Source(file, text.removeprefix("\ufeff"))
        events = _events(source)
        first = next(events, None)
        if first is None:
            raise FlowError(f"{file}:1: the file is empty")
        tree = _node(first, events, source, NESTING)
        if (more := next(events, None)) is not None:
            raise FlowError(f"{file}:{_line(more)}: one flow a file: a second document begins here")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FlowError(f"{file}:{line}: not readable as YAML: {sentence(error)}") from None
    except yaml.YAMLError as error:
        raise FlowError(f"{file}:1: not readable as YAML: {str(error).splitlines()[0]}") from None
    return tree


class _Source(NamedTuple):
    file: str
    text: str

    def comment(self, event: yaml.ScalarEvent) -> str:
        """Return the rest of the line after a scalar without quotes, or an empty one."""
        if event.style or event.end_mark is None:
            return ""
        found = _COMMENT.match(self.text, event.end_mark.index)
        return found[1].rstrip() if found else ""


def _events(source: _Source) -> Iterator[yaml.Event]:
    file = source.file
    for event in yaml.parse(source.text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise FlowError(f"{file}:{_line(event)}: aliases (*{event.anchor}) are not allowed: write the value out")
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            raise FlowError(f"{file}:{_line(event)}: anchors (&{event.anchor}) are not allowed")
        if tag := cast("str | None", getattr(event, "tag", None)):
            raise FlowError(f"{file}:{_line(event)}: tags ({tag}) are not allowed")
        if isinstance(event, yaml.ScalarEvent) and "\0" in event.value:
            raise FlowError(f"{file}:{_line(event)}: a text has no NUL character (\\0): no database keeps it")
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _node(event: yaml.Event, events: Iterator[yaml.Event], source: _Source, depth: int) -> Node:
    file, line = source.file, _line(event)
    if depth == 0:
        raise FlowError(f"{file}:{line}: nested deeper than {NESTING} levels")
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, scalar=_scalar(event), comment=source.comment(event))
    node = Node(line)
    if isinstance(event, yaml.SequenceStartEvent):
        node.items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            node.items.append(_node(item, events, source, depth - 1))
        return node
    node.keys = {}
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        if not isinstance(key, yaml.ScalarEvent):
            raise FlowError(f"{file}:{_line(key)}: a key is a text, not a list or mapping; {_BRACES}")
        if key.value in node.keys:
            raise FlowError(
                f"{file}:{_line(key)}: key {key.value!r} stands here twice, first in line {node.key_lines[key.value]}"
            )
        node.key_lines[key.value] = _line(key)
        node.keys[key.value] = _node(next(events), events, source, depth - 1)
    return node


def _scalar(event: yaml.ScalarEvent) -> JsonValue:
    text: str = event.value
    if event.style:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
