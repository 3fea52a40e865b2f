"""Lines as they come, bounded."""

from __future__ import annotations

import io

import pytest

from interlock.cli._lines import lines


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", []),
        (b"a\nb\n", [(1, b"a"), (2, b"b")]),
        (b"a\n\n  \nb", [(1, b"a"), (4, b"b")]),
        (b"12345678901\nb\n", [(1, None), (2, b"b")]),
        (b"123456789\nb", [(1, b"123456789"), (2, b"b")]),
        (b"x" * 99, [(1, None)]),
        (b"a\r\nb", [(1, b"a"), (2, b"b")]),
    ],
)
def test_lines(raw: bytes, found: list[tuple[int, bytes | None]]) -> None:
    """Numbered, without their ends and the empty ones; one that is too long is passed over."""
    assert list(lines(io.BytesIO(raw), 10)) == found
