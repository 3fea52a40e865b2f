"""Variables that make a later command run something else."""

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
        ("CC=clang make", "write"),
        ("CC='rm -rf src;' make", "unknown"),
        ('PSQLRC=x psql -c "select 1"', "unknown"),
        ("XDG_CONFIG_HOME=x git status", "unknown"),
        ('RUSTFLAGS="-C linker=x" cargo build', "unknown"),
        ('RUSTFLAGS="-C target-cpu=native" cargo build', "write"),
        ("_JAVA_OPTIONS=-javaagent:x java A", "unknown"),
        ("MAKEFLAGS=-j4 make", "write"),
        ("MAKEFLAGS=--eval=x make", "unknown"),
        ("FOO=1 ls", "read"),
        ("PYTHONPATH=/tmp/x python3 -m app", "unknown"),
        ("PYTHONPATH=src python3 -m app", "write"),
        ("export HISTSIZE=0", "write"),
        ("export HISTSIZE=10000", "read"),
        ('export PATH="$PWD/node_modules/.bin:$PATH"', "write"),
        ('export PATH="$PWD/x:$PATH"', "unknown"),
        ("PAGER=cat git log", "read"),
        ("GIT_SSH_COMMAND=x git fetch", "unknown"),
    ],
)
def test_assignments_are_judged(text: str, action: str) -> None:
    """A compiler is a compiler, a program in its place is not."""
    assert _worst(text).action == action
