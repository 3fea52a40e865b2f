"""Which masking rules apply where, and the maskers made from them, kept while they are used.

Masks of a connection: those that name it (or none), apply always or are an obligation of the permitting rule, and are
not exempted there. `hash` and `fake` are keyed per session and connection, so no agent can compare guesses across
sessions; tokens are keyed per session, so that what one connection shows can be named to another.
"""

from __future__ import annotations

from collections import OrderedDict

from interlock.engine.rules import Rules
from interlock.engine.vaults import Vaults
from interlock.errors import Refused
from interlock.masking import AGENT, Literal, Masker, MaskRule, Replacer, Restore, Vault, applicable
from interlock.paths import PathSet
from interlock.reasons import Reason

__all__ = ["MaskerCache"]

_KEPT = 2048


class MaskerCache:
    """Maskers by connection, place, obligations, key and literals; the least recently used one goes first.

    Connections are named: a request that began under other rules brings settings of those, which mean nothing here.
    """

    def __init__(self, rules: Rules, key: bytes, vaults: Vaults | None = None) -> None:
        """`key` is the master key; `vaults` outlive the rules."""
        self._rules = rules
        self._vaults = vaults or Vaults(key)
        self._exempted = {connection.name: connection.unmask for connection in rules.connections}
        self.remembers = any(rule.action in ("hash", "token", "fake") for rule in rules.masking)
        self.gives_back = any(rule.action == "token" for rule in rules.masking)
        self._known = frozenset(rule.id for rule in rules.masking)
        self._covers: dict[tuple[str, frozenset[str]], bool] = {}
        self._restores: dict[str, tuple[tuple[Restore, PathSet], ...]] = {}
        self._cache: OrderedDict[tuple[object, ...], tuple[tuple[Literal, ...], Masker]] = OrderedDict()

    def get(
        self,
        connection: str,
        where: str,
        named: frozenset[str],
        session: str,
        literals: tuple[Literal, ...] = (),
    ) -> Masker:
        """The masker. Raises Refused (OBLIGATION_MISSING) for a named mask that does not exist, and for a connection
        that the rules do not have (any more).
        """
        vault = self.vault(session) if self.remembers else None
        # Comparing secrets costs more than finding a masker: the very same tuple of them is looked for.
        index = (connection, where, named, session, id(literals), vault, None if vault is None else vault.state)
        found = self._cache.get(index)
        if found is not None and found[0] is literals:
            self._cache.move_to_end(index)
            return found[1]
        if not named <= self._known:
            raise Refused(Reason.OBLIGATION_MISSING)
        masker = self._made(
            connection, where, named, session, (*literals, *(vault.literals if vault is not None else ()))
        )
        self._cache[index] = literals, masker
        if len(self._cache) > _KEPT:
            self._cache.popitem(last=False)
        return masker

    def _made(
        self, connection: str, where: str, named: frozenset[str], session: str, literals: tuple[Literal, ...]
    ) -> Masker:
        rules = self._applicable(connection, where, named)
        key = self._vaults.key(session, connection)
        replacer = Replacer(
            key,
            vault=self.vault(session),
            origin={"model-requests": AGENT, "responses": connection}.get(where, ""),
            stable=self._vaults.stable(connection),
            lasting=[rule.id for rule in rules if rule.scope == "connection"],
        )
        return Masker(rules, key, literals, replacer)

    def _applicable(self, connection: str, where: str, named: frozenset[str]) -> tuple[MaskRule, ...]:
        if connection not in self._exempted:
            raise Refused(Reason.OBLIGATION_MISSING)
        return applicable(self._rules.masking, connection, where, named=named, unmask=self._exempted[connection])

    def vault(self, session: str) -> Vault | None:
        """The vault of a session, if the rules need one and there is a session."""
        return self._vaults.of(session) if session and self.remembers else None

    def restores(self, connection: str) -> tuple[tuple[Restore, PathSet], ...]:
        """Where tokens in requests to a connection become values again."""
        if connection not in self._restores:
            found = [entry for rule in self._rules.masking for entry in rule.restore if connection in entry.to]
            self._restores[connection] = tuple((entry, PathSet(entry.at)) for entry in found)
        return self._restores[connection]

    def covers(self, connection: str, named: frozenset[str]) -> bool:
        """Whether the masks of an answer include every mask of a recording. Raises Refused (OBLIGATION_MISSING)."""
        index = (connection, named)
        if index not in self._covers:
            replies, kept = (self._applicable(connection, where, named) for where in ("responses", "recordings"))
            self._covers[index] = {rule.id for rule in kept} <= {rule.id for rule in replies}
        return self._covers[index]
