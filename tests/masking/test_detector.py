"""What a detector may be, and the helpers of judges."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.masking import Detector
from interlock.masking.detector import fullest, is_word, separate


def test_a_detector_cannot_look_again_without_a_longest_length():
    """Looking again inside unbounded candidates would cost the square of the text."""
    with pytest.raises(InterlockError):
        Detector("x", "a+", (), (), chars="a", retry=True)


def test_a_detector_hides_its_pattern():
    """Literals become detectors, so a detector's repr shows no pattern."""
    assert "secret" not in repr(Detector("x", "secret", (), (), chars="secrt"))


def test_words_end_where_the_text_ends():
    """There is no word before the beginning or after the end."""
    assert not is_word(b"a", -1)
    assert not is_word(b"a", 1)
    assert is_word(b"a_", 1)
    assert separate(b" ab ", 1, 3)
    assert list(fullest(b"xab", 1, 3)) == []
    assert list(fullest(b" ab", 1, 3)) == [(1, 3, "high")]
