"""Programs on the command line of other interpreters."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("node -p process.env.API_TOKEN", "shell.read", "secret-read"),
        ("node -p process.env.NODE_ENV", "shell.read", ""),
        ("node -p process.version", "shell.read", ""),
        ("node --eval='console.log(1)'", "shell.read", ""),
        ('node -e "$X"', "shell.unknown", ""),
        ("node --check a.js", "shell.read", ""),
        ("node --inspect server.js", "shell.write", "opaque"),
        ("node -r ts-node/register src/a.ts", "shell.write", "opaque"),
        ("node --import 'data:text/javascript,1' a.js", "shell.unknown", ""),
        ("perl -c a.pl", "shell.write", "opaque"),
        ("perl -i -pe s/a/b/ f", "shell.write", "in-place"),
        ("perl -ne print 'rm x|'", "shell.unknown", ""),
        ("perl -MFile::Path -e 1", "shell.unknown", ""),
        ("php -m", "shell.read", ""),
        ("ruby -rfileutils -e 1", "shell.unknown", ""),
        ("osascript -e 'do shell script 1'", "shell.unknown", ""),
        ("lua -e 'os.execute(1)'", "shell.unknown", ""),
        ("echo 'console.log(1)' | node", "shell.read", ""),
        ("cat <<'EOF' | node\nrequire('child_process')\nEOF", "shell.unknown", ""),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The worst operation of the shell has the expected name, and somewhere the reason is said."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    worst = max((one for one in found if one.protocol == "shell"), key=lambda one: one.access)
    assert worst.name == name
    assert flag in ["", *(said for one in found for said in one.arguments["flags"])]
