"""Which principal a session of an MCP server belongs to: its id is a claim, and no key to what somebody else began."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from interlock.errors import Refused
from interlock.model import Principal
from interlock.reasons import Reason

__all__ = ["McpSessions"]

_MAX_EACH = 2_000
_MAX_PEOPLE = 5_000

type _Owner = tuple[str, str]


class McpSessions:
    """Remembers digests of ids: for each principal those used last, so that nobody's ids push out another's."""

    def __init__(self) -> None:
        self._owners: dict[bytes, _Owner] = {}
        self._used: OrderedDict[_Owner, OrderedDict[bytes, None]] = OrderedDict()

    def claim(self, connection: str, session: str, principal: Principal) -> None:
        """A session belongs to whom the server gave it, or who used it first. No id claims nothing.

        Raises Refused (SESSION_REFUSED) for anybody else.
        """
        if not session:
            return
        key = hashlib.sha256(f"{connection}\n{session}".encode("utf-8", "backslashreplace")).digest()
        asks = principal.issuer, principal.subject
        if self._owners.setdefault(key, asks) != asks:
            raise Refused(Reason.SESSION_REFUSED, hint="let the client begin a session of its own")
        own = self._used.setdefault(asks, OrderedDict())
        own[key] = None
        own.move_to_end(key)
        self._used.move_to_end(asks)
        if len(own) > _MAX_EACH:
            del self._owners[own.popitem(last=False)[0]]
        if len(self._used) > _MAX_PEOPLE:
            for forgotten in self._used.popitem(last=False)[1]:
                del self._owners[forgotten]
