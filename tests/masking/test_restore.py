"""Tokens become values again: where they are known, and without touching anything else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.restore import has_tokens, restore_all, restore_at, tokens_in
from interlock.paths import PathSet, compile_path

A, B, LOST = "<email:AAAAAAAAAAAAAAAA>", "<name:BBBBBBBBBBBBBBBB>", "<email:CCCCCCCCCCCCCCCC>"
KNOWN = {A: "erika@example.com", B: 'O"Neil\\ \n é'}


def _all(body: str) -> Any:
    raw = body.encode()
    return restore_all(raw, json.loads(raw), lambda token, _: KNOWN.get(token))


@pytest.mark.parametrize(
    ("body", "restored"),
    [
        (f'{{ "a" : "{A}" }}', '{ "a" : "erika@example.com" }'),
        (f'["x {A}, {A} y", 1.0]', '["x erika@example.com, erika@example.com y", 1.0]'),
        (f'{{"{A}": {{"{A}": "{A}"}}}}', '{"erika@example.com": {"erika@example.com": "erika@example.com"}}'),
        (f'["{B}"]', '["O\\"Neil\\\\ \\n é"]'),
        ('["\\u003cemail:AAAAAAAAAAAAAAAA\\u003E"]', '["erika@example.com"]'),
        (json.dumps([json.dumps({"a": A})]), json.dumps([json.dumps({"a": KNOWN[A]})])),
        (f'"{A}"', '"erika@example.com"'),
    ],
)
def test_values_are_back_and_all_else_stays(body: str, restored: str) -> None:
    """In strings and names, whatever the encoder; the very bytes around them."""
    found = _all(body)

    assert found.body.decode() == restored
    assert set(found.tokens) <= set(KNOWN)
    assert len(found.tokens) == len(found.places)
    assert has_tokens(body.encode())
    assert KNOWN[A] not in repr(found)


@pytest.mark.parametrize(
    "body",
    [
        f'["{LOST}"]',
        '["<email:AAAAAAAAAAAAAAA>", "&lt;email:AAAAAAAAAAAAAAAA&gt;"]',
        f'{{"{A}": 1, "erika@example.com": 2}}',
    ],
)
def test_what_is_not_known_stays_to_the_byte(body: str) -> None:
    """Invented tokens, broken ones, and a name that would stand twice."""
    found = _all(body)

    assert found.body.decode() == body


@given(
    st.recursive(
        st.sampled_from([A, B, LOST, "x", "<", "", f"a{A}b"]) | st.integers(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "b<", A]), inner, max_size=3),
        max_leaves=12,
    )
)
@settings(max_examples=80, deadline=None)
def test_restoring_says_the_same_as_writing_anew(document: Any) -> None:
    """Splices give what a new document would hold."""
    body = json.dumps(document, ensure_ascii=False).encode()

    def plain(value: Any) -> Any:
        if isinstance(value, str):
            for token, known in KNOWN.items():
                value = value.replace(token, known)
            return value
        if isinstance(value, list):
            return [plain(each) for each in value]
        return {plain(name): plain(each) for name, each in value.items()} if isinstance(value, dict) else value

    assert json.loads(_all(body.decode()).body) == plain(document)


def test_at_a_place_a_token_stands_alone() -> None:
    """Not within text, not elsewhere; not what is no string."""
    document = {"to": [A, f"Erika {A}", LOST, 7], "text": A, "cc": {"to": A}}
    body = json.dumps(document).encode()
    found = restore_at(body, document, PathSet([compile_path("$.to[*]")]), lambda token, _: KNOWN.get(token))

    assert json.loads(found.body) == {**document, "to": [KNOWN[A], f"Erika {A}", LOST, 7]}
    assert (found.tokens, found.places) == ((A,), ("/to/0",))
    assert tokens_in(f"{A} and {B}, {A}") == {A, B}
