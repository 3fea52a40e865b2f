"""Several detectors together."""

from __future__ import annotations

from interlock.masking import Detector
from interlock.masking.scan import Scanner, encode

WORD = Detector("word", "ab+c?", (), (), chars="abc", length=0)


def test_a_scanner_without_detectors_finds_nothing():
    """No detectors, no work."""
    scanner = Scanner([])
    assert scanner.suspects(b"x") == ()
    assert scanner.hits(b"x") == []


def test_values_that_json_escapes_are_known():
    """A scanner says whether its values can hold what JSON writes with a backslash."""
    assert not Scanner([WORD]).escapable
    assert Scanner([Detector("q", '"', (), (), chars='"')]).escapable


def test_lone_surrogates_are_text_too():
    """JSON can hold half a pair; searching it does not fail."""
    assert Scanner([WORD]).hits(encode("\ud800 ab"))[0].start == 4
