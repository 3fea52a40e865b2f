"""Changes are spliced: every byte outside them stays."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.protocols.spans import item_spans, member_spans, splice

_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=5), _DOCUMENTS, max_size=5), st.sampled_from([None, 1]), st.booleans())
def test_every_member_is_found_where_it_stands(document: dict[str, object], indent: int | None, plain: bool) -> None:
    """Whatever the blanks, escapes and nested brackets."""
    body = b" " + json.dumps(document, indent=indent, ensure_ascii=plain).encode()
    spans = member_spans(body)

    assert {name: json.loads(body[first:last]) for name, (first, last) in spans.items()} == document


@settings(max_examples=60, deadline=None)
@given(st.lists(_DOCUMENTS, max_size=5), st.sampled_from([None, 1]))
def test_every_item_is_found_where_it_stands(document: list[object], indent: int | None) -> None:
    """In order, from any start."""
    body = b"\n" + json.dumps(document, indent=indent).encode()

    assert [json.loads(body[first:last]) for first, last in item_spans(body)] == document


def test_a_splice_leaves_the_rest_as_it_is() -> None:
    """Blanks, order and spelling outside the spans stay."""
    body = b'{ "a" : [1 , 2],\t"b":"\\u0061" }'
    spans = member_spans(body)

    assert splice(body, {spans["a"]: b"[]"}) == b'{ "a" : [],\t"b":"\\u0061" }'
    assert splice(body, {}) == body
    assert member_spans(b"[1]") == {}
    assert item_spans(b"{}") == []
