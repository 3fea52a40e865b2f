"""Wrappers, shells, eval."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("ssh -o ConnectTimeout=5 host ls", "shell.network", ""),
        ("ssh -oBatchMode=yes host ls", "shell.network", ""),
        ("ssh -o ProxyCommand=x host ls", "shell.unknown", "runs-other-program"),
        ("ssh -o 'User=x -oProxyCommand=y' host ls", "shell.unknown", "runs-other-program"),
        ("sudo ls", "shell.write", ""),
        ("sudo docker ps", "shell.write", ""),
        ("sudo lsof -i :80", "shell.write", ""),
        ("sudo sh -c ./x", "shell.admin", ""),
        ("sudo ./x", "shell.admin", ""),
        ("sudo cat $X y", "shell.unknown", ""),
        ("sudo cp a b", "shell.admin", ""),
        ("sudo -E ls", "shell.admin", ""),
        ("ssh host.example <<'EOF'\nrm -rf /srv\nEOF", "shell.network", ""),
        ("ssh host.example bash -s <<'EOF'\nrm -rf /srv\nEOF", "shell.network", ""),
        ("ssh host.example <<'EOF'\nls\nEOF", "shell.network", ""),
        ("ssh host.example < x", "shell.unknown", ""),
        ("env", "shell.read", "secret-read"),
        ("sh x.sh", "shell.write", "opaque"),
        ("sh", "shell.unknown", ""),
        ("fish -c ls", "shell.unknown", ""),
        ("eval ls", "shell.read", ""),
        ("su", "shell.unknown", ""),
        ("ssh h.example", "shell.unknown", ""),
        ("source x", "shell.write", "opaque"),
        ("bash --version", "shell.read", ""),
        ("bash -s x <<< ls", "shell.read", ""),
        ("trap - EXIT", "shell.read", ""),
        ("timeout $x ls", "shell.read", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
