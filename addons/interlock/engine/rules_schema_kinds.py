"""The kinds of values in rules files, as JSON Schema (draft 2020-12), and how records are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from interlock.model import JSON

__all__ = [
    "ANYTHING",
    "DURATION",
    "FLAG",
    "HEADERS",
    "NAME",
    "NUMBER",
    "PATH",
    "SIZE",
    "TEXT",
    "TEXTS",
    "Schema",
    "any_of",
    "choice",
    "choices",
    "items",
    "record",
    "says",
    "whole",
]

type Schema = dict[str, JSON]

TEXT: Schema = {"type": "string", "minLength": 1}
NAME: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
PATH: Schema = {"type": "string", "pattern": r"^\$"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
DURATION: Schema = {"type": "string", "pattern": r"^[0-9]{1,12}\s*(ms|s|m|h|d)$"}
SIZE: Schema = {"type": ["string", "integer"], "pattern": r"^[0-9]{1,15}\s*(B|KB|KiB|MB|MiB|GB|GiB)?$"}
HEADERS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
ANYTHING: Schema = {}


def says(kind: Schema, text: str) -> Schema:
    """A kind with the sentence that editors and the README show."""
    return {**kind, "description": text}


def choice(words: Iterable[str]) -> Schema:
    """One word of several."""
    return {"enum": [*words]}


def choices(words: Iterable[str]) -> Schema:
    """One word of several, or a list of them."""
    return any_of(choice(words), items(choice(words)))


def whole(low: int, high: int) -> Schema:
    """A whole number within bounds."""
    return {"type": "integer", "minimum": low, "maximum": high}


def items(kind: Schema) -> Schema:
    """A list that is not empty."""
    return {"type": "array", "items": kind, "minItems": 1}


def any_of(*kinds: Schema) -> Schema:
    """Whatever fits one of these."""
    return {"anyOf": [*kinds]}


def record(what: str, required: Iterable[str], members: Mapping[str, Schema]) -> Schema:
    """A mapping of known members; `what` is what the reader's own messages call it."""
    return {
        "title": what,
        "type": "object",
        "properties": {**members},
        "required": [*required],
        "additionalProperties": False,
    }


TEXTS: Schema = any_of(TEXT, items(TEXT))
