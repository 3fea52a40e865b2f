"""Which connection a request goes to: by origin (forward), by path prefix or by host name (reverse).

Routing looks at the raw target, before any decoding; what could be read in two ways is refused. What the client
names itself selects a connection and nothing else (invariant 10).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.errors import Refused
from interlock.model import Origin
from interlock.model.quick import quick
from interlock.protocols.target import route_by_prefix
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["UNLISTED", "Route", "Router"]

UNLISTED = "Only hosts that the rules list are reached: use one of those, or ask a person who looks after the rules."
"""What the caller of an unlisted host is told."""

_BY_PATH = "Write /connections/NAME/..., NAME being a connection of the rules."


@quick
@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes. `prefix` is what stood before the target on a reverse listener."""

    connection: Connection
    origin: Origin
    target: str
    prefix: str = ""


class Router:
    """Connections by name, by origin and by host, worked out once."""

    def __init__(self, connections: Iterable[Connection]) -> None:
        self._names = {connection.name: connection for connection in connections}
        self._origins: dict[Origin, Connection] = {}
        self._hosts: dict[str, list[tuple[Connection, Origin]]] = {}
        self._addresses: dict[tuple[str, int], list[tuple[Connection, Origin]]] = {}
        for connection in self._names.values():
            for origin in connection.origins:
                self._origins[origin] = connection
                self._hosts.setdefault(origin.host, []).append((connection, origin))
                self._addresses.setdefault((origin.host, origin.port), []).append((connection, origin))

    def knows(self, connection: Connection) -> bool:
        """Whether this is what the rules say of the connection of that name; another object may say the same."""
        found = self._names.get(connection.name)
        return found is connection or found == connection

    def forward(self, origin: Origin, target: str) -> Route:
        """A request through the forward proxy. Raises Refused (UNKNOWN_HOST)."""
        connection = self._origins.get(origin)
        if connection is None:
            raise Refused(Reason.UNKNOWN_HOST, hint=UNLISTED)
        return Route(connection, origin, target)

    def by_path(self, raw_target: str) -> Route:
        """`/connections/<name>/…` on a reverse listener. Raises Refused (UNKNOWN_HOST, AMBIGUOUS_TARGET)."""
        name, rest = route_by_prefix(raw_target)
        connection = self._names.get(name)
        if connection is None:
            raise Refused(Reason.UNKNOWN_HOST, "the path names no connection of this gateway", hint=_BY_PATH)
        return Route(connection, connection.origins[0], rest, f"/connections/{name}")

    def by_host(self, host: str, raw_target: str) -> Route:
        """By the Host header on a reverse listener; one host with several ports is ambiguous there."""
        found = self._hosts.get(host, [])
        if not found:
            raise Refused(Reason.UNKNOWN_HOST, hint=UNLISTED)
        if len(found) > 1:
            raise Refused(Reason.AMBIGUOUS_TARGET, "several connections have this host; use the forward proxy for them")
        connection, origin = found[0]
        return Route(connection, origin, raw_target)

    def dial(self, host: str, port: int, *, tls: bool) -> Connection:
        """The connection that may dial this address. Raises Refused (UNKNOWN_HOST)."""
        for connection, origin in self._addresses.get((host, port), []):
            if (origin.scheme == "https") == tls:
                return connection
        raise Refused(Reason.UNKNOWN_HOST, hint=UNLISTED)

    def tunnels_to(self, host: str, port: int) -> bool:
        """Whether a CONNECT to host and port can lead to any connection."""
        return (host, port) in self._addresses

    def reflect(self, route: Route, location: str) -> str | None:
        """The client's own spelling of an absolute URL that an upstream answered with; None leaves it alone."""
        for origin, connection in self._origins.items():
            for prefix in {str(origin), f"{origin.scheme}://{origin.host}:{origin.port}"}:
                if location == prefix or location.startswith((prefix + "/", prefix + "?")):
                    rest = location[len(prefix) :] or "/"
                    return self._respell(route, connection, origin, rest)
        if location.startswith("/") and not location.startswith("//") and route.prefix:
            return route.prefix + location
        return None

    @staticmethod
    def _respell(route: Route, connection: Connection, origin: Origin, rest: str) -> str | None:
        rest = rest if rest.startswith("/") else "/" + rest
        if route.prefix:
            return f"/connections/{connection.name}{rest}"
        return rest if origin == route.origin else None
