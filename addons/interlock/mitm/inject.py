"""Inject: the credential the agent never sees, supplied last and only to the wire.

Every place in which the agent could have put a credential of its own is emptied when the head of its request comes;
what is injected goes into the copy of the request that exists only while its bytes are written (`streams`), so no
flow, view or recording holds it.
"""

from __future__ import annotations

from mitmproxy import http

from interlock.credentials import Injector
from interlock.mitm.call import Call
from interlock.mitm.header_fields import Fields, fields_of, pairs, remembered
from interlock.mitm.services import Services
from interlock.mitm.snapshot import headers_of, to_headers
from interlock.mitm.stage import Stage, need
from interlock.mitm.streams import with_credential
from interlock.protocols.target import canonical_path

__all__ = ["Inject"]


class Inject(Stage):
    """Needs `Recorded`; what it gives is seen by nobody but the upstream."""

    name = "inject"
    after = ("record",)

    def __init__(self, services: Services) -> None:
        self._services = services

    def added(self, before: frozenset[str]) -> None:
        """From now on there is a credential whose echo has to be masked."""
        self._services.injects = True

    async def headers(self, call: Call, flow: http.HTTPFlow) -> None:
        """Empty every credential place, and drop what speaks for another hop. Raises Refused."""
        if call.contained is None:
            return
        self._clean(self._injector(call), call, flow.request)

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Take the secret now, so that a missing one refuses the request instead of breaking it on the wire."""
        need(call.recorded)
        contained = need(call.contained)
        self._services.check_current(contained.connection)
        supply = need(self._services.masks.supply(call, contained.connection))
        fields = pairs(flow.request.headers.fields)
        headers, target = supply.owner.apply(contained.origin, fields, flow.request.path, supply)
        call.injection = (to_headers(headers), target.encode("ascii"))

    def outgoing(self, call: Call, request: http.Request) -> http.Request:
        """The request with its credential."""
        headers, target = call.injection
        return with_credential(request, headers, target)

    def _injector(self, call: Call) -> Injector:
        return self._services.injector(need(call.contained).connection.name)

    @staticmethod
    def _clean(injector: Injector, call: Call, request: http.Request) -> None:
        path = request.path
        fields, target = _cleaned(injector, request.headers.fields, path)
        request.headers = headers_of(fields)
        if target != path:
            canonical_path(target)
            request.path = target


@remembered
def _cleaned(injector: Injector, fields: Fields, target: str) -> tuple[Fields, str]:
    headers, kept = injector.clean(pairs(fields), target)
    return fields_of(headers), kept
