"""Texts in pieces that are spelled in another way than they read: masked as the whole text is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.masking.test_readings import MASKER, WAYS

from interlock.masking import Masker, MaskRule
from interlock.masking.respelled import spelled_until

KEY_BLOCK = "-----BEGIN\\u0020PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"


def _streamed(masker: Masker, pieces: list[str]) -> str:
    stream = masker.stream()
    return "".join([*(stream.feed(piece) for piece in pieces), stream.close()])


def _whole(masker: Masker, text: str) -> str:
    return masker.fields(text, "text").text


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize(("text", "masked"), WAYS)
def test_at_every_chunking(text, masked):
    """From one character up; alone, in the middle of a text, and twice; and the text as one piece."""
    for told, shown in [
        (text, masked),
        (f"to {text}, now", f"to {masked}, now"),
        (f"{text} {text}", f"{masked} {masked}"),
    ]:
        assert MASKER.text(told).text == shown
        for size in range(1, len(told) + 1):
            assert _streamed(MASKER, _cut(told, size)) == shown


PARTS = [
    "erika@example.com", "erika\\u0040example.com", "erika%2540example.com", "erika&#64;example.com",
    "4111 1111 1111 1111", "\uff14111\u200b1111\u200b1111\u200b1111", "\\u0041KIA", "IOSFODNN7EXAMPLE", "phone: ",
    "\\x70hone: ", "+49 170 1234567", "\u6f22\u5b57\u3002", "%", "%25", "25", "40", "\\", "\\\\", "u00", "x4", "&",
    "&#", "0064", ";", "\u200b", "\u200b\u200b", " ", "\n", "a", ".", "@", "\u0664", "100%25",
    "\U0001f469\u200d\U0001f469",
]  # fmt: skip


@given(parts=st.lists(st.sampled_from(PARTS), max_size=14), sizes=st.lists(st.integers(1, 9), min_size=1, max_size=6))
@example(parts=["erika%25", "25", "40", "example.com"], sizes=[7, 2])
@example(parts=["phone: ", *["\\x20"] * 30, "+49 170 1234567"], sizes=[3])
@settings(max_examples=300, deadline=None)
def test_pieces_are_the_whole(parts, sizes):
    """Whatever stands next to what, wherever it is torn."""
    text, pieces, at, number = "".join(parts), list[str](), 0, 0
    while at < len(text):
        pieces.append(text[at : at + sizes[number % len(sizes)]])
        at, number = at + len(pieces[-1]), number + 1
    assert _streamed(MASKER, pieces) == _whole(MASKER, text)


def test_a_long_stream_keeps_little(monkeypatch):
    """Signs everywhere and never a value: what has gone out is forgotten, in the reading as well."""
    stream = MASKER.stream()
    told = "\u6f22\u5b57\u3002 100%25 &#65; \\u0041bc "
    shown = "".join(stream.feed(told) for _ in range(2000))
    assert len(stream._text) < 1000
    assert len(stream._respelled._plain) < 1000
    assert len(stream._respelled._edges) < 1000
    assert shown + stream.close() == told * 2000


def test_one_escape_does_not_cost_twice_for_ever():
    """Once the text reads as it stands again it is looked at once."""
    stream = MASKER.stream()
    assert stream.feed("a &#64; b ") + stream.feed("and so on, " * 30) == "a &#64; b " + "and so on, " * 30
    assert stream._respelled._cursors is None
    assert stream.feed("erika&#64;") + stream.feed("example.com ") + stream.close() == "[redacted:email] "


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_a_block_whose_opening_is_spelled_otherwise(size):
    """It is one value up to its end."""
    masker = Masker([MaskRule("keys", detect=("private-key",))], b"k" * 32)
    text = f"key {KEY_BLOCK} end"
    shown = _streamed(masker, _cut(text, size))
    assert shown == _whole(masker, text)
    assert "MIIEvQ" not in shown
    assert shown.endswith(" end")


def test_what_never_ends_is_masked():
    """More invisible characters within a word than are held: nothing of it passes."""
    stream = MASKER.stream()
    shown = (
        "".join(stream.feed(piece) for piece in ["to erika", *["\u200b" * 500] * 40, "@example.com"]) + stream.close()
    )
    assert "erika" not in shown
    assert "example" not in shown


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("a", 1), ("a\\", 1), ("a\\\\\\", 1), ("a\\u", 1), ("a\\u0", 1), ("a\\u00", 1), ("a\\u004", 1), ("a\\u0040", 7),
        ("a\\x", 1), ("a\\x4", 1), ("a\\x40", 5), ("a\\n", 3), ("a%", 1), ("a%2", 1), ("a%25", 1), ("a%2525", 1),
        ("a%254", 1), ("a%2540", 6), ("a%41", 4), ("a&", 1), ("a&#", 1), ("a&#x", 1), ("a&#x0004", 1), ("a&#0064", 1),
        ("a&#64;", 6), ("a&b", 3), ("\\a\\", 2), ("deadbeef", 8),
    ],
)  # fmt: skip
def test_an_escape_that_may_have_begun_waits(text, end):
    """Up to its beginning everything is known."""
    assert spelled_until(text.encode()) == end


@pytest.mark.parametrize(
    "text", ["\\" * 200_000, "%25" * 70_000, "&#0" * 70_000, "\\a" * 100_000, "&#" + "0" * 200_000]
)
def test_finding_it_takes_linear_time(text):
    """Also where nothing but beginnings stands; what is not linear takes hours."""
    assert spelled_until(text.encode()) <= len(text)
