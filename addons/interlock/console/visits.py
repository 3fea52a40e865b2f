"""Who is signed in to the console: kept in this process alone, and gone when it ends.

The cookie is a random name; what it stands for never leaves. A decision asks besides how long ago the person proved
who they are, because the browser may stand open on the machine where the agent runs.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from interlock.engine.console_rules import Role
from interlock.identity import SignedIn
from interlock.model import Principal
from interlock.ports import Clock

__all__ = ["Visit", "Visits"]

_MOST = 1000
_IDLE = 3600.0


@dataclass(slots=True)
class Visit:
    """One signed-in browser. `csrf` stands in its forms; `signed_in` is when its person last proved who they are."""

    person: Principal
    roles: frozenset[Role]
    signed_in: float
    until: float
    seen: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def fresh(self, now: float, most: float) -> bool:
        """Whether the sign-in is young enough to decide something."""
        return 0 <= now - self.signed_in <= most

    def sent(self, token: str) -> bool:
        """Whether a form came from a page that this visit was shown."""
        return hmac.compare_digest(token.encode(), self.csrf.encode())


class Visits:
    """Visits by cookie; the least recently used goes when there are too many."""

    def __init__(self, clock: Clock, lasts: float) -> None:
        self._clock, self._lasts = clock, lasts
        self._visits: OrderedDict[bytes, Visit] = OrderedDict()

    def begin(self, signed_in: SignedIn, roles: frozenset[Role]) -> tuple[str, Visit]:
        """A new cookie for somebody who has just signed in, and their visit."""
        cookie, now = secrets.token_urlsafe(32), self._clock.now()
        visit = Visit(signed_in.principal, roles, signed_in.at, now + self._lasts, now)
        self._visits[_key(cookie)] = visit
        while len(self._visits) > _MOST:
            self._visits.popitem(last=False)
        return cookie, visit

    def of(self, cookie: str) -> Visit | None:
        """The visit of a cookie, unless it is over or nobody used it for an hour."""
        key, now = _key(cookie), self._clock.now()
        visit = self._visits.get(key)
        if visit is None:
            return None
        if now >= visit.until or now - visit.seen > _IDLE:
            del self._visits[key]
            return None
        visit.seen = now
        self._visits.move_to_end(key)
        return visit

    def name(self, cookie: str) -> str:
        """What tells the visit of a cookie from others, "" where there is none."""
        key = _key(cookie)
        return key.hex() if key in self._visits else ""

    def end(self, cookie: str) -> None:
        """Sign out."""
        self._visits.pop(_key(cookie), None)


def _key(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).digest()
