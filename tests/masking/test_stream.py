"""What a stream holds, for how long, and what happens at its limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking import Literal, Masker, MaskRule, known_detectors
from interlock.masking.detector import MAX_HOLD
from interlock.model import Secret

KEY = b"k" * 32
BEGIN, END = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
ALL = Masker([MaskRule("all", detect=tuple(known_detectors()), action="hash", min_confidence="low")], KEY)
BITS = st.sampled_from(
    ["4111", " ", "1111", "-", "DE89", "3704", "erika", "@", "example", ".", "com", "+49", "30", "(212)", "555", "0147",
     "eyJ", "hbGciOi", "sk-", "ant-", "aB3", "123-45-6789", "\n", "é", "\u00a0", "\ud83d", "😀", BEGIN, END, "s3cret",
     "/x", "postgres://u:", "p4ss", "192.0.2.1", "AKIAIOSFODNN7EXAMPLE", "word", "\0", "ghp_", "12/27"]
)  # fmt: skip


@given(bits=st.lists(BITS, max_size=30), cuts=st.lists(st.integers(1, 9), min_size=1, max_size=9))
@settings(max_examples=100, deadline=None)
def test_any_chunking_gives_the_same_as_the_whole(bits, cuts):
    """Text made of torn values, cut anywhere, is masked like the whole; the findings are the same too."""
    text = "".join(bits)
    masker = ALL.with_literals([Literal(Secret("s3cret/xerika"))])
    whole = masker.text(text)
    stream, shown, at, turn = masker.stream(), [], 0, 0
    while at < len(text):
        size = cuts[turn % len(cuts)]
        shown.append(stream.feed(text[at : at + size]))
        at, turn = at + size, turn + 1
    assert "".join(shown) + stream.close() == whole.text
    assert tuple(stream.findings) == whole.findings


def test_plain_words_are_not_held():
    """Benign text goes on at once but for its last word, so that the reader sees it come."""
    stream = Masker([MaskRule("r", detect=tuple(known_detectors()))], KEY).stream()
    assert stream.feed("The quick brown fox jumps. ") == "The quick brown fox jumps. "
    assert stream.feed("over the lazy dog\n") == "over the lazy dog\n"


def test_a_private_key_is_held_until_it_ends_and_then_masked():
    """Nothing of a key is given out while it comes; what follows its end goes on."""
    stream = Masker([MaskRule("r", detect=("private-key",))], KEY).stream()
    assert stream.feed(f"key: {BEGIN}\n") == "key: "
    for _ in range(20):
        assert stream.feed("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n") == ""
    assert stream.feed(f"{END} after ") == "[redacted:private-key] after "


def test_a_key_that_does_not_end_masks_the_rest():
    """Beyond the hold limit the rest of the block is masked, and memory does not grow with it."""
    stream = Masker([MaskRule("r", detect=("private-key",), action="hash")], KEY).stream()
    shown = stream.feed(f"key: {BEGIN}\n")
    for _ in range(2000):
        shown += stream.feed("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n")
        assert len(stream._text) <= MAX_HOLD + 1024
    shown += stream.feed(f"{END} and more") + stream.close()
    assert shown == "key: [redacted:private-key]"
    assert [finding.action for finding in stream.findings] == ["redact"]


def test_more_than_the_limit_undecided_masks_the_rest():
    """A token without an end cannot make the gateway hold without bound: it is masked to the end."""
    stream = Masker([MaskRule("r", detect=("jwt",))], KEY).stream()
    shown = "".join(stream.feed("x eyJ" + "a" * 60) for _ in range(1))
    for _ in range(400):
        shown += stream.feed("b" * 64)
        assert len(stream._text) <= MAX_HOLD + 1024
    assert shown + stream.close() == "x [redacted:hold-limit]"
    assert stream.findings[0].rule == "hold-limit"


def test_a_closed_stream_begins_anew():
    """Nothing of one block reaches into the next, and offsets begin at 0 again."""
    stream = Masker([MaskRule("r", detect=("email",))], KEY).stream()
    assert stream.feed("é erika@exam") + stream.close() == "é erika@exam"
    assert stream.feed("é ple.com a@example.com") + stream.close() == "é ple.com [redacted:email]"
    assert [finding.place for finding in stream.findings] == ["offset 10"]


def test_offsets_count_code_points_of_the_original():
    """A finding's place in text is its offset in the unmasked text, in code points."""
    result = Masker([MaskRule("r", detect=("email",))], KEY).text("é😀 a@example.com, b@example.com")
    assert [finding.place for finding in result.findings] == ["offset 3", "offset 18"]


def test_drop_leaves_nothing_and_nullify_reads_as_redact():
    """Plain text has no members and no null."""
    for action, expected in {"drop": "to !", "nullify": "to [redacted:email]!", "last4": "to ****.com!"}.items():
        assert (
            Masker([MaskRule("r", detect=("email",), action=action)], KEY).text("to erika@example.com!").text
            == expected
        )


@pytest.mark.parametrize("before", ["", "a", "ab"])
@pytest.mark.parametrize("name", ["email", "date-of-birth", "phone"])
def test_text_without_blanks_is_cut_between_characters(name, before):
    """Chinese has none: what is held at most ends where a character does."""
    stream = Masker([MaskRule("one", detect=(name,))], b"k" * 32).stream()
    text = before + "年" * 600
    assert "".join(map(stream.feed, text)) + stream.close() == text
