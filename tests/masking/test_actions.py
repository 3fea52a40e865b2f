"""What stands in the place of a value, and how overlapping spans become one."""

from __future__ import annotations

import itertools

import pytest

from interlock.masking.actions import ACTIONS, Span, digest, merge, replacement

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("4111 1111 1111 1234", "****1234"),
        ("DE89 3704 0044 0532 0130 00", "****3000"),
        ("erika.mustermann@example.com", "****.com"),
        ("1234567", "****"),
        ("secret", "****"),
        ("", "****"),
        ("fifteen letters", "****"),
    ],
)
def test_last4_shows_four_only_of_what_is_long_enough(value, shown):
    """Four of eight digits or of sixteen characters may be seen; of less, nothing."""
    assert replacement("last4", "x", value, KEY) == shown


def test_each_action_has_its_text():
    """Redact names what it hides, hash is the value's keyed mark, drop is nothing."""
    assert replacement("redact", "email", "a@b.de", KEY) == "[redacted:email]"
    assert replacement("nullify", "email", "a@b.de", KEY) == "[redacted:email]"
    assert replacement("drop", "email", "a@b.de", KEY) == ""
    assert replacement("hash", "email", "a@b.de", KEY) == f"<email:{digest(KEY, 'hash', b'a@b.de')}>"
    assert digest(KEY, "hash", b"x") != digest(KEY, "finding", b"x") != digest(b"o" * 32, "finding", b"x")


def test_overlapping_spans_become_one_with_the_strongest_action():
    """The union is covered, whatever the order in which spans are found."""
    for actions in itertools.combinations(reversed(ACTIONS), 4):
        spans = [Span(at, at + 4, action, action, action, action) for at, action in enumerate(actions)]
        for order in itertools.permutations(spans):
            (merged,) = merge(order)
            assert (merged.start, merged.end, merged.action, merged.rule) == (0, 7, actions[-1], actions[-1])


def test_spans_that_only_touch_stay_apart():
    """Two values side by side are two findings."""
    spans = [Span(4, 8, "redact", "r", "b", "b"), Span(0, 4, "hash", "r", "a", "a")]
    assert [span.label for span in merge(spans)] == ["a", "b"]


def test_an_open_span_takes_all_that_follows():
    """What has no end covers everything after it."""
    spans = [Span(0, 4, "redact", "r", "a", "a", open=True), Span(90, 99, "drop", "r", "b", "b")]
    assert [(span.end, span.action, span.open) for span in merge(spans)] == [(99, "drop", True)]


def test_equals_are_decided_by_name_not_by_order():
    """Two rules that are equally strong give one result, whichever finds first; a stream depends on it."""
    one, other = Span(0, 4, "redact", "r", "b", "b"), Span(0, 4, "redact", "r", "a", "a")
    assert merge([one, other]) == merge([other, one])
    assert merge([one, other])[0].label == "a"
