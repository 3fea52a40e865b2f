"""Addresses of issuers: https, or http on loopback alone; no user, no fragment, nothing ambiguous."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from interlock.settings import is_loopback

__all__ = ["discovery_url", "issuer_fault"]

_PLAIN = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]{1,2048}\Z")


def issuer_fault(url: str, *, query: bool = True) -> str:
    """What is wrong with an address for metadata or keys; empty if nothing is."""
    if not _PLAIN.match(url):
        return "holds characters an address cannot have"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is not an address"
    if not host or "@" in parts.netloc or port == 0:
        return "must be https://host/path, without a user"
    if parts.query and not query:
        return "must not have a query"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host, exactly=True)):
        return ""
    return "must be https (http is for loopback only)"


def discovery_url(issuer: str) -> str:
    """Where an issuer's metadata lie (OpenID Connect Discovery 1.0 section 4)."""
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"
