"""Contain: only listed hosts and ports, only HTTP, only what can be read in one way.

First in the pipeline, and the only stage that knows placements: through the forward proxy a request's origin is the
CONNECT target or the absolute target; on a reverse listener the path prefix or the Host header chooses a connection.
"""

from __future__ import annotations

from typing import Final

from mitmproxy import http
from mitmproxy.proxy.mode_specs import RegularMode, ReverseMode
from mitmproxy.tls import ClientHelloData

from interlock.credentials.strip import check_duplicates
from interlock.engine.routing import UNLISTED, Route
from interlock.errors import Refused
from interlock.mitm import endpoints
from interlock.mitm.call import Call, Tunnel
from interlock.mitm.header_fields import lowered, pairs, without
from interlock.mitm.heads import check_fields, check_line
from interlock.mitm.options import OWN_HOST
from interlock.mitm.products import Contained
from interlock.mitm.services import Services
from interlock.mitm.snapshot import header_list, headers_of
from interlock.mitm.stage import Stage
from interlock.model import Origin
from interlock.protocols.target import canonical_host, canonical_path, is_own
from interlock.reasons import Reason

__all__ = ["Contain"]

_HOST: Final = frozenset(("host",))
_CODING: Final = frozenset(("transfer-encoding",))
_PORTS: Final = {"https": 443, "http": 80}


class Contain(Stage):
    """Gives `Contained`, or refuses."""

    name = "contain"

    def __init__(self, services: Services) -> None:
        self._services = services

    async def connect(self, call: Call, flow: http.HTTPFlow) -> None:
        """CONNECT: the target is a listed host and port, or the gateway's own name."""
        check_duplicates(header_list(flow.request))
        host, port = flow.request.host, flow.request.port
        canonical = _canonical(host)
        own = canonical == OWN_HOST
        if not own and not self._services.router.tunnels_to(canonical, port):
            raise Refused(Reason.UNKNOWN_HOST, hint=UNLISTED)
        named = flow.request.headers.get("host", "")
        if named and _authority(named, 443) != (canonical, port) and _authority(named, 80) != (canonical, port):
            raise Refused(Reason.HOST_MISMATCH)
        if self._services.calls.tunnel(flow.client_conn) is not None:
            raise Refused(Reason.TUNNEL_REFUSED, "a tunnel inside a tunnel is not opened")
        call.marks["tunnel"] = Tunnel(canonical, port, own=own)

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Inside a tunnel the server name (SNI) is the CONNECT's host; a bare address needs none."""
        tunnel = self._services.calls.tunnel(data.context.client)
        if tunnel is None:
            return
        name = data.client_hello.sni
        if name is None and not _is_name(tunnel.host):
            return
        if name is None or name.lower() != tunnel.host:
            raise Refused(Reason.HOST_MISMATCH)

    async def headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """Route on the raw target and check everything about the head that does not need an identity."""
        self._services.clients.check(flow.client_conn)
        request = flow.request
        check_line(request)
        check_fields(request)
        if request.method == "CONNECT":
            raise Refused(Reason.TUNNEL_REFUSED)
        mode = flow.client_conn.proxy_mode
        if isinstance(mode, ReverseMode):
            call.contained = self._reverse(call, flow)
        elif isinstance(mode, RegularMode):
            call.contained = self._forward(call, flow)
        else:
            raise Refused(Reason.TUNNEL_REFUSED)
        if call.contained is None:
            endpoints.public(call, flow, self._services)
            return
        self._show(call)
        self._check_upgrade(request, call.contained)
        request.trailers = None

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """The whole request still goes where its head went; after an edit it is judged by what it says now."""
        contained = call.contained
        if contained is None and "who" in call.marks:
            return  # the gateway's own endpoints; authenticate answers
        if contained is None:
            raise Refused(Reason.STAGE_MISSING)
        self._services.clients.check(flow.client_conn)
        request = flow.request
        if (request.scheme, request.host, request.port) != (
            contained.origin.scheme, contained.origin.host, contained.origin.port,
        ):  # fmt: skip
            raise Refused(Reason.HOST_MISMATCH)
        request.trailers = None
        check_line(request)
        if request.headers.fields is not call.head:
            check_fields(request)
            self._check_host(request, contained.origin.host, contained.origin.port)
            self._check_upgrade(request, contained)
        _frame(request)
        if request.path != contained.target:
            call.contained = self._contained(
                Route(contained.connection, contained.origin, request.path, contained.prefix),
                contained.placement,
                contained.base,
            )
            self._show(call)

    def _forward(self, call: Call, flow: http.HTTPFlow) -> Contained | None:
        request, tunnel = flow.request, self._services.calls.tunnel(flow.client_conn)
        host = _canonical(request.host)
        if tunnel is not None and (host, request.port) != (tunnel.host, tunnel.port):
            raise Refused(Reason.HOST_MISMATCH)
        self._check_host(request, host, request.port)
        placement = "tunnel" if tunnel is not None else "forward-request"
        if host == OWN_HOST:
            self._services.own(call, flow, request.path, placement)
            return None
        request.host = host
        route = self._services.router.forward(Origin(request.scheme, host, request.port), request.path)
        return self._contained(route, placement, "")

    def _reverse(self, call: Call, flow: http.HTTPFlow) -> Contained | None:
        request = flow.request
        named = request.host_header or ""
        host, _ = canonical_host(_host_only(named))
        if not request.is_http2 and request.authority:
            raise Refused(Reason.AMBIGUOUS_TARGET, "an absolute target does not go through a reverse listener")
        if is_own(request.path) or host == OWN_HOST:
            path = request.path.removeprefix("/-/interlock") if is_own(request.path) else request.path
            self._services.own(call, flow, path, "reverse")
            return None
        router = self._services.router
        if self._services.rules.gateway.route == "host":
            route = router.by_host(host, request.path)
        else:
            route = router.by_path(request.path)
        base = f"{'https' if flow.client_conn.tls else 'http'}://{named}"
        contained = self._contained(route, "reverse", base)
        data, origin = request.data, route.origin
        data.scheme, data.host, data.port = origin.scheme.encode(), origin.host, origin.port
        data.path = route.target.encode("ascii")
        data.authority = origin.authority.encode() if request.is_http2 else b""
        host_field = (b"Host", origin.authority.encode())
        request.headers = headers_of((host_field, *without(request.headers.fields, _HOST)))
        return contained

    def _show(self, call: Call) -> None:
        """What the evidence may show of the target: masked, without its query's values."""
        contained = call.contained
        if contained is not None:
            call.shown_path = self._services.masks.shown(call, contained.path)
            plain = contained.target == contained.path
            call.shown_target = call.shown_path if plain else self._services.masks.shown(call, contained.target)

    @staticmethod
    def _contained(route: Route, placement: str, base: str) -> Contained:
        path = canonical_path(route.target)
        return Contained(route.connection, route.origin, route.target, path, placement, route.prefix, base)

    async def response_headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """Absolute URLs that point at an upstream are given back in the client's own spelling."""
        contained, response = call.contained, flow.response
        if contained is None or response is None or contained.placement != "reverse":
            return
        route = Route(contained.connection, contained.origin, contained.target, contained.prefix)
        for name, value in pairs(response.headers.fields):
            if name.lower() in ("location", "content-location"):
                reflected = self._services.router.reflect(route, value)
                if reflected is not None:
                    response.headers[name] = reflected

    @staticmethod
    def _check_host(request: http.Request, host: str, port: int) -> None:
        named = request.host_header
        if named is None:
            if request.http_version == "HTTP/1.0":
                return
            raise Refused(Reason.HOST_MISMATCH)
        if _authority(named, _PORTS.get(request.scheme, 0)) != (host, port):
            raise Refused(Reason.HOST_MISMATCH)
        plain = request.headers.get("host")
        if plain is not None and _authority(plain, _PORTS.get(request.scheme, 0)) != (host, port):
            raise Refused(Reason.HOST_MISMATCH)

    @staticmethod
    def _check_upgrade(request: http.Request, contained: Contained) -> None:
        named = dict(lowered(request.headers.fields))
        if "upgrade" not in named and "connection" not in named and "http2-settings" not in named:
            return
        upgrade = named.get("upgrade", "").strip().lower()
        tokens = {word.strip().lower() for word in named.get("connection", "").split(",")}
        if "http2-settings" in named or "http2-settings" in tokens:
            raise Refused(Reason.UPGRADE_REFUSED)
        if not upgrade and "upgrade" not in tokens:
            return
        if upgrade != "websocket" or not contained.connection.websocket:
            raise Refused(Reason.UPGRADE_REFUSED)


