"""Targets and hosts have one spelling, or are refused."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.protocols.target import canonical_host, canonical_path, is_own, route_by_prefix
from interlock.reasons import Reason

AMBIGUOUS_TARGETS = [
    "/a/../b",
    "/a/..",
    "/a/./b",
    "/.",
    "/a/%2e%2e/b",
    "/a/.%2E/b",
    "/a%2fb",
    "/a%2Fb",
    "/a%5cb",
    "/a%252fb",
    "/a%25",
    "/a\\b",
    "/a\x00",
    "/a%00",
    "/a%0d%0aX:1",
    "/a\r\nX: 1",
    "/a\n",
    "/a?x=\n",
    "/a b",
    "/a;v=1/b",
    "/a;/../b",
    "//a",
    "/a//b",
    "/ä",
    "/a#b",
    "/a?x#b",
    "/a%",
    "/a%z0",
    "/a%c0%af",
    "/%ef%bc%8f",
    "/%ef%bc%8e%ef%bc%8e/b",
    "http://example.com/a",
    "https://example.com",
    "a",
    "*",
    "",
    "?x",
]


@pytest.mark.parametrize("target", AMBIGUOUS_TARGETS)
def test_a_target_with_two_readings_is_refused(target: str) -> None:
    """Nothing is repaired: the server might repair it differently."""
    with pytest.raises(Refused) as caught:
        canonical_path(target)

    assert caught.value.reason is Reason.AMBIGUOUS_TARGET


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", "/"),
        ("/v1/messages?beta=true", "/v1/messages"),
        ("/v1/", "/v1/"),
        ("/%7euser/%41", "/~user/A"),
        ("/a%3adelete", "/a:delete"),
        ("/m%c3%bcller", "/m%C3%BCller"),
        ("/a%20b/{x}", "/a%20b/%7Bx%7D"),
        ("/a%3bb", "/a%3Bb"),
        ("/.well-known/x", "/.well-known/x"),
        ("/...", "/..."),
        ("/a?next=/../b;c//d%2f", "/a"),
    ],
)
def test_a_clear_target_has_one_spelling(target: str, path: str) -> None:
    """Unreserved characters are decoded, other escapes in upper case, the query is not part of it."""
    assert canonical_path(target) == path


def test_equal_paths_are_judged_equal() -> None:
    """An escape cannot lead around a rule that names the path."""
    assert canonical_path("/%61dmin%3Adrop") == canonical_path("/admin:drop")


@pytest.mark.parametrize(
    ("target", "name", "rest"),
    [
        ("/connections/a-1/v1/x?y", "a-1", "/v1/x?y"),
        ("/connections/a", "a", "/"),
        ("/connections/a?y", "a", "/?y"),
        ("/connections/a/", "a", "/"),
        ("/connections/a/connections/b/c", "a", "/connections/b/c"),
        ("/connections/a/%7ex", "a", "/%7ex"),
    ],
)
def test_a_prefix_names_the_connection(target: str, name: str, rest: str) -> None:
    """The rest goes upstream as it stands, before any decoding."""
    assert route_by_prefix(target) == (name, rest)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/connections/a/%2e%2e/b", Reason.AMBIGUOUS_TARGET),
        ("/connections/a/../b/x", Reason.AMBIGUOUS_TARGET),
        ("/connections//x", Reason.AMBIGUOUS_TARGET),
        ("/connections/a%2fb", Reason.AMBIGUOUS_TARGET),
        ("http://gw/connections/a/x", Reason.AMBIGUOUS_TARGET),
        ("/connections/A/x", Reason.NOT_FOUND),
        ("/%63onnections/a/x", Reason.NOT_FOUND),
        ("/connections/%61/x", Reason.NOT_FOUND),
        ("/Connections/a/x", Reason.NOT_FOUND),
        ("/connections/", Reason.NOT_FOUND),
        ("/v1/messages", Reason.NOT_FOUND),
    ],
)
def test_other_targets_lead_nowhere(target: str, reason: Reason) -> None:
    """A disguised prefix is refused, not decoded."""
    with pytest.raises(Refused) as caught:
        route_by_prefix(target)

    assert caught.value.reason is reason


def test_own_endpoints_are_seen_in_the_raw_target() -> None:
    """Only the literal prefix is ours."""
    assert is_own("/-/interlock/health")
    assert is_own("/-/interlock")
    assert is_own("/-/interlock?x")
    assert not is_own("/%2d/interlock/health")
    assert not is_own("/-/interlockx")
    assert not is_own("/connections/a/-/interlock/health")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("Example.COM", "example.com", None),
        ("example.com.:443", "example.com", 443),
        ("bücher.example", "xn--bcher-kva.example", None),
        ("xn--bcher-kva.example", "xn--bcher-kva.example", None),
        ("my_service:8080", "my_service", 8080),
        ("10.20.0.7:1", "10.20.0.7", 1),
        ("[2001:DB8:0::1]:8443", "2001:db8::1", 8443),
        ("[::1]", "::1", None),
    ],
)
def test_a_host_has_one_spelling(text: str, host: str, port: int | None) -> None:
    """Lower case, A-labels, no dot at the end, the shortest IPv6 form."""
    assert canonical_host(text) == (host, port)


@pytest.mark.parametrize(
    "text",
    [
        "evil\x00.example.com",
        "user@example.com",
        "user:pass@example.com",
        "example.com..",
        ".",
        "",
        "a b",
        "a\tb",
        "a/b",
        "a\\b",
        "a%2eb",
        "a?b",
        "a#b",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "1.2.3.256",
        "１２７.0.0.1",
        "example。com",
        "\u212a.example",
        "a\u200d.example",
        "[::1%25eth0]",
        "[fe80::1%eth0]",
        "[::ffff:10.0.0.1]",
        "[::1",
        "::1",
        "[::1]x",
        "[example.com]",
        "a:",
        "a:0",
        "a:0443",
        "a:65536",
        "a:+1",
        "a:1:2",
        "-a.example",
        "a" * 64 + ".example",
        "é" * 300,
    ],
)
def test_a_host_with_two_readings_is_refused(text: str) -> None:
    """Control characters, user names, odd numbers, look-alikes: no name at all."""
    with pytest.raises(Refused) as caught:
        canonical_host(text)

    assert caught.value.reason is Reason.AMBIGUOUS_TARGET
