"""Calls of PowerShell and cmd from a shell."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("pwsh -c 'Get-ChildItem'", "shell.read", "powershell"),
        ("powershell -NoProfile -Command Remove-Item -Recurse x", "shell.destroy", "recursive-delete"),
        ("powershell -enc UgBlAG0AbwB2AGUALQBJAHQAZQBtACAALQBSAGUAYwB1AHIAcwBlACAAeAA=", "shell.destroy", "encoded"),
        ("powershell -e 'no base64'", "shell.unknown", "encoded"),
        ("pwsh -File x.ps1", "shell.write", "opaque"),
        ("echo x | pwsh -", "shell.unknown", "pipe-to-shell"),
        ('pwsh -c "$X"', "shell.unknown", "dynamic"),
        ("cmd /c 'rd /s /q x'", "shell.destroy", "recursive-delete"),
        ("cmd.exe /c dir", "shell.read", "cmd"),
        ("cmd", "shell.unknown", "dynamic"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The worst operation of the shell has the expected name, and somewhere the reason is said."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    worst = max((one for one in found if one.protocol == "shell"), key=lambda one: one.access)
    assert worst.name == name
    assert flag in ["", *(said for one in found for said in one.arguments["flags"])]
