"""Authenticate: a token or a client certificate becomes a principal, bound to the tunnel or to the one request.

Who a CONNECT is decides for everything inside its tunnel; expiry is judged again on every request. Whatever carried
the token is deleted before anything else sees the headers. A stranger's body is never read; that of somebody who was
proved by a CONNECT and whose time is over is, because an MCP client hears only what answers its request's id.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import Final

from mitmproxy import connection, http

from interlock.errors import BodyRejected, Refused, TokenRejected
from interlock.identity import Placement, Presented, present, within
from interlock.identity.presented import RUN_HEADER
from interlock.mitm import endpoints
from interlock.mitm.call import Call, Tunnel
from interlock.mitm.header_fields import Fields, pairs, remembered, without
from interlock.mitm.products import Authenticated, Contained
from interlock.mitm.services import Services
from interlock.mitm.snapshot import exchange_of_request, headers_of
from interlock.mitm.stage import Stage
from interlock.model import Principal, Secret
from interlock.reasons import Reason

__all__ = ["RENEWAL", "Authenticate"]

RENEWAL: Final = 60.0
"""Seconds before the end of a tunnel's identity (the skew included) in which HTTP/1 answers close the connection: a
client opens the next one with the token it has by then, instead of running into a refusal."""


class Authenticate(Stage):
    """Needs `Contained`, gives `Authenticated`."""

    name = "authenticate"

    def __init__(self, services: Services) -> None:
        self._services = services
        self._endpoints = endpoints.Endpoints(services)

    async def connect(self, call: Call, flow: http.HTTPFlow) -> None:
        """A CONNECT binds its identity to the client connection."""
        presented = self._present(flow, Placement.FORWARD_CONNECT)
        call.marks["placement"] = "connect"
        tunnel: Tunnel = call.marks["tunnel"]
        principal = await self._principal(presented, flow.client_conn)
        tunnel.principal, tunnel.run, tunnel.token = principal, presented.run, presented.token
        self._services.calls.open_tunnel(flow.client_conn, tunnel)

    async def headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """Every other request: by its tunnel, or by its own headers."""
        if flow.is_replay is not None:
            raise TokenRejected(Reason.TOKEN_MISSING, "a replayed request carries no identity")
        placement = Placement(call.contained.placement if call.contained else str(call.marks["placement"]))
        presented = self._present(flow, placement)
        tunnel = self._services.calls.tunnel(flow.client_conn)
        if placement is Placement.TUNNEL:
            principal, run, token = self._bound(tunnel, presented)
        else:
            principal = await self._principal(presented, flow.client_conn)
            run, token = presented.run, presented.token
        now = self._services.clock.now()
        if placement is Placement.TUNNEL and principal.expires - now < RENEWAL and not flow.request.is_http2:
            call.last = True
        if "own" in call.marks:
            self._check_expiry(principal, now)
            call.marks["who"] = principal, run
            await self._endpoints.head(call, flow, principal, run)
            return
        call.authenticated = self._authenticated(call.contained, principal, run, token)

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Judge expiry, now that the body is here to be answered in its protocol; take what containment says now."""
        found = call.authenticated
        if found is None and "who" in call.marks:
            principal, run = call.marks["who"]
            self._check_expiry(principal, self._services.clock.now())
            await self._endpoints.body(call, flow, principal, run)
            return
        if found is None:
            raise Refused(Reason.TOKEN_MISSING)
        try:
            self._check_expiry(found.principal, self._services.clock.now())
        except TokenRejected:
            contained = found.contained
            with contextlib.suppress(BodyRejected):
                call.request_body = exchange_of_request(flow, contained, contained.connection.max_body).body
            raise
        if found.contained is not call.contained:
            call.authenticated = self._authenticated(call.contained, found.principal, found.run, found.token)

    # -- parts

    def _present(self, flow: http.HTTPFlow, placement: Placement) -> Presented:
        gateway = self._services.rules.gateway
        fields = flow.request.headers.fields
        try:
            return _presented(
                fields,
                placement,
                gateway.token_headers,
                gateway.reverse_token_headers,
                gateway.max_token,
            )
        finally:
            own = _own(gateway.token_headers, gateway.reverse_token_headers if placement is Placement.REVERSE else ())
            kept = without(fields, own)
            if len(kept) != len(fields):
                flow.request.headers = headers_of(kept)

    async def _principal(self, presented: Presented, client: connection.Client) -> Principal:
        verifier = self._services.verifier
        leaf = _der(client) if client.certificate_list else None
        if presented.token is None:
            if leaf is None:
                raise TokenRejected(Reason.TOKEN_MISSING)
            return verifier.verify_certificate(_chain(client))
        found = verifier.cached(presented.token, certificate=leaf)
        return found or await verifier.verify(presented.token, certificate=leaf)

    def _bound(self, tunnel: Tunnel | None, presented: Presented) -> tuple[Principal, str, Secret | None]:
        if tunnel is None or tunnel.principal is None:
            raise TokenRejected(Reason.TOKEN_MISSING)
        run = within(Presented(token=tunnel.token, run=tunnel.run), presented).run
        return tunnel.principal, run, tunnel.token

    def _check_expiry(self, principal: Principal, now: float) -> None:
        if not self._services.verifier.still_valid(principal, now):
            raise TokenRejected(Reason.TOKEN_EXPIRED)

    @staticmethod
    def _authenticated(
        contained: Contained | None, principal: Principal, run: str, token: Secret | None
    ) -> Authenticated:
        if contained is None:
            raise Refused(Reason.STAGE_MISSING)
        return Authenticated(contained, principal, run, token)


@remembered
def _presented(
    fields: Fields,
    placement: Placement,
    token_headers: tuple[str, ...],
    reverse_headers: tuple[str, ...],
    max_token: int,
) -> Presented:
    found = present(
        pairs(fields),
        placement,
        token_headers=token_headers,
        reverse_headers=reverse_headers,
        max_token=max_token,
    )
    return found if found.token is None else replace(found, token=_one(found.token))


@functools.lru_cache(maxsize=512)
def _one(token: Secret) -> Secret:
    """One object for equal tokens, so that what is kept under it is found without comparing them."""
    return token


@remembered
def _own(token_headers: tuple[str, ...], reverse_headers: tuple[str, ...]) -> frozenset[str]:
    """The headers in which an identity of this gateway may stand."""
    return frozenset(("proxy-authorization", RUN_HEADER, *token_headers, *reverse_headers))


def _der(client: connection.Client) -> bytes:
    return _chain(client)[0]


def _chain(client: connection.Client) -> list[bytes]:
    from cryptography.hazmat.primitives.serialization import Encoding

    return [certificate.to_cryptography().public_bytes(Encoding.DER) for certificate in client.certificate_list]
