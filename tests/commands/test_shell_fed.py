"""What xargs puts behind a command."""

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
        ("echo -delete | xargs find src", "destroy"),
        ("echo '-exec rm {} +' | xargs find .", "destroy"),
        ("xargs rm -rf <<< src", "destroy"),
        ("echo push -f | xargs git", "destroy"),
        ("find . -name x | xargs grep y", "read"),
        ("git ls-files | sort | xargs wc -l", "read"),
        ("cat list | xargs sed -i 's/a/b/'", "unknown"),
        ("git ls-files | xargs sed -i 's/a/b/'", "write"),
        ("cat list | xargs tar xf", "unknown"),
        ("cat list | xargs git push", "unknown"),
        ("cat list | xargs wc -l", "read"),
    ],
)
def test_what_comes_in_is_judged(text: str, action: str) -> None:
    """Known words are judged as they are, names of files as names, the rest as anything."""
    assert _worst(text).action == action


@pytest.mark.parametrize("times", [1, 20])
def test_words_that_come_in_are_bounded_in_all(times: int) -> None:
    """More of them than a script may put behind its commands are not read."""
    text = ("xargs rm <<E\n" + "a " * (20_000 // times) + "\nE\n") * times

    assert any("too-many-words" in str(one.arguments["flags"]) for one in analyse(text, "shell"))
