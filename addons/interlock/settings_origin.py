"""Origins, hosts and addresses as operators write them, brought to one canonical spelling or refused."""

from __future__ import annotations

import ipaddress
import re
from ipaddress import IPv4Network, IPv6Network
from urllib.parse import urlsplit

from interlock.errors import InterlockError
from interlock.model import Origin

__all__ = ["IPNetwork", "canonical_host", "is_loopback", "parse_network", "parse_origin", "url_fault"]

type IPNetwork = IPv4Network | IPv6Network

_ORIGIN = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>.*)\Z", re.DOTALL)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]{1,5}))?\Z")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_PORTS = {"https": 443, "http": 80}
_MAX_HOST = 253


def parse_origin(text: str) -> Origin:
    """An origin (RFC 6454) from `https://host[:port]`. Raises InterlockError that says how to write it
    instead.
    """
    match = _ORIGIN.match(text)
    if not match:
        raise InterlockError(f"{text!r} is not an origin", hint=f"write https://{text} with scheme and host")
    scheme, authority, rest = match["scheme"].lower(), match["authority"], match["rest"]
    if scheme not in _PORTS:
        raise InterlockError(f"scheme {scheme!r} cannot be proxied", hint="write https:// (or http://)")
    if "@" in authority:
        raise InterlockError("an origin has no user name", hint="credentials go under credential:")
    if rest not in ("", "/"):
        raise InterlockError("an origin has no path or query", hint=f"write {scheme}://{authority}")
    parts = _AUTHORITY.match(authority)
    if not parts:
        raise InterlockError(f"{authority!r} is not host or host:port", hint="write https://host:port")
    port = int(parts["port"]) if parts["port"] else _PORTS[scheme]
    if not 0 < port < 1 << 16:
        raise InterlockError(f"port {port} does not exist", hint="1 to 65535")
    return Origin(scheme, canonical_host(parts["host"]), port)


def canonical_host(text: str) -> str:
    """A host name in lower-case A-labels, or an IP literal in its shortest form (RFC 5952), without brackets.

    Raises InterlockError for whatever two parsers could read differently: dots at the end, empty labels,
    control characters, non-ASCII letters, short or octal IPv4 forms, zone ids, IPv4 inside IPv6.
    """
    host = text.lower()
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
        if ":" not in host:
            raise InterlockError(f"{text!r} is not an IPv6 address", hint="brackets hold IPv6 addresses only")
    if ":" in host:
        return _ipv6(host, text)
    if not host.isascii():
        raise InterlockError(
            f"host {text!r} has letters outside ASCII", hint="write its A-label, as in xn--mnchen-3ya.example"
        )
    labels = host.split(".")
    if not host or len(host) > _MAX_HOST or not all(_LABEL.match(label) for label in labels):
        raise InterlockError(
            f"{text!r} is not a host name",
            hint="one name, as in api.example.com; no wildcards, no dot at the end",
        )
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _ipv4(host, text)
    return host


def is_loopback(host: str, *, exactly: bool = False) -> bool:
    """Whether a canonical host can only be this machine.

    Names below `localhost` are (RFC 6761), unless it is to be so `exactly`: not every resolver knows that.
    """
    if host == "localhost" or (not exactly and host.endswith(".localhost")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def url_fault(url: str) -> str:
    """What is wrong with an address that something is sent to; empty: nothing."""
    try:
        split = urlsplit(url)
        host, _ = split.hostname or "", split.port
    except ValueError:
        return "is not an address"
    if "@" in split.netloc:
        return "holds a user name or a password"
    if host and (split.scheme == "https" or (split.scheme == "http" and is_loopback(host))):
        return ""
    return "must be https (http is for this machine only)"


def parse_network(text: str) -> IPNetwork:
    """An address or CIDR range. Raises InterlockError."""
    try:
        return ipaddress.ip_network(text, strict=True)
    except ValueError:
        pass
    try:
        meant = f"write {ipaddress.ip_network(text, strict=False)}"
    except ValueError:
        meant = "as in 10.20.0.0/16 or fd00:20::/32"
    raise InterlockError(f"{text!r} is not an address range", hint=meant)


def _ipv4(host: str, text: str) -> str:
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise InterlockError(f"{text!r} is not an IPv4 address", hint="four decimal numbers, as in 10.20.0.7") from None


def _ipv6(host: str, text: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        raise InterlockError(f"{text!r} is not an IPv6 address", hint="as in https://[fd00:20::7]:8443") from None
    if address.scope_id is not None:
        raise InterlockError(f"{text!r} has a zone id", hint="leave out the % part")
    if address.ipv4_mapped is not None:
        raise InterlockError(f"{text!r} is IPv4 written as IPv6", hint=f"write {address.ipv4_mapped}")
    return str(address)
