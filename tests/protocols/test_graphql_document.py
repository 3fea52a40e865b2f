"""What a GraphQL document asks for."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.graphql_document import read_operations

BOTH = [("mutation", "drop"), ("mutation", "wipe")]
CHAIN = " ".join(f"fragment F{n} on M {{ ...F{n + 1} ...F{n + 1} }}" for n in range(1, 40))


def told(text: str, **variables: JSON) -> list[tuple[str, str]]:
    """Kind and name of each field at the top."""
    return [(asked.kind, asked.name) for asked in read_operations(text, variables)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { name } }", [("query", "me")]),
        ("query Q { me { name } other }", [("query", "me"), ("query", "other")]),
        ("{ me: deleteEverything }", [("query", "deleteEverything")]),
        ("mutation { a: drop(x: 1) b: drop(x: 2) }", [("mutation", "drop"), ("mutation", "drop")]),
        ("subscription { ticks }", [("subscription", "ticks")]),
        ("mutation { ...F } fragment F on M { drop ...G } fragment G on M { wipe }", BOTH),
        ("mutation { ... on M { drop } ... @include(if: false) { wipe } }", BOTH),
        ("mutation { drop @skip(if: true) }", [("mutation", "drop")]),
        ("query A { a } mutation B { b }", [("query", "a"), ("mutation", "b")]),
        ("{ __schema { types { name } } __typename }", [("query", "__schema"), ("query", "__typename")]),
        ("#{a}\n{ b }", [("query", "b")]),
        ("\ufeff{ b }", [("query", "b")]),
    ],
)  # fmt: skip
def test_fields_at_the_top_are_found(text: str, expected: list[tuple[str, str]]) -> None:
    """Through aliases, fragments and directives, in every operation."""
    assert told(text) == expected


def test_arguments_hold_the_values_of_variables() -> None:
    """Given ones, defaults, nothing; in lists and objects; and what lies below is named by its path."""
    (asked,) = read_operations(
        'query Q($a: String, $b: Int = 7, $c: I) { f(s: $a, n: [$b, {x: $c}], e: E, t: """x\n  y""") '
        "{ id owner { mail(kind: $a) ...P } } } fragment P on O { phone }",
        {"a": "DROP"},
    )
    assert asked.arguments == {"s": "DROP", "n": ["7", {"x": None}], "e": "E", "t": "x\ny"}
    assert asked.fields == ("id", "owner", "owner.mail", "owner.phone")
    assert asked.below == {"owner.mail": {"kind": "DROP"}, "$": {"a": None, "b": "7", "c": None}}
    assert asked.operation == "Q"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{ }",
        "{ a } }",
        "type T { a: Int }",
        "{ a } type T { a: Int }",
        "fragment F on M { a }",
        "{ ...F }",
        "{ ...F } fragment F on M { ...G } fragment G on M { ...F }",
        "{ ...F } fragment F on M { a } fragment F on M { drop }",
        "{ a } { b }",
        "query A { a } { b }",
        "query A { a } query A { b }",
        "{ a(x: 1, x: 2) }",
        "{ a(x: {y: 1, y: 2}) }",
        "{ a" * 300 + "}" * 300,
        "{" + "a " * 9000 + "}",
        "{ a(x: " + "[" * 400 + "]" * 400 + ") }",
        "{ ...F1 } " + CHAIN + " fragment F40 on M { a }",
        "#" * 300_000 + "\n{ a }",
        "{ a \x00 }",
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused_at_once(text: str) -> None:
    """Broken, circular, doubled, endless."""
    began = time.process_time()
    with pytest.raises(BodyRejected):
        read_operations(text, {})
    assert time.process_time() - began < 20  # what is not linear takes minutes


@given(st.text('{}()[]:$!@."#ab &|=\n', max_size=60) | st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_nothing_else_is_raised(text: str) -> None:
    """On any text."""
    try:
        read_operations(text, {})
    except BodyRejected:
        return
