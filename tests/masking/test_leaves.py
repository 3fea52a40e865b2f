"""All texts of a document, joined and one by one, are the same and in the same order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.leaves import leaves_at, number_text, texts_of
from interlock.masking.scan import encode

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["\0", "\ud800"]),
)
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4)
)


@given(document=documents)
@settings(max_examples=100, deadline=None)
def test_an_offset_in_the_joined_texts_leads_to_its_text(document):
    """Whatever the texts hold, NUL among them, every offset belongs to the text it stands in."""
    texts, places = texts_of(document)
    offsets, at = [], 0
    for text in texts:
        offsets.append(at)
        at += len(encode(text)) + 1
    found = leaves_at(texts, places, encode("\0".join(texts)), offsets)
    assert sorted(leaf.text for leaf in found) == sorted(texts)
    for leaf in found:
        holder = document
        for part in leaf.location[:-1] if leaf.is_key else leaf.location:
            holder = holder[part]
        assert (
            leaf.text in holder
            if leaf.is_key
            else leaf.text == (holder if isinstance(holder, str) else number_text(holder))
        )


def test_numbers_are_written_out():
    """A number that can be an identifier has no exponent and no empty fraction."""
    assert number_text(4111111111111111) == "4111111111111111"
    assert number_text(4111111111111111.0) == "4111111111111111"
    assert number_text(1e300) == "1e+300"
    assert texts_of({"a": 12, "b": 1234567890, "c": True})[0] == ["a", "b", "c", "1234567890"]


def test_many_texts_of_one_list_are_found_in_one_go():
    """To look through the list for each of them took ten seconds for a body of a quarter of a megabyte."""
    document = [[4111111111111111] * 50_000, *([{"n": 4111111111111111}] * 50_000)]
    texts, places = texts_of(document)
    joined = encode("\0".join(texts))
    found = leaves_at(texts, places, joined, [at for at, byte in enumerate(joined) if byte == ord("4")])
    assert len(found) == 100_000
    assert {leaf.location for leaf in found} == {
        *((0, index) for index in range(50_000)),
        *((index, "n") for index in range(1, 50_001)),
    }
