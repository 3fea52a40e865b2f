"""The options of `exec`: the agent's own are left alone, and a secret is never an argument."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Interlock

from interlock.cli import _exec_options


def test_every_option_is_public() -> None:
    """None is declared and forgotten."""
    assert all(hasattr(_exec_options, name) for name in _exec_options.__all__)


def test_options_after_the_command_are_the_agents(interlock: Interlock, tmp_path: Path) -> None:
    """`--token-url` behind the command is not ours: what is missing is said as if it were not there."""
    done = interlock("exec", "--rules", tmp_path / "none", "agent", "--token-url", "https://idp.example.com/token")
    assert done.code == 1
    assert "nothing says where tokens come from" in done.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--token-url", "https://idp.example.com/token"], "needs --client-id"),
        (["--token-url", "http://idp.example.com/token", "--client-id", "a"], "https://"),
        (
            ["--token-url", "https://idp.example.com/t", "--client-id", "a", "--client-secret", "canary-secret"],
            "env:NAME",
        ),
        (
            ["--token-url", "https://idp.example.com/t", "--client-id", "a"],
            "is not there (env:INTERLOCK_CLIENT_SECRET)",
        ),
        (["--token-command", "x", "--token-file", "y"], "several token sources"),
    ],
)
def test_token_sources_are_checked_before_anything_starts(
    interlock: Interlock, arguments: list[str], says: str
) -> None:
    """A secret that was typed by mistake is not repeated."""
    done = interlock("exec", *arguments, "--", "true")
    assert done.code == 1
    assert says in done.err
    assert "canary-secret" not in done.err + done.out
