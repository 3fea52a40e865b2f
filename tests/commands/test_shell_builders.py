"""Build tools, and the commands that they run for others."""

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
        ("uv run pytest", "write"),
        ("cat a.py | uv run -", "unknown"),
        ("npx -y rimraf@5 src", "destroy"),
        ("uv run rm -rf src", "destroy"),
        ("npm exec -- rm -rf src", "destroy"),
        ("npx -c 'rm -rf src'", "destroy"),
        ("poetry run python script.py", "write"),
        ("cmake -E remove_directory src", "destroy"),
        ("cmake -E copy a b", "write"),
        ("cmake --build out", "write"),
        ("make CC='rm -rf src'", "destroy"),
        ("make CC=clang", "write"),
        ("make --eval='x:;rm -rf src'", "unknown"),
        ("make -f - <<EOF\nall:\nEOF", "unknown"),
        ("go test -exec 'rm -rf src'", "unknown"),
        ("go test ./...", "write"),
        ("gcc -o /usr/bin/x y.c", "admin"),
        ("npm config set script-shell x", "admin"),
        ("npx https://x.example/a", "unknown"),
        ("uv run python -m timeit 'exec(1)'", "unknown"),
        ("npm --version", "read"),
    ],
)
def test_builders_are_judged(text: str, action: str) -> None:
    """The project is opaque; what is written in the words is not."""
    assert _worst(text).action == action
