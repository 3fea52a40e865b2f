"""One session's vault: which value a token stands for, where that was seen first, and how many were given out.

First seen decides who may get a value back: AGENT where the agent sent it to a model itself, else the connection whose
answer held it. How many distinct values of a kind a session learns a mark of (token, hash, fake) is budgeted, so that
nobody tries out guesses. A vault that a store keeps beyond this process (`interlock.ports.VaultStore`) gives no
tokens for new values while that store cannot be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from interlock.masking.keys import derive
from interlock.masking.literals import Literal
from interlock.masking.sealed import Seal
from interlock.masking.token import kind_of, spell
from interlock.model import Secret
from interlock.ports import VaultRow

__all__ = ["AGENT", "BUDGET", "Vault"]

AGENT = "agent"
"""The origin of what the agent itself sent to a model; no connection can be called so."""
BUDGET = 500
"""Distinct values of one kind, in one session."""

_SHORTEST, _LONGEST = 4, 8192
_MAX_BYTES = 256 << 10
_MAX_ECHOES, _MAX_ECHO_BYTES = 256, 16 << 10
"""Restored values that are looked for exactly in everything that follows: in all their forms they are one pattern."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A value (hidden in reprs), where it was first seen, and whether it was given to a connection or glued to text."""

    value: str = field(repr=False)
    origin: str
    echoes: bool = False


class Vault:
    """The tokens of one session, under its key. Not for several threads."""

    def __init__(self, key: bytes, *, kept: bool = False, budget: int = BUDGET) -> None:
        """`kept`: a store holds it too, and is read before it is used (`opened`)."""
        self._tokens_key, self._marks_key = derive(key, "tokens"), derive(key, "marks")
        self._seal = Seal(key)
        self._budget = budget
        self.kept = kept
        self._entries: dict[str, _Entry] = {}
        self._marks: dict[str, set[bytes]] = {}
        self._counts: dict[str, int] = {}
        self._bytes = self._epoch = 0
        self._echoes: dict[str, str] = {}
        self._given: dict[str, str] = {}
        self._fresh: set[str] = set()
        self._alarms: dict[tuple[str, str], bool] = {}
        self.opened = not kept
        self.broken = False
        self.literals: tuple[Literal, ...] = ()

    def __repr__(self) -> str:
        return f"Vault({len(self._entries)} tokens)"

    def __contains__(self, token: object) -> bool:
        return token in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def session(self) -> str:
        """What a store calls this session: it tells nobody whose it is."""
        return self._seal.session

    @property
    def state(self) -> tuple[int, int]:
        """Changes when the same text is to be masked in another way than before: what was learnt of texts is void."""
        return self._epoch, len(self.literals)

    # -- giving out

    def token(self, kind: str, value: str, origin: str) -> str | None:
        """The token of a value that was seen at `origin` (empty: nothing is remembered of it).

        None where it is to be redacted: beyond the budget, with a store that is not there, for values that are too
        short to be found again or too long to be kept.
        """
        if not _SHORTEST <= len(value) <= _LONGEST or any(0xD800 <= ord(letter) < 0xE000 for letter in value):
            return None
        token = spell(kind, value, self._tokens_key)
        if token in self._entries or not origin:
            return token
        if not self.opened or self.broken:
            self._alarm("vault-unavailable", kind)
            return None
        size = len(value)
        if self._counts.get(kind, 0) >= self._budget or self._bytes + size > _MAX_BYTES:
            self._alarm("budget-spent", kind)
            return None
        self._put(token, _Entry(value, origin))
        if self.kept:
            self._fresh.add(token)
        return token

    def affords(self, kind: str, value: str) -> bool:
        """Whether the session may learn this value's hash or fake: it has before, or its budget is not spent."""
        marks = self._marks.setdefault(kind, set())
        mark = hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8, key=self._marks_key).digest()
        if mark in marks:
            return True
        if len(marks) >= self._budget:
            self._alarm("budget-spent", kind)
            return False
        marks.add(mark)
        return True

    # -- giving back

    def value(self, token: str, origins: Collection[str]) -> str | None:
        """What a token stands for, if it was first seen at one of `origins`; None for any other text."""
        entry = self._entries.get(token)
        if entry is None or entry.origin not in origins:
            return None
        self._given[entry.value] = token
        return entry.value

    def echo(self, tokens: Iterable[str]) -> bool:
        """These values were given out where they could come back in other company: look for them exactly from now on.

        False where so many are looked for that these cannot be: then they are not to be given out.
        """
        new = {token for token in tokens if token in self._entries and not self._entries[token].echoes}
        if not new:
            return True
        size = sum(len(value) for value in (*self._echoes, *(self._entries[token].value for token in new)))
        if len(self._echoes) + len(new) > _MAX_ECHOES or size > _MAX_ECHO_BYTES or self.broken:
            for token in sorted(new):
                self._alarm("restore-limit", kind_of(token))
            return False
        for token in new:
            entry = self._entries[token]
            self._put(token, _Entry(entry.value, entry.origin, True))
            if self.kept:
                self._fresh.add(token)
        return True

    def again(self, value: str) -> str | None:
        """The token of a value that was given back."""
        return self._echoes.get(value) or self._given.get(value)

    # -- keeping

    @property
    def waits(self) -> bool:
        """Whether something is to be written."""
        return bool(self._fresh)

    def take(self) -> tuple[VaultRow, ...]:
        """What is to be written, sealed; it is waited for no longer."""
        fresh, self._fresh = sorted(self._fresh), set()
        entries = self._entries
        return tuple(
            VaultRow(token, entries[token].origin, self._seal.close(token, entries[token].origin, entries[token].value),
                     entries[token].echoes)
            for token in fresh
        )  # fmt: skip

    def put(self, rows: Iterable[VaultRow]) -> None:
        """What the store holds. Whoever wrote a token first has said where its value was first seen."""
        for row in rows:
            value = self._seal.open(row)
            if value is not None and spell(kind_of(row.token), value, self._tokens_key) == row.token:
                known = self._entries.get(row.token)
                self._put(row.token, _Entry(value, row.origin, row.echoes or (known is not None and known.echoes)))
        if self.broken:
            self._epoch += 1
        self.opened, self.broken = True, False

    def fail(self, rows: Iterable[VaultRow] = ()) -> None:
        """The store could not be read or written: `rows` are not in it. What was not kept is not given out again."""
        self.broken = True
        self._epoch += 1
        for row in rows:
            entry = self._entries.get(row.token)
            if entry is not None and not row.echoes:
                del self._entries[row.token]
                self._counts[kind_of(row.token)] -= 1
                self._bytes -= len(entry.value)
        self._alarm("vault-unavailable", "")

    def alarms(self) -> list[tuple[str, str]]:
        """What is to be said in the evidence and was not yet: (what, kind); each once a session."""
        new = [alarm for alarm, told in self._alarms.items() if not told]
        self._alarms.update(dict.fromkeys(new, True))
        return new

    # -- parts

    def _put(self, token: str, entry: _Entry) -> None:
        if token not in self._entries:
            kind = kind_of(token)
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._bytes += len(entry.value)
        self._entries[token] = entry
        if entry.echoes and entry.value not in self._echoes:
            self._echoes[entry.value] = token
            self.literals = (*self.literals, Literal(Secret(entry.value)))

    def _alarm(self, what: str, kind: str) -> None:
        self._alarms.setdefault((what, kind), False)
