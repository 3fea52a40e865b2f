"""Lines as they come, bounded."""

from __future__ import annotations

import io

import pytest

from interlock.cli._lines import id_of, lines


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


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b'{"id": 7, "doc": {"a": NaN}}', b"7"),
        (b'{"id":"a\\"b","text":"\\ud800"}', b'"a\\"b"'),
        (b'{"id": "x", "doc": {"a": 1', b'"x"'),
        (b'{"id": "\xff", "doc": 1', b"null"),
        (b'{"id": "\\q", "doc": 1', b"null"),
        (b'{"id": [1], "doc": NaN}', b"null"),
        (b'{"doc": NaN, "id": 7}', b"null"),
        (b'{"id": "' + b"x" * 300 + b'", ', b"null"),
        (b"not JSON", b"null"),
    ],
)
def test_the_id_of_a_line_that_cannot_be_read(raw: bytes, found: bytes) -> None:
    """Where it stands first and is plain it is told, so that the answer finds its question; elsewhere there is none."""
    assert id_of(raw) == found
