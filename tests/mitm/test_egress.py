"""Dials: only addresses a connection may have, and exactly the one that was checked."""

from __future__ import annotations

import asyncio
import contextvars
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy.proxy import server
from tests.mitm.upstream import HOST

from interlock.errors import Refused
from interlock.mitm.egress import Egress, address_is_public
from interlock.reasons import Reason

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "192.0.2.1", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::1", "2001:db8::1", "::127.0.0.1",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_on_the_internet(text: str) -> None:
    """Loopback, private, link-local, metadata, multicast, reserved; also as IPv4 inside IPv6."""
    assert not address_is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_on_the_internet(text: str) -> None:
    """Also as IPv4 inside IPv6."""
    assert address_is_public(ipaddress.ip_address(text))


def resolving(*answers: list[str]) -> Callable[..., Any]:
    """A resolver that gives these answers, one after the other; the last one again and again."""
    left = list(answers)

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        found = left.pop(0) if len(left) > 1 else left[0]
        if not found:
            raise socket.gaierror(8, "unknown")
        asked.append((host, port))
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in found
        ]

    asked: list[tuple[str, int]] = []
    getaddrinfo.asked = asked
    return getaddrinfo


async def check(resolver: Callable[..., Any], host: str = "api.example.com", *allowed: str) -> Egress:
    """One check against a resolver."""
    loop = asyncio.get_running_loop()
    loop.getaddrinfo = resolver
    egress = Egress()
    await egress.check(host, 443, [ipaddress.ip_network(each) for each in allowed])
    return egress


@pytest.mark.parametrize(
    "answer", [["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::1"], ["fe80::1%eth0"], ["::ffff:127.0.0.1"]]
)
async def test_a_name_with_any_private_address_is_refused(answer) -> None:
    """One of several is enough: the dial could take it."""
    with pytest.raises(Refused) as caught:
        await check(resolving(answer))

    assert caught.value.reason is Reason.ADDRESS_REFUSED


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1%1", "::ffff:10.0.0.1"])
async def test_a_literal_is_checked_as_well(host) -> None:
    """It is never resolved."""
    with pytest.raises(Refused) as caught:
        await check(resolving(["1.1.1.1"]), host)

    assert caught.value.reason is Reason.ADDRESS_REFUSED


@pytest.mark.parametrize("answer", [[], ["1.1.1.1"]])
async def test_a_name_that_cannot_be_resolved_is_refused(answer) -> None:
    """Also one whose answer is empty."""
    resolver = resolving(answer)
    if answer:

        async def nothing(*_: Any, **__: Any) -> list[Any]:
            return []

        resolver = nothing
    with pytest.raises(Refused) as caught:
        await check(resolver)

    assert caught.value.reason is Reason.UPSTREAM_UNREACHABLE


async def test_the_checked_answer_is_the_one_that_is_dialled() -> None:
    """A second answer that differs (rebinding) is never asked for, and nothing else is dialled with it."""
    resolver = resolving(["93.184.216.34"], ["127.0.0.1"])
    egress = await check(resolver)

    dialled = egress.pinned("api.example.com", 443)

    assert [info[4] for info in dialled] == [("93.184.216.34", 443)]
    assert resolver.asked == [("api.example.com", 443)]
    for host, port in (("api.example.com", 8443), ("idp.example.com", 443)):
        with pytest.raises(OSError, match="address-refused"):
            egress.pinned(host, port)


async def test_what_was_not_checked_is_not_dialled() -> None:
    """Also not an address written as such."""
    for host in ("api.example.com", "127.0.0.1"):
        with pytest.raises(OSError, match="address-refused"):
            await asyncio.create_task(Egress().dial(host, 443), context=contextvars.Context())


async def test_mitmproxy_dials_through_the_check_while_it_is_installed() -> None:
    """And everything else of asyncio stays what it is."""
    egress = Egress()
    egress.install()
    try:
        assert server.asyncio.open_connection is not asyncio.open_connection
        assert server.asyncio.Semaphore is asyncio.Semaphore
    finally:
        egress.uninstall()
    assert server.asyncio is asyncio


async def test_a_pin_holds_in_its_own_task_alone() -> None:
    """Two dials at once do not see each other's addresses."""
    egress = await check(resolving(["93.184.216.34"], ["1.1.1.1"]))

    async def other() -> Any:
        await egress.check("api.example.com", 443, [])
        return egress.pinned("api.example.com", 443)

    theirs = await asyncio.create_task(other())
    mine = egress.pinned("api.example.com", 443)

    assert theirs[0][4][0] == "1.1.1.1"
    assert mine[0][4][0] == "93.184.216.34"


@pytest.mark.parametrize("address", ["10.20.0.7", "::ffff:10.20.0.7"])
async def test_a_listed_network_may_be_dialled(address) -> None:
    """`addresses:` names it."""
    await check(resolving([address]), "api.example.com", "10.20.0.0/16")


NAMED = """
  - {name: named, protocol: http, hosts: ["http://upstream.example.com:$docs"], insecure_http: true}
  - name: pinned
    protocol: http
    hosts: ["http://pinned.example.com:$docs"]
    insecure_http: true
    addresses: [127.0.0.3/32]
"""
RULE = """
  - {id: named, permit: ["http.get /**"], on: [named, pinned], to: {from: demo}}
"""


async def test_a_name_that_points_inside_is_not_dialled(start, upstream, monkeypatch) -> None:
    """The connection does not list the address, so nothing is sent; the agent reads 502 and an operator why."""
    resolver = resolving([HOST])
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    port = upstream.ports["docs"]
    async with start(rules={"connections": NAMED.replace("$docs", str(port)), "policy": RULE}) as gateway:
        async with gateway.forward(gateway.token()) as client:
            response = await client.get(f"http://upstream.example.com:{port}/x")
        kinds = {event["data"].get("error") for event in gateway.events()}

    assert response.status_code == 502
    assert "address-refused" in kinds
    assert upstream.dials == 0


async def test_a_name_that_changes_between_check_and_dial_is_dialled_as_checked(start, upstream, monkeypatch) -> None:
    """The resolver is asked once."""
    resolver = resolving([HOST], ["10.255.255.1"])
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolver)
    port = upstream.ports["docs"]
    rules = {"connections": NAMED.replace("$docs", str(port)), "policy": RULE}
    async with start(rules=rules) as gateway, gateway.forward(gateway.token()) as client:
        response = await client.get(f"http://pinned.example.com:{port}/x")

    assert response.status_code == 200
    assert upstream.dials == 1
    assert resolver.asked.count(("pinned.example.com", port)) == 1
