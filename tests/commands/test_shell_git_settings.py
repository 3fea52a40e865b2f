"""Settings of git."""

from __future__ import annotations

import pytest

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_git_settings import SAFE_CONFIG, changes


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("user.name Erika", "read"), ("--global credential.helper", "read"), ("core.hooksPath /tmp/x", "unknown"),
        ("--global init.templateDir /tmp/x", "unknown"), ("remote.origin.url x", "admin"), ("alias.x !id", "unknown"),
        ("url.https://x.example.com/.insteadOf https://github.com/", "unknown"),
        ("url.https://github.com/.insteadOf git@github.com:", "admin"),
        ("url.https://x.example.com/.insteadOf https://github.com/ https://x.example.com", "unknown"),
    ],
)  # fmt: skip
def test_a_setting_is_told_by_its_name(words: str, action: str) -> None:
    """One that is only asked for changes nothing; one that names a program is not understood."""
    verdict = Verdict()
    changes(words.split(), verdict)

    assert verdict.action == action


def test_safe_settings_start_nothing() -> None:
    """A pager is safe only as `cat`."""
    assert SAFE_CONFIG.match("core.pager=cat")
    assert not SAFE_CONFIG.match("core.pager=sh")
