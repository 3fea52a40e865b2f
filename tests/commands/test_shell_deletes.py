"""Commands that delete files or empty them."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.model import Operation

_ORDER = ("read", "network", "write", "destroy", "admin", "unknown")


def _worst(text: str) -> Operation:
    found = [inner for operation in analyse(text, "shell") for inner in operation.walk()]
    return max(found, key=lambda operation: _ORDER.index(operation.action))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("gio trash src", "destroy"),
        ("gio trash --empty", "destroy"),
        ("gio list", "read"),
        ("trash-empty", "destroy"),
        ("rm notes.txt", "write"),
        ("rm --r src", "destroy"),
        ("rm -rf src", "destroy"),
        ("rm -rf build", "write"),
        ("rm -rf build src", "destroy"),
        ("rm -rf /tmp/x", "write"),
        ("rm -rf /tmp", "destroy"),
        ("rm -rf /tmp/", "destroy"),
        ("rm -rf /tmp/*", "destroy"),
        ("rm -rf /tmp/../srv", "destroy"),
        ("rm -rf /tmp/x/../../srv", "destroy"),
        ("rm -rf node_modules package-lock.json", "write"),
        ("rm -rf build/../src", "destroy"),
        ("rm -f *", "destroy"),
        ("rm -f [a-z]*", "destroy"),
        ("rm -f *.log", "write"),
        ("rm -f $(git ls-files)", "destroy"),
        ('rm -f "$tmp"', "write"),
        ("rm -$x src", "destroy"),
        ('for f in *; do rm "$f"; done', "destroy"),
        ('for f in *.tmp; do rm "$f"; done', "write"),
        ("rimraf src", "destroy"),
        ("truncate -s 0 *", "destroy"),
        ("truncate -s 0 a.log", "write"),
        ("find . -type f -exec dd of={} \\\\;", "destroy"),
        ("ls | xargs rm", "destroy"),
    ],
)
def test_deletes_are_told_apart(text: str, action: str) -> None:
    """A file is a write, a folder or any files are destruction, what tools fill is a write."""
    assert _worst(text).action == action
