"""Redirections, and what they write."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("echo a > b", "shell.write", "overwrite"),
        ("echo a >> b", "shell.write", "append"),
        (": > f", "shell.write", "overwrite"),
        ("yes > /tmp/f", "shell.destroy", "destroys"),
        ("cat /dev/zero > /tmp/f", "shell.destroy", "destroys"),
        ("yes > /dev/null", "shell.write", ""),
        ("cat /dev/urandom | head -c 9 > f", "shell.write", "overwrite"),
        ("echo x > /var/log/auth.log", "shell.admin", "system-path"),
        ("echo x > /var/log/app.log", "shell.write", ""),
        ("echo x > /etc/passwd", "shell.admin", "system-path"),
        ("cat < .env", "shell.read", "secret-read"),
        ("ls > /dev/null 2>&1", "shell.read", ""),
        ("exec 3<>/dev/tcp/203.0.113.9/80", "shell.unknown", ""),
        ("echo 'rm -rf x' > a.sh; sh a.sh", "shell.destroy", "written-and-run"),
        ("printf rm > a.sh; echo ' -rf x' >> a.sh; sh a.sh", "shell.destroy", "recursive-delete"),
        ("{ echo a; echo rm -rf x; } > a.sh; sh a.sh", "shell.unknown", "written-and-run"),
        ("mkdir -p b && echo 'rm -rf x' > b/a.sh && sh b/a.sh", "shell.destroy", "recursive-delete"),
        ("mkdir b && cat > b/a.py <<'E'\nprint(1)\nE\npython b/a.py", "shell.write", "written-and-run"),
        ("true && { echo rm -rf \\\\; echo x; } > a.sh; sh a.sh", "shell.unknown", "written-and-run"),
        ("true && (echo a; echo rm -rf x) > a.sh; sh a.sh", "shell.unknown", "written-and-run"),
        ("echo 'rm -rf x' > a; false && echo ls > a; sh a", "shell.destroy", "recursive-delete"),
        ("true && echo 'rm -rf x' > a || echo ls > a; sh a", "shell.destroy", "recursive-delete"),
        ("echo 'rm -rf x' > a; if false; then echo ls > a; fi; sh a", "shell.destroy", "recursive-delete"),
        ("echo ls > a; echo pwd > a; sh a", "shell.write", "written-and-run"),
        ("; ".join(f"echo {n} > a" for n in range(9)) + "; sh a", "shell.unknown", "written-and-run"),
        ("for f in *; do > $f; done", "shell.destroy", "wide-delete"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The worst operation of the shell has the expected name, and somewhere the reason is said."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    worst = max((one for one in found if one.protocol == "shell"), key=lambda one: one.access)
    assert worst.name == name
    assert flag in ["", *(said for one in found for said in one.arguments["flags"])]
