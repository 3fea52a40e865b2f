"""Output that follows from the words of a command."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    "text",
    [
        "echo cm0gLXJmIHNyYwo= | base64 -d | sh", "echo 'rm -rf src' | sh", "printf 'rm -rf %s' src | bash",
        "printf '\\x72\\x6d -rf src' | sh", "echo crs fr- mr | rev | sh; echo 'crs fr- mr' | rev | bash",
        "echo 726d202d726620737263 | xxd -r -p | sh",
        "echo 'ez -es fep' | tr 'e-z' 'r-za-q' | sh; echo 'rm -rf src' | cat | sh",
        "echo -e 'rm\\x20-rf src' | sh", "cat <<'E' | base64 -d | bash\ncm0gLXJmIHNyYwo=\nE",
        "echo 'cm0gLXJmIHNyYwo=' | openssl base64 -d | sh", "base64 -d <<< cm0gLXJmIHNyYwo= | sh",
    ],
)  # fmt: skip
def test_what_reaches_the_shell_is_judged(text: str) -> None:
    """Decoders of known words are followed, and the pipe into a shell is told anyway."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    assert "pipe-to-shell" in [flag for one in found for flag in one.arguments["flags"]]
    assert "recursive-delete" in [flag for one in found for flag in one.arguments["flags"]]


@pytest.mark.parametrize(
    "text",
    [
        "cat x | sh", "echo $X | sh",
        "echo 'not base64!' | base64 -d | sh", "printf '%d' 1 | sh", "frob | rev | sh",
        "echo a | tr '[:lower:]' x | sh", "echo x | gunzip | sh", "echo 'a\\x' | sh", "echo a > b | sh",
        "head -1 x | bash",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_unknown(text: str) -> None:
    """A file, a variable, a text that does not decode: nobody has seen the program."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    assert any(one.name == "shell.unknown" for one in found)