def _frame(request: http.Request) -> None:
    """Say the body's length, and say it once: HTTP/2 needs no such header, and an HTTP/1 upstream would read a body
    without one as the next request. Raises Refused (MALFORMED_REQUEST) where the client said another length.
    """
    size = str(len(request.raw_content or b""))
    named = dict(lowered(request.headers.fields))
    if named.get("content-length", size) != size or named.get("transfer-encoding", "chunked").lower() != "chunked":
        raise Refused(Reason.MALFORMED_REQUEST, "the body is not as long as its head says")
    if "content-length" not in named and (size != "0" or "transfer-encoding" in named):
        kept = without(request.headers.fields, _CODING)
        request.headers = headers_of((*kept, (b"content-length", size.encode())))


def _canonical(host: str) -> str:
    """mitmproxy's host (an IPv6 address without brackets), which has to be canonical already but for its case."""
    canonical, _ = canonical_host(f"[{host}]" if ":" in host else host)
    if canonical != host.lower():
        raise Refused(Reason.AMBIGUOUS_TARGET)
    return canonical


def _authority(text: str, default_port: int) -> tuple[str, int]:
    host, port = canonical_host(text)
    return host, port if port is not None else default_port


def _host_only(text: str) -> str:
    if not text:
        raise Refused(Reason.HOST_MISMATCH, "the request names no host")
    return text


def _is_name(host: str) -> bool:
    return not host.replace(".", "").isdigit() and ":" not in host
