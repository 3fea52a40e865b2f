"""Origins, hosts and address ranges have one spelling, or are refused."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.settings_origin import canonical_host, is_loopback, parse_network, parse_origin, url_fault

HOSTS = [
    ("API.Example.COM", "api.example.com"),
    ("[FD00:20:0:0::7]", "fd00:20::7"),
    ("10.20.0.7", "10.20.0.7"),
    ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
]


@pytest.mark.parametrize(("text", "host"), HOSTS)
def test_hosts_have_one_spelling(text: str, host: str) -> None:
    """A host is brought to the one form everything else compares with."""
    assert canonical_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a..b",
        "a.example.",
        "127.1",
        "0x7f.0.0.1",
        "017700000001",
        "0x7f000001",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "münchen.example",
        "a\x00.b",
        "a b",
        "[a.example]",
        "-a.example",
        "a" * 64 + ".example",
    ],
)
def test_ambiguous_hosts_are_refused(text: str) -> None:
    """A host that two parsers could read differently is refused, with a hint."""
    with pytest.raises(InterlockError) as caught:
        canonical_host(text)

    assert caught.value.hint


def test_origins_print_without_default_port() -> None:
    """Default ports fold away and IPv6 keeps its brackets."""
    assert str(parse_origin("HTTPS://A.example:443/")) == "https://a.example"
    assert parse_origin("https://[::1]:8443").authority == "[::1]:8443"
    for text in (
        "ftp://a.example",
        "https://a.example:0",
        "https://a.example:70000",
        "https://a:b:c",
        "https://",
    ):
        with pytest.raises(InterlockError):
            parse_origin(text)


def test_loopback_is_recognised() -> None:
    """localhost, its subdomains and loopback addresses are this machine; nothing else is."""
    assert all(map(is_loopback, ("localhost", "x.localhost", "127.0.0.9", "::1")))
    assert not any(map(is_loopback, ("localhost.example", "10.0.0.1", "0.0.0.0")))


@pytest.mark.parametrize(("host", "loosely", "exactly"), [
    ("localhost", True, True), ("127.0.0.1", True, True), ("127.9.9.9", True, True), ("::1", True, True),
    ("api.localhost", True, False), ("localhost.example", False, False), ("10.0.0.1", False, False),
])  # fmt: skip
def test_names_below_localhost_count_where_they_may(host: str, loosely: bool, exactly: bool) -> None:
    """Issuers and listeners take no name that some resolver might ask others about."""
    assert (is_loopback(host), is_loopback(host, exactly=True)) == (loosely, exactly)


def test_networks_have_no_host_bits() -> None:
    """A range is written as it is; the error says which one was meant."""
    assert str(parse_network("fd00:20::/32")) == "fd00:20::/32"
    assert str(parse_network("10.0.0.7")) == "10.0.0.7/32"
    with pytest.raises(InterlockError) as caught:
        parse_network("10.20.0.1/16")

    assert "10.20.0.0/16" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://h.example.com/a?b", ""),
        ("http://127.0.0.1:8000/", ""),
        ("http://localhost/", ""),
        ("http://h.example.com/", "must be https (http is for this machine only)"),
        ("ftp://h.example.com/", "must be https (http is for this machine only)"),
        ("https:///x", "must be https (http is for this machine only)"),
        ("https://u@h.example.com", "holds a user name or a password"),
        ("https://h.example.com:port/", "is not an address"),
        ("https://[::1", "is not an address"),
        ("", "must be https (http is for this machine only)"),
    ],
)
def test_addresses(url: str, fault: str) -> None:
    """TLS, or this machine."""
    assert url_fault(url) == fault
