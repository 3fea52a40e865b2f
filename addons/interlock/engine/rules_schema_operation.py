"""Conditions on operations, and what cases send, as JSON Schema: shared by rules, blocklist entries and packs."""

from __future__ import annotations

from interlock.engine.rules_schema_kinds import (
    ANYTHING,
    FLAG,
    HEADERS,
    NUMBER,
    PATH,
    TEXT,
    TEXTS,
    Schema,
    any_of,
    items,
    record,
    says,
)
from interlock.policy.argument import argument_members
from interlock.policy.compare import COMPARISONS

__all__ = ["ABOUT", "COMPARED", "PROPOSE", "SEND"]

COMPARED: dict[str, Schema] = {
    "path": says(PATH, "Where to look in the JSON body."),
    "equals": says(ANYTHING, "This value, type included."),
    "in": says({"type": "array", "minItems": 1}, "One of these values."),
    "matches": says(TEXTS, "A text like one of these; `*` stands for any characters."),
    "less_than": says(NUMBER, "Below it."),
    "at_most": says(NUMBER, "Not above it."),
    "more_than": says(NUMBER, "Above it."),
    "at_least": says(NUMBER, "Not below it."),
    "exists": says(FLAG, "Whether anything is there; stands alone."),
}
_VALUE = any_of(TEXT, NUMBER, FLAG)
_WHERE: dict[str, Schema] = {
    **{name: COMPARED[name] for name in (*COMPARISONS, "exists")},
    "not": says(any_of(_VALUE, items(_VALUE)), "None of these."),
}


def _named(what: str, only: str, never: str, words: tuple[str, str]) -> Schema:
    """A list of names, or a mapping of names that must and must not be there."""
    return any_of(TEXTS, record(what, (), {words[0]: says(TEXTS, only), words[1]: says(TEXTS, never)}))


_SAYS: dict[str, Schema] = {
    "tables": says(
        _named("tables", "Every table must be one of these.", "No table may be one of these.", ("only", "not")),
        "SQL: the tables it touches, read or written, as in orders, sales.*; to permit, all of them.",
    ),
    "columns": says(
        _named("columns", "Every column must be one of these.", "No column may be one of these.", ("only", "not")),
        "SQL: the columns it touches, as in customers.ssn, orders.*; to permit, all of them.",
    ),
    "flags": says(
        _named("flags", "It carries one of these.", "It carries none of these.", ("any", "not")),
        "What the analysis found, as in opaque: one of these, or none of those under `not`.",
    ),
    "where": says(
        {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": any_of(_VALUE, items(_VALUE), record("a comparison", (), _WHERE)),
        },
        "Its other arguments by name or JSONPath: a value, several, or a comparison.",
    ),
}
ABOUT: dict[str, Schema] = {name: _SAYS.get(name, ANYTHING) for name in argument_members()}
"""Conditions on operations, by member."""

_SEND: dict[str, Schema] = {
    "at": says(TEXT, 'Method and target, as in "POST /v1/query".'),
    "body": says(ANYTHING, "The JSON body."),
    "headers": says(HEADERS, "Headers."),
}
_PROPOSE: dict[str, Schema] = {"tool": says(TEXT, "The tool."), "input": says(ANYTHING, "Its input.")}
SEND: Schema = says(record("send", ("at",), _SEND), "A request.")
PROPOSE: Schema = says(record("propose", ("tool",), _PROPOSE), "With on: agent, a tool call of a model's reply.")
