"""Addresses of issuers."""

from __future__ import annotations

import pytest

from interlock.identity.addresses import discovery_url, issuer_fault


@pytest.mark.parametrize(
    "url",
    [
        "https://idp.example.com",
        "https://idp.example.com:8443/realms/a",
        "http://127.0.0.1:80/",
        "http://localhost:9000",
        "http://[::1]:1/x",
    ],
)
def test_good_addresses(url: str) -> None:
    """TLS, or loopback."""
    assert issuer_fault(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "idp.example.com",
        "http://idp.example.com",
        "ftp://idp.example.com",
        "https://",
        "https://u:p@idp.example.com",
        "https://idp.example.com/#x",
        "https://idp.example.com/a b",
        "https://idp.example.com\\@x",
        "https://[::1",
        "http://127.0.0.1.example.com",
        "https://idp.example.com:99999",
        "https://idp.example.com:0",
        "file:///x",
        "http://localhost.example.com",
        "https://ídp.example.com",
        "https://x\n",
    ],
)
def test_other_addresses(url: str) -> None:
    """No TLS, a user in it, or ambiguous."""
    assert issuer_fault(url)


def test_metadata_lie_under_the_issuer() -> None:
    """With or without a slash at its end."""
    wanted = "https://a.example.com/x/.well-known/openid-configuration"
    assert discovery_url("https://a.example.com/x") == discovery_url("https://a.example.com/x/") == wanted
