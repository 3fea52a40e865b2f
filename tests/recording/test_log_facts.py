"""What trees say of a log fits together, or it does not."""

from __future__ import annotations

import pytest

from interlock.recording.log_facts import LogFacts
from interlock.recording.log_word import LogWord, word_of

_A, _B = "a" * 64, "b" * 64


def _heard(*turns: tuple[int, tuple[int, ...]], strength: int = 1, end: int = 9, unread: bool = False) -> LogFacts:
    facts = LogFacts()
    for number, (seq, starts) in enumerate(turns):
        word = LogWord(seq, _A, starts, end, f"2026-01-01T00:00:0{number}.000Z", unread)
        facts.event(word, f"leaves:{number}", strength)
    return facts


@pytest.mark.parametrize(
    ("turns", "fits"),
    [
        ([(4, (1,)), (9, (1,))], True),
        ([(4, (1,)), (9, (1, 7)), (20, (7, 15))], True),
        ([(4, (1,)), (20, (7, 15))], False),
        ([(4, (1,)), (5002, (5000,))], False),
        ([(9, (1, 7)), (9, (7,))], False),
        ([(9, (7,)), (9, (1, 7))], False),
        ([(9, (1,)), (12, (1, 7))], False),
    ],
    ids=["goes-on", "turns", "two-at-once", "anew", "half-gone", "half-added", "what-was-known-is-gone"],
)
def test_each_turn_is_the_next_one(turns: list[tuple[int, tuple[int, ...]]], fits: bool) -> None:
    """In whatever order trees are heard; what nobody signed proves nothing."""
    for order in (turns, turns[::-1]):
        assert (_heard(*order).ties().broken == ()) == fits
    assert _heard(*turns, strength=0).ties().broken == ()


def test_what_was_said_before_it_was_found_broken_speaks_of_another_log() -> None:
    """Also in a tree that is heard later; that it was broken stays."""
    facts = _heard((100, (1,)))
    facts.breaks(100, "it is gone", "2026-01-01T00:00:05.000Z", "leaves:5")
    facts.event(LogWord(3, _B, (1,), 9, "2026-01-01T00:00:06.000Z"), "leaves:6", 2)
    facts.event(LogWord(120, _A, (1,), 9, "2026-01-01T00:00:04.000Z"), "other:1", 2)
    facts.breaks(90, "it was cut", "2026-01-01T00:00:02.000Z", "other:2")
    ties = facts.ties()
    assert (dict(ties.events), ties.sure, facts.signed) == ({3: (_B, "leaves:6")}, 3, 3)
    assert ["it was cut" in ties.broken[0], "it is gone" in ties.broken[1]] == [True, True]


@pytest.mark.parametrize(("end", "unread"), [(0, False), (9, True)], ids=["older-version", "unreadable-half"])
def test_turns_that_nobody_saw_one_by_one_accuse_nobody(end: int, unread: bool) -> None:
    """Older versions (no `bytes`) may have missed some; a half without a readable beginning is none that is missing."""
    assert _heard((4, (1,)), (20, (15,)), end=end, unread=unread).ties().broken == ()
    assert word_of(LogWord(20, _A, (15,), 9, unread=unread).data()) == LogWord(20, _A, (15,), 9, unread=unread)
