"""What masking left is known for what it is, and nothing else is taken for it."""

from __future__ import annotations

import pytest

from interlock.replay.marks import MARKS, MASKED


@pytest.mark.parametrize("left", ["[redacted:email]", "<email:0123456789abcdef>", "<person:ABCDEFGH234567AB>"])
def test_what_a_mask_left_is_known(left: str) -> None:
    """In bytes and in texts alike."""
    assert MARKS.fullmatch(left.encode())
    assert MASKED.search(f"/files/{left}/x")


@pytest.mark.parametrize("other", ["<soap:Envelope>", "[redacted]", "<email:0123>", "a <b> c", "orders", ""])
def test_other_texts_are_themselves(other: str) -> None:
    """Markup, for one."""
    assert not MARKS.search(other.encode())
    assert not MASKED.search(other)


def test_what_people_are_shown_in_its_place_counts_in_texts() -> None:
    """As an approval shows it."""
    assert MASKED.search("⟦email, 12 characters⟧")
