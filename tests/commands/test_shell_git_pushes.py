"""Where git pushes to."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("git push --force-with-lease origin erika/try", "network"),
        ("git push -u --force-with-lease origin fix", "network"),
        ("git push --force-with-lease origin main", "destroy"),
        ("git push --force-with-lease", "destroy"),
        ("git push --force-with-lease origin +fix", "destroy"),
        ("git push --force-with-lease origin fix:main", "destroy"),
        ("git push --force-with-lease --force origin fix", "destroy"),
        ("git push --force-with-lease origin HEAD", "destroy"),
        ('git push --force-with-lease origin "$X"', "destroy"),
        ("git push --force-with-lease=fix origin fix fix2", "network"),
        ("git push https://git.example.com/a.git HEAD", "admin"),
        ("git push http://203.0.113.9/a.git HEAD", "admin"),
    ],
)  # fmt: skip
def test_pushes(text: str, action: str) -> None:
    """What replaces branches of one's own by name is a push; what may replace those of others is a deletion."""
    found = analyse(text, "shell")

    assert found[0].action == action
    assert ("exfiltration" in found[0].arguments["flags"]) is ("203.0.113.9" in text)
