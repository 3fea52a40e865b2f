"""Says what is put in the place of one value: the only place where keys, budget and vault meet."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from interlock.masking.actions import Span, digest, replacement
from interlock.masking.detector import encode
from interlock.masking.fake import fake
from interlock.masking.kinds import kind_of
from interlock.masking.literals import NAME
from interlock.masking.token import spell
from interlock.masking.vault import Vault
from interlock.model import Finding

__all__ = ["Replacer"]


class Replacer:
    """One connection's replacements in one session.

    `key` is the session's and the connection's; `stable` that of the connection alone, for the rules named in
    `lasting`. `origin` is where values are seen here (empty: nobody gets them back, nothing is remembered). Without a
    vault tokens keep equality and nothing else, and nothing is budgeted.
    """

    __slots__ = ("_key", "_lasting", "_origin", "_stable", "_vault")

    def __init__(
        self,
        key: bytes,
        *,
        vault: Vault | None = None,
        origin: str = "",
        stable: bytes = b"",
        lasting: Collection[str] = (),
    ) -> None:
        self._key, self._vault, self._origin = key, vault, origin
        self._stable, self._lasting = stable, frozenset(lasting) if stable else frozenset()

    @property
    def state(self) -> bytes:
        """Changes when the same text would be masked in another way than before."""
        return b"%d %d" % self._vault.state if self._vault is not None else b""

    def __call__(self, span: Span, value: str) -> tuple[str, Finding]:
        """The text and the finding, whose place is set by the caller."""
        shown, action, seal = self.told(span, value)
        return shown, Finding(span.rule, span.detector, "", span.confidence, action, seal)

    def told(self, span: Span, value: str) -> tuple[str, str, str]:
        """The text, what was done, and the digest for the finding."""
        # An open span was cut off at a limit: what it holds depends on how the text arrived, so nothing is told of it.
        seal = "" if span.open else digest(self._key, "finding", encode(value))
        if span.action == "redact" and span.detector != NAME:
            return _redacted(span.label), "redact", seal
        action, shown = self._shown(span, value)
        return shown, action, seal

    def _shown(self, span: Span, value: str) -> tuple[str, str]:
        action = "redact" if span.open else span.action
        if action == "redact" and span.detector != NAME:
            return action, _redacted(span.label)
        label = kind_of(span.label)
        if action == "token" or span.detector == NAME:
            token = self._token(span, value)
            return ("token", token) if token is not None else ("redact", _redacted(label))
        key = self._stable if span.rule in self._lasting else self._key
        if action in ("hash", "fake"):
            if self._vault is not None and self._origin and not self._vault.affords(label, value):
                return "redact", _redacted(label)
            invented = fake(label, value, key) if action == "fake" else replacement(action, label, value, key)
            return (action, invented) if invented is not None else ("redact", _redacted(label))
        return action, replacement(action, label, value, key)

    def _token(self, span: Span, value: str) -> str | None:
        vault = self._vault
        if span.detector == NAME:  # a secret, or the echo of a value that was restored
            return vault.again(value) if vault is not None else None
        if vault is None:
            return spell(kind_of(span.label), value, self._key)
        return vault.token(kind_of(span.label), value, self._origin)


@lru_cache(maxsize=1024)
def _redacted(label: str) -> str:
    return replacement("redact", kind_of(label), "", b"")
