"""Containers, clusters, clouds."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("docker ps", "shell.read", ""),
        ("docker run alpine ls", "shell.write", "container"),
        ("docker run --privileged alpine ls", "shell.admin", "host-access"),
        ("docker system prune", "shell.destroy", ""),
        ("docker run --frob x y", "shell.unknown", ""),
        ("docker volume ls", "shell.read", ""),
        ("kubectl get secret x", "shell.network", "secret-read"),
        ("kubectl exec p -- ls", "shell.admin", "container"),
        ("kubectl frob", "shell.unknown", ""),
        ("aws s3 ls", "shell.network", ""),
        ("aws s3 rm s3://b", "shell.destroy", ""),
        ("terraform apply", "shell.admin", ""),
        ("gcloud $x", "shell.unknown", "dynamic"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]
