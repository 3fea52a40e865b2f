"""The request that a command line would send."""

from __future__ import annotations

import pytest

from interlock.commands.shell_http import http_operation
from interlock.model import Access


@pytest.mark.parametrize(
    ("method", "url", "host", "path", "access"),
    [
        ("GET", "https://X.example.com/a?b=1", "x.example.com", "/a", Access.READ),
        ("delete", "x.example.com", "x.example.com", "/", Access.WRITE),
        ("get", "https://user:word@x.example.com:8443/a", "x.example.com", "/a", Access.READ),
        ("get", "https://x.example.com/a/../b", "x.example.com", "", Access.UNKNOWN),
        ("get", "https://x.example.com/a%2Fb", "x.example.com", "", Access.UNKNOWN),
        ("get", "https://x.example.com//a", "x.example.com", "", Access.UNKNOWN),
        ("get", "https://$HOST/a", "", "/a", Access.READ),
        ("get", "https://[::1", "", "", Access.UNKNOWN),
        ("get", "https://x.example.com/skis", "x.example.com", "/skis", Access.READ),
    ],
)
def test_urls_are_taken_apart(method: str, url: str, host: str, path: str, access: Access) -> None:
    """Host and path come in one spelling; what two servers could read differently has none."""
    found = http_operation(method, url)

    assert (found.arguments["host"], found.resource, found.access) == (host, path, access)


def test_a_method_that_is_none_is_unknown() -> None:
    """Nobody knows what such a request does."""
    assert http_operation("a b", "https://x.example.com").access is Access.UNKNOWN


def test_what_the_run_decides_is_told() -> None:
    """A URL with variables carries a flag."""
    assert http_operation("get", "https://x.example.com/$a", dynamic=True).arguments["flags"] == ["dynamic"]
