"""Streams are torn without losing anything."""

from __future__ import annotations

import pytest

from interlock.demo.model_stream import pieces, tear


@pytest.mark.parametrize("size", [0, 1, 7, 100])
def test_parts_make_the_whole(size: int) -> None:
    """Deltas and writes put together are what was to be sent."""
    words = "Räume auf – rm -rf \\" * 9

    assert "".join(tear(words, size)) == words
    assert b"".join(pieces(words.encode(), size or 3)) == words.encode()
    assert tear("", size) == [""]
