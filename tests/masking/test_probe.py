"""One detector made ready to run."""

from __future__ import annotations

from interlock.masking import Detector
from interlock.masking.probe import Cursor, Probe

WORD = Detector("word", "ab+c?", (), (), chars="abc", length=0)


def test_a_candidate_counts_once_nothing_can_change_it():
    """While its run of characters goes on, a candidate is not given; then it is, once."""
    cursor = Cursor(Probe(WORD))
    assert cursor.advance(b"x ab", final=False) == ([], 2)
    hits, settled = cursor.advance(b"x abbc ", final=False)
    assert ([(hit.start, hit.end) for hit in hits], settled) == ([(2, 6)], 7)
    assert cursor.advance(b"x abbc ", final=True) == ([], 7)


def test_prefixes_and_beginnings_keep_the_hold_short():
    """What cannot begin a value is settled at once; the beginning of a prefix at the end is not."""
    probe = Probe(Detector("p", "key_[a-z_]+", (), (), chars="keyabcdefgh_", prefixes=("key_",)))
    assert Cursor(probe).advance(b"abc abcke", final=False)[1] == 7
    assert Cursor(probe).advance(b"abc abckx", final=False)[1] == 9
    assert Cursor(probe).advance(b"abc key_a", final=False)[1] == 4
    digits = Probe(Detector("d", "[0-9][0-9 ]+", (), (), chars="0123456789 ", begins="0123456789"))
    assert Cursor(digits).advance(b"a   ", final=False)[1] == 4
    assert Cursor(digits).advance(b"a  1 ", final=False)[1] == 3
