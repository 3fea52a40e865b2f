"""Places that hold secrets, by their paths."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_places import holds, secret


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("~/.config/rclone/rclone.conf", True), ("~/.kaggle/kaggle.json", True), ("~/.m2/settings.xml", True),
        ("/etc/wireguard/wg0.conf", True), ("/etc/ssl/private/site.crt", True), ("~/.node_repl_history", True),
        ("/etc/ssl/certs/ca.crt", False), ("~/.config/pip/pip.conf", False), ("settings.xml", False),
    ],
)  # fmt: skip
def test_places(path: str, expected: bool) -> None:
    """Where tools keep their keys, and what lies beside it."""
    assert secret(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("config/secrets.yml", True), ("terraform.tfstate", True), ("gcp-key.json", True), ("db-passwords.csv", True),
        ("secrets.example.yml", False), ("tests/secrets.json", False), ("secrets.py", False), ("keys.json", False),
        ("sealed-secrets.yaml", False),
    ],
)  # fmt: skip
def test_files_named_for_what_is_in_them(path: str, expected: bool) -> None:
    """A name says that a file holds secrets; an example, a test and code of that name do not."""
    assert holds(path) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cat config/secrets.yml", True), ("jq .resources terraform.tfstate", True), ("ls config/secrets.yml", False),
        ("kubectl apply -f secrets.yaml", False), ("ansible-vault encrypt secrets.yml", False),
        ("curl -o secrets.json https://x.example.com", False),
    ],
)  # fmt: skip
def test_only_showing_them_counts(text: str, expected: bool) -> None:
    """What shows or sends such a file reads secrets, what works with it does not."""
    flags = [flag for top in analyse(text, "shell") for one in top.walk() for flag in one.arguments.get("flags", ())]

    assert ("secret-read" in flags) is expected


def test_a_long_word_is_read_in_time() -> None:
    """A word of many secrets is looked at once; its length is not squared."""
    assert not holds("secret-" * 50_000)
