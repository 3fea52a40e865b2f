"""Which principal a session of an MCP server belongs to: its id is a claim, and no key to what somebody else began."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from interlock.errors import Refused
from interlock.model import Principal
from interlock.reasons import Reason

__all__ = ["McpSessions"]

_MAX_OWNERS = 50_000


class McpSessions:
    """Remembers digests of ids; what was not used for longest is forgotten first."""

    def __init__(self) -> None:
        self._owners: OrderedDict[bytes, tuple[str, str]] = OrderedDict()

    def claim(self, connection: str, session: str, principal: Principal) -> None:
        """A session belongs to whom the server gave it, or who used it first. No id claims nothing.

        Raises Refused (SESSION_REFUSED) for anybody else.
        """
        if not session:
            return
        key = hashlib.sha256(f"{connection}\n{session}".encode("utf-8", "backslashreplace")).digest()
        owner = self._owners.setdefault(key, (principal.issuer, principal.subject))
        self._owners.move_to_end(key)
        if len(self._owners) > _MAX_OWNERS:
            self._owners.popitem(last=False)
        if owner != (principal.issuer, principal.subject):
            raise Refused(Reason.SESSION_REFUSED, hint="let the client begin a session of its own")
