"""The gateway's upstream dials: only addresses the connection may have, and exactly the one that was checked.

`server_connect` resolves once, checks every address, and pins the result for the dial that follows in the same task;
the event loop's resolver hands the pinned result out, so that a second DNS answer cannot differ (rebinding). Lookups
outside a dial (the gateway's own JWKS, database or webhooks) pass untouched.
"""

from __future__ import annotations

import asyncio
import contextvars
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from interlock.errors import Refused
from interlock.reasons import Reason

__all__ = ["Egress", "address_is_public"]

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
"""RFC 8215; Python before 3.13 takes it for public."""
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("100.100.100.200")})
"""Addresses inside public or shared ranges at which clouds serve credentials."""

_pinned: contextvars.ContextVar[tuple[str, int, list[Any]] | None] = contextvars.ContextVar("pinned", default=None)


def address_is_public(address: Address) -> bool:
    """Whether an address is on the public internet; IPv4 inside IPv6 is unwrapped (mapped, 6to4, Teredo, NAT64)."""
    return all(map(_is_public, _inner(address)))


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address in _METADATA:
        return False
    return not (isinstance(address, ipaddress.IPv6Address) and address in _LOCAL_NAT64)


def _inner(address: Address) -> list[Address]:
    found: list[Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        found += [inner for inner in (address.ipv4_mapped, address.sixtofour) if inner is not None]
        if address.teredo is not None:
            found += list(address.teredo)
        if address in _NAT64 or address in _COMPATIBLE:
            found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            found.remove(address)
    return found


class Egress:
    """Checks and pins upstream addresses."""

    def __init__(self) -> None:
        self._original: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def install(self, loop: asyncio.AbstractEventLoop) -> None:
        """Put the pinning resolver into the loop."""
        if self._loop is not None:
            return
        self._loop, self._original = loop, loop.getaddrinfo
        loop.getaddrinfo = self._getaddrinfo  # type: ignore[method-assign]

    def uninstall(self) -> None:
        """Put the loop's own resolver back."""
        if self._loop is not None:
            self._loop.getaddrinfo = self._original  # type: ignore[method-assign]
            self._loop = None

    async def _getaddrinfo(self, host: Any, port: Any, **kwargs: Any) -> Any:
        pin = _pinned.get()
        if pin is not None and pin[:2] == (host, port):
            return pin[2]
        return await self._original(host, port, **kwargs)

    async def check(self, host: str, port: int, allowed: Sequence[Network]) -> None:
        """Resolve and check `host`, and pin the answer for this task's dial. Raises Refused (ADDRESS_REFUSED)."""
        _pinned.set(None)
        try:
            literal = ipaddress.ip_address(host)
        except ValueError:
            literal = None
        if literal is not None:
            self._allow(literal, allowed)
            return
        resolve = self._original or asyncio.get_running_loop().getaddrinfo
        try:
            infos = await resolve(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        except OSError:
            raise Refused(Reason.UPSTREAM_UNREACHABLE, "the upstream's name cannot be resolved") from None
        if not infos:
            raise Refused(Reason.UPSTREAM_UNREACHABLE, "the upstream's name cannot be resolved")
        for info in infos:
            self._allow(ipaddress.ip_address(str(info[4][0]).partition("%")[0]), allowed)
        _pinned.set((host, port, infos))

    @staticmethod
    def _allow(address: Address, allowed: Sequence[Network]) -> None:
        candidates = [address, *_inner(address)]
        if any(entry.version == network.version and entry in network for entry in candidates for network in allowed):
            return
        if not address_is_public(address):
            raise Refused(
                Reason.ADDRESS_REFUSED,
                "the host resolves to a private, loopback or metadata address",
                hint="list the network under the connection's `addresses:` if it is meant to be reached",
            )
