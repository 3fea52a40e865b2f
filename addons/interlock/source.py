"""Reads an operator's YAML file into nodes that know where they stand.

YAML 1.2 core schema (so `on` and `no` are strings), one document a file. Refused, because two readers could
understand them differently: duplicate keys, anchors and aliases, merge keys, tags, keys that are not strings.
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
    """The same, from a string. Raises RulesInvalid."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt", pure=True)
    yaml.version = (1, 2)
    try:
        composed = list(yaml.compose_all(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        message = " ".join(str(part) for part in (error.context, error.problem) if part)
        hint = "YAML anchors, tags and repeated keys are not allowed here" if "duplicate" in message else ""
        raise RulesInvalid([RuleError(place, f"is not YAML: {message}", hint)]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise RulesInvalid([RuleError(Place(name), f"is not YAML: {type(error).__name__}")]) from None
    if len(composed) > 1:
        raise RulesInvalid([RuleError(Place(name), "holds several YAML documents", "keep one document a file")])
    if not composed or composed[0] is None:
        return Node({}, Place(name))
    errors: list[RuleError] = []
    node = _convert(composed[0], name, errors, 0)
    if errors:
        raise RulesInvalid(errors)
    return node


def _convert(raw: Any, name: str, errors: list[RuleError], depth: int) -> Node:
    place = Place(name, raw.start_mark.line + 1, raw.start_mark.column + 1)
    if depth > _MAX_DEPTH:
        errors.append(RuleError(place, "is nested too deeply"))
        return Node(None, place)
    if getattr(raw, "anchor", None):
        errors.append(RuleError(place, f"anchor &{raw.anchor} is not allowed", "write the value out where it is needed"))
    tag = _explicit_tag(raw)
    if tag:
        errors.append(RuleError(place, f"tag {tag} is not allowed", "write the plain value"))
    if raw.id == "mapping":
        return _mapping(raw, place, name, errors, depth)
    if raw.id == "sequence":
        return Node([_convert(item, name, errors, depth + 1) for item in raw.value], place)
    return Node(_scalar(raw), place)


def _mapping(raw: Any, place: Place, name: str, errors: list[RuleError], depth: int) -> Node:
    values: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for raw_key, raw_value in raw.value:
        at = Place(name, raw_key.start_mark.line + 1, raw_key.start_mark.column + 1)
        key = raw_key.value
        if raw_key.id != "scalar" or not isinstance(key, str):
            errors.append(RuleError(at, "a key must be plain text"))
            continue
        if getattr(raw_key, "anchor", None):
            errors.append(RuleError(at, f"anchor &{raw_key.anchor} is not allowed"))
        if key == "<<":
            errors.append(RuleError(at, "merge keys are not allowed", "write the members out"))
            continue
        if key in values:
            errors.append(RuleError(at, f"key {key!r} stands twice", f"the first is at line {keys[key].line}; keep one"))
            continue
        values[key] = _convert(raw_value, name, errors, depth + 1)
        keys[key] = at
    return Node(values, place, keys)


def _explicit_tag(raw: Any) -> str:
    tag = raw.ctag if hasattr(raw, "ctag") else raw.tag
    text = str(tag) if tag is not None else ""
    return text if text.startswith("!") else ""


def _scalar(raw: Any) -> None | bool | int | float | str:
    text: str = raw.value
    if raw.style not in (None, ""):
        return text
    lowered = text if text in ("", "~") else text.lower() if text in (text.lower(), text.title(), text.upper()) else text
    if lowered in _WORDS:
        return _WORDS[lowered]
    if _INT.match(text) and len(text) < 20:
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return text
