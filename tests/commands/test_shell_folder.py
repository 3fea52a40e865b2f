"""Where `cd` has gone."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "action", "flag"),
    [
        ("cd /etc && echo x >> passwd", "admin", "system-path"), ("cd; echo x >> .bashrc", "admin", "system-path"),
        ("cd /etc; cat shadow", "read", "secret-read"), ("cd /; cd etc; cp /tmp/x hosts", "admin", "system-path"),
        ("cd ~/.ssh && cat id_rsa", "read", "secret-read"), ("cd src && echo x > a", "write", "overwrite"),
        ("cd /etc; cd /srv/x; echo a > b", "write", "overwrite"), ("cd /etc; cd -; echo a > b", "write", "overwrite"),
        ("cd $X; echo a > b", "write", "overwrite"), ("cd /etc; cat hosts", "read", ""),
    ],
)  # fmt: skip
def test_paths_are_those_of_the_folder(text: str, action: str, flag: str) -> None:
    """Relative paths behind a `cd` out of the project are judged where they lie."""
    found = [one for top in analyse(text, "shell") for one in top.walk()]

    assert max(found, key=lambda one: one.access).action == action
    assert flag in ["", *(said for one in found for said in one.arguments["flags"])]
