"""Reads an operator's YAML file into nodes that know where they stand.

YAML 1.2 core schema (so `on` and `no` are strings), one document a file. Refused, because two readers could
understand them differently: duplicate keys, anchors and aliases, merge keys, tags, keys that are not plain text,
directives of other versions. Built from the parser's events with a stack of our own: nesting is bounded before it
costs anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interlock.errors import Place, RuleError, RulesInvalid
from interlock.model import JSON

__all__ = ["Node", "read_yaml", "read_yaml_text"]

_MAX_FILE = 1 << 20
_MAX_DEPTH = 60
_LONG = 20
_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: Mapping[str, None | bool] = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value and its place. Mappings hold nodes by key; `keys` tells where each key stands."""

    value: None | bool | int | float | str | list[Node] | dict[str, Node]
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)

    def plain(self) -> JSON:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_yaml(path: Path, *, shown: str = "") -> Node:
    """The one document of a file. `shown` is the name used in messages. Raises RulesInvalid."""
    name = shown or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RulesInvalid([RuleError(Place(name), f"cannot be read: {error.strerror}")]) from None
    if len(raw) > _MAX_FILE:
        raise RulesInvalid([RuleError(Place(name), "is larger than 1 MiB", "split it into several files")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RulesInvalid([RuleError(Place(name, line), "is not UTF-8 text", "save it as UTF-8")]) from None
    return read_yaml_text(text, name)


def read_yaml_text(text: str, name: str) -> Node:
    """The same, from a string. Raises RulesInvalid with everything found."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt", pure=True)
    yaml.version = (1, 2)
    builder = _Builder(name)
    try:
        for event in yaml.parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        message = " ".join(str(part) for part in (error.context, error.problem) if part)
        raise RulesInvalid([*builder.errors, RuleError(place, f"is not YAML: {message}")]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise RulesInvalid([RuleError(Place(name), f"is not YAML: {type(error).__name__}")]) from None
    if builder.errors:
        raise RulesInvalid(builder.errors)
    return builder.root or Node({}, Place(name))


@dataclass(slots=True)
class _Open:
    """A list or mapping being read: its items so far and, in a mapping, the key whose value comes next."""

    place: Place
    items: list[Node] | None
    members: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)
    key: str | None = None
    kept: bool = True

    def node(self) -> Node:
        """The finished node."""
        return Node(self.members, self.place, self.keys) if self.items is None else Node(self.items, self.place)


class _Builder:
    """Turns the events of one document into nodes, collecting errors."""

    def __init__(self, name: str) -> None:
        self.root: Node | None = None
        self.errors: list[RuleError] = []
        self._name = name
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Any) -> None:
        """One event. Raises RulesInvalid at once where reading on makes no sense."""
        kind = type(event).__name__
        place = Place(self._name, event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "DocumentStartEvent":
            self._document(event, place)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._value(self._open.pop().node())
        elif kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
            self._node(kind, event, place)

    def _document(self, event: Any, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(place, "holds several YAML documents", "keep one document a file")
        if event.tags or event.version not in (None, (1, 2)):
            self._error(place, "YAML directives are not allowed", "take out the line that begins with %")

    def _node(self, kind: str, event: Any, place: Place) -> None:
        if kind == "AliasEvent":
            self._error(place, f"alias *{event.anchor} is not allowed", "write the value out where it is needed")
            return self._value(Node(None, place))
        if event.anchor:
            self._error(place, f"anchor &{event.anchor} is not allowed", "write the value out where it is needed")
        if event.tag is not None:
            self._error(place, f"tag {event.tag} is not allowed", "write the plain value; quotes make it text")
        if kind != "ScalarEvent":
            if len(self._open) >= _MAX_DEPTH:
                self._stop(place, "is nested too deeply", f"at most {_MAX_DEPTH} levels")
            if self._expects_key():
                self._stop(place, "a key must be plain text", "lists and mappings cannot be keys")
            self._open.append(_Open(place, [] if kind == "SequenceStartEvent" else None))
            return None
        if self._expects_key():
            return self._key(event.value, place)
        return self._value(Node(_scalar(event.value, event.style), place))

    def _expects_key(self) -> bool:
        return bool(self._open) and self._open[-1].items is None and self._open[-1].key is None

    def _key(self, key: str, place: Place) -> None:
        into = self._open[-1]
        into.key, into.kept = key, False
        if key == "<<":
            self._error(place, "merge keys are not allowed", "write the members out")
        elif key in into.members:
            first = into.keys[key].line
            self._error(place, f"key {key!r} stands twice", f"the first is at line {first}; keep one")
        else:
            into.keys[key] = place
            into.kept = True

    def _value(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        into = self._open[-1]
        if into.items is not None:
            into.items.append(node)
        elif into.key is None:
            self._stop(node.place, "a key must be plain text", "aliases cannot be keys")
        else:
            if into.kept:
                into.members[into.key] = node
            into.key = None

    def _error(self, place: Place, message: str, hint: str) -> None:
        self.errors.append(RuleError(place, message, hint))

    def _stop(self, place: Place, message: str, hint: str) -> None:
        self._error(place, message, hint)
        raise RulesInvalid(self.errors)


def _scalar(text: str, style: str | None) -> None | bool | int | float | str:
    """The value of a scalar by the core schema's main forms; whatever is quoted is text."""
    if style:
        return text
    plain = text.lower() if text in (text.lower(), text.title(), text.upper()) else text
    if plain in _WORDS:
        return _WORDS[plain]
    if _INT.match(text) and len(text) < _LONG:
        return int(text)
    return float(text) if _FLOAT.match(text) and not _INT.match(text) and len(text) < _LONG else text
