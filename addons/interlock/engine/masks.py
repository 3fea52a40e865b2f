"""Which masking rules apply where, and the maskers made from them, kept while they are used.

Masks of a connection: those that name it (or none), apply always or are an obligation of the permitting rule, and are
not exempted there. `hash` is keyed per session and connection, so no agent can compare guesses across sessions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict

from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.masking import Literal, Masker, applicable
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["MaskerCache"]

_KEPT = 2048


class MaskerCache:
    """Maskers by connection, place, obligations, key and literals; the least recently used one goes first."""

    def __init__(self, rules: Rules, key: bytes) -> None:
        self._rules = rules
        self._key = key
        self._known = frozenset(rule.id for rule in rules.masking)
        self._covers: dict[tuple[str, frozenset[str]], bool] = {}
        self._cache: OrderedDict[tuple[object, ...], Masker] = OrderedDict()

    def get(
        self,
        connection: Connection,
        where: str,
        named: frozenset[str],
        session: str,
        literals: tuple[Literal, ...] = (),
    ) -> Masker:
        """The masker. Raises Refused (OBLIGATION_MISSING) for a named mask that does not exist."""
        if not named <= self._known:
            raise Refused(Reason.OBLIGATION_MISSING)
        index = (connection.name, where, named, session, literals)
        found = self._cache.get(index)
        if found is None:
            rules = applicable(self._rules.masking, connection.name, where, named=named, unmask=connection.unmask)
            key = hmac.digest(self._key, f"{session}\0{connection.name}".encode(), hashlib.sha256)
            found = self._cache[index] = Masker(rules, key, literals)
            if len(self._cache) > _KEPT:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(index)
        return found

    def covers(self, connection: Connection, named: frozenset[str]) -> bool:
        """Whether the masks of an answer include every mask of a recording."""
        index = (connection.name, named)
        if index not in self._covers:
            replies, kept = (
                applicable(self._rules.masking, connection.name, where, named=named, unmask=connection.unmask)
                for where in ("responses", "recordings")
            )
            self._covers[index] = {rule.id for rule in kept} <= {rule.id for rule in replies}
        return self._covers[index]
