"""What of a recorded request leaves for staging: listed headers, and a query without credentials."""

from __future__ import annotations

import pytest

from interlock.recording.flow_reading import RecordedFlow
from interlock.replay.entry import Entry
from interlock.replay.leaving import Leaving, leaving

KEY = "ghp_" + "a1B2" * 9


def of(path: str = "/x", *headers: tuple[str, str], method: str = "GET", given=(), query=None) -> Leaving:
    """What of one request leaves."""
    return leaving(Entry("s/1", "files", RecordedFlow("f", "https", "h", 443, method, path, headers)), given, query)


@pytest.mark.parametrize(
    "name",
    [
        "x-custom-token", "x-forwarded-host", "forwarded", "x-original-url", "x-http-method-override", "cookie",
        "host", "authorization", "x-acme", "x_api_key", "content-length", "expect", "mcp-session-id", "traceparent", "",
        "\x1b[1m",
    ],
)  # fmt: skip
def test_a_header_that_nobody_listed_stays(name: str) -> None:
    """Whatever it is called; it is named, and goes when the caller gives one of that name."""
    assert of("/x", (name, "abc")) == Leaving("/x", (), (f"header {name}",))
    assert of("/x", (name, "abc"), given=(name,)) == Leaving("/x")


@pytest.mark.parametrize("name", ["mcp-method", "mcp-name", "mcp-protocol-version", "mcp-param-region"])
def test_an_mcp_server_gets_what_it_insists_on(name: str) -> None:
    """Headers that repeat the body, which it refuses a call without; a value like any other."""
    assert of("/mcp", (name, "tools/call"), method="POST").headers == ((name, "tools/call"),)
    assert of("/mcp", (name, KEY), method="POST").left_out == (f"header {name}",)


@pytest.mark.parametrize(
    "value", [KEY, f"agent {KEY}", "[redacted:email]", "a\r\nx-api-key: b", "é", "a" * 2000, "<email:0123456789abcdef>"]
)
def test_a_listed_header_with_a_hostile_value_stays(value: str) -> None:
    """A key, something masked, what is no header or too long does not leave under a harmless name."""
    assert of("/x", ("user-agent", value)).left_out == ("header user-agent",)
    assert of("/x", ("user-agent", "curl/8")).headers == (("user-agent", "curl/8"),)


@pytest.mark.parametrize(
    "member",
    [
        "api_key=abc", "Api%5FKey=abc", "apikey[]=abc", "access_token=a", "x_acme_key=a", "mySecret=a",
        "userPassword=a", "auth=a", "sessionid=a", f"q={KEY}", f"q=%67{KEY[1:]}", f"{KEY}=1", KEY, "sig=a",
        "X-Amz-Signature=a",
    ],
)  # fmt: skip
def test_what_looks_like_a_credential_in_a_query_stays(member: str) -> None:
    """By its name, however it is spelt, or by what it holds; the others go byte for byte."""
    found = of(f"/x?a=%20b&{member}&c")
    assert (found.target, len(found.left_out), found.withheld) == ("/x?a=%20b&c", 1, ())
    assert of(f"/x?{member}").target == "/x"


def test_what_changes_something_does_not_go_with_less() -> None:
    """A DELETE without one of its members may delete everything; a credential was not forwarded then either."""
    assert of("/x?order_key=7", method="DELETE").withheld == ("query order_key",)
    assert of("/x?api_key=7", method="DELETE") == Leaving("/x", (), ("query api_key",))
    assert of("/x?order_key=7", method="DELETE", query={"order_key": "a&b"}) == Leaving("/x?order_key=a%26b")


@pytest.mark.parametrize(
    "path", ["/x?mail=[redacted:email]", "/x?mail=%3Cemail%3A0123456789abcdef%3E", "/[redacted:a]?b"]
)
def test_what_was_masked_withholds_the_request(path: str) -> None:
    """It would ask for something else without; with something in its place it goes."""
    assert of(path).withheld in (("query mail",), ("the path",))
    if "mail" in path:
        assert of(path, query={"mail": "erika@example.com"}) == Leaving("/x?mail=erika%40example.com")


@pytest.mark.parametrize("path", [f"/hooks/{KEY}", f"/{KEY}/x?a=b"])
def test_a_path_that_holds_a_key_does_not_go(path: str) -> None:
    """Nothing of it could be left out."""
    assert of(path).withheld == ("the path",)


def test_what_an_everyday_request_says_goes() -> None:
    """Cursors, times and numbers are no credentials."""
    path = "/v1/rows?limit=20&after=2026-01-01T00%3A00%3A00Z&cursor=YWJjZGVmZ2hpamtsbW5vcA&q=monkey+donkey&sort="
    headers = (("content-type", "application/json"), ("anthropic-version", "2023-06-01"), ("accept", "*/*"))
    assert of(path, *headers) == Leaving(path, headers)
