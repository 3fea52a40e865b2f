"""Loops over any files."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ('for f in *; do rm "$f"; done', True),
        ('for f in $(ls); do rm "$f"; done', True),
        ('while read -r f; do rm "$f"; done < list', True),
        ('for f in *; do > "$f"; done', True),
        ('for f in *.tmp; do rm "$f"; done', False),
        ('for f in a b; do rm "$f"; done', False),
        ('for f; do rm "$f"; done', True),
        ('clean() { for f; do rm "$f"; done; }; clean a b', True),
        ('for f; do echo "$f"; done', False),
        ("for f in *; do rm notes.txt; done", False),
    ],
)
def test_wide_loops(text: str, wide: bool) -> None:
    """Deleting the loop's variable deletes them all."""
    assert any("wide-delete" in operation.arguments["flags"] for operation in analyse(text, "shell")) is wide
