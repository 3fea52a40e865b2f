"""`interlock` as a whole: every command is found, explains itself with examples, and fails like a tool."""

from __future__ import annotations

import pkgutil
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock

from interlock import __version__, cli

COMMANDS = [info.name for info in pkgutil.iter_modules(cli.__path__) if not info.name.startswith("_")]


def test_every_file_is_a_command(interlock: Interlock) -> None:
    """No list to edit."""
    shown = interlock("--help")
    assert shown.code == 0
    assert {"check", "decide", "exec", "run", "sessions", "token", "verify"} <= set(COMMANDS)
    assert all(name in shown.out for name in COMMANDS)
    assert interlock("--version").out == f"interlock {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples(interlock: Interlock, name: str) -> None:
    """Somebody who never used it can begin."""
    shown = interlock(name, "--help")
    assert shown.code == 0
    assert "Examples" in shown.out
    assert f"interlock {name}" in shown.out


def test_our_own_errors_are_words_and_a_status(interlock: Interlock, tmp_path: Path) -> None:
    """Standard error, status 1, no traceback; what to do stands below."""
    done = interlock("token", "--rules", tmp_path / "none")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("interlock: ")
    assert "Traceback" not in done.err


def test_a_wrong_option_is_a_usage_error(interlock: Interlock) -> None:
    """Status 2, as everywhere."""
    assert interlock("check", "--no-such-option").code == 2
