"""The gateway's upstream dials: only addresses the connection may have, and exactly the one that was checked.

`server_connect` resolves once, checks every address, and pins the result for the dial that follows in the same task;
the dial uses the pinned addresses and never asks again, so that a second DNS answer cannot differ (rebinding). What the
gateway itself fetches (an issuer's keys) is not dialled here and passes untouched.
"""

from __future__ import annotations

import asyncio
import contextvars
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from mitmproxy.proxy import server

from interlock.errors import Refused
from interlock.mitm.replacement import changed, check
from interlock.reasons import Reason

__all__ = ["Egress", "address_is_public"]

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network
type Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
_NEVER = (ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("192.0.0.0/24"))
"""Local-use NAT64 (RFC 8215) and protocol assignments (RFC 6890); Python before 3.13 takes them for public."""
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16"), ipaddress.ip_address("100.100.100.200")})
"""Addresses inside public or shared ranges at which clouds serve credentials."""

_pinned: contextvars.ContextVar[tuple[str, int, list[Any]] | None] = contextvars.ContextVar("pinned", default=None)


def address_is_public(address: Address) -> bool:
    """Whether an address is on the public internet; IPv4 inside IPv6 is unwrapped (mapped, 6to4, Teredo, NAT64)."""
    return all(map(_is_public, _inner(address)))


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address in _METADATA:
        return False
    return not any(address.version == network.version and address in network for network in _NEVER)


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
    """Checks and pins upstream addresses, and dials them."""

    def install(self) -> None:
        """Have mitmproxy dial through `dial`, whatever event loop it runs on. Raises InterlockError where it dials in
        another way: an address would be checked and another one dialled."""
        target: Any = server
        check(server.ConnectionHandler, "open_connection", "self", "command")
        names = server.ConnectionHandler.open_connection.__code__.co_names
        if not {"asyncio", "open_connection"} <= set(names) or not hasattr(target, "asyncio"):
            raise changed(server.ConnectionHandler, "open_connection")
        target.asyncio = _Dialling(self)

    def uninstall(self) -> None:
        """Have it dial by itself again."""
        target: Any = server
        target.asyncio = asyncio

    @staticmethod
    def pinned(host: str, port: int) -> list[Any]:
        """What was resolved and checked for this dial. Raises OSError where nothing was checked."""
        pin = _pinned.get()
        if pin is None or pin[:2] != (host, port):
            raise OSError(Reason.ADDRESS_REFUSED)
        return pin[2]

    async def dial(self, host: str, port: int, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection to exactly the address that was checked; of several, the first that answers. Raises OSError."""
        failed = OSError(Reason.UPSTREAM_UNREACHABLE)
        for info in self.pinned(host, port):
            try:
                return await asyncio.open_connection(info[4][0], port, family=info[0], **options)
            except OSError as error:
                failed = error
        raise failed

    async def check(self, host: str, port: int, allowed: Sequence[Network]) -> None:
        """Resolve and check `host`, and pin the answer for this task's dial. Raises Refused (ADDRESS_REFUSED)."""
        _pinned.set(None)
        try:
            literal = ipaddress.ip_address(host)
        except ValueError:
            literal = None
        if literal is not None:
            self._allow(literal, allowed)
            family = socket.AF_INET6 if literal.version == 6 else socket.AF_INET
            _pinned.set((host, port, [(family, socket.SOCK_STREAM, 0, "", (host, port))]))
            return
        resolve = asyncio.get_running_loop().getaddrinfo
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


class _Dialling:
    """`asyncio` as mitmproxy's connection handler sees it: all of it, but for how a connection is opened."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    async def open_connection(self, host: str, port: int, **options: Any) -> Any:
        """See Egress.dial."""
        return await self._egress.dial(host, port, **options)
