"""gh and glab."""

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
        ("gh pr list", "network"),
        ("gh pr create --title x", "network"),
        ("gh repo delete x --yes", "destroy"),
        ("gh api repos/a", "network"),
        ("gh api -X DELETE repos/a", "destroy"),
        ("gh api repos/a -f name=x", "admin"),
        ("gh api repos/a/b/issues/1/comments -f body=x", "write"),
        ("gh api -X DELETE repos/a/b/issues/1/comments", "destroy"),
        ("gh api graphql -f query='query { viewer { login } }'", "network"),
        ("gh api graphql -f query='mutation { x }'", "admin"),
        ("gh api graphql -f query=@x.graphql", "admin"),
        ("gh alias set x '!rm -rf src'", "unknown"),
        ("gh secret set X", "admin"),
        ("gh secret list", "network"),
        ("glab mr list", "network"),
        ("gh $x", "unknown"),
    ],
)
def test_forges_are_judged(text: str, action: str) -> None:
    """Topic and verb say what happens at the forge."""
    assert _worst(text).action == action
