"""The maskers of one call: for the request to a model, for the answer, for what the recording keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.engine.masks import MaskerCache
from interlock.errors import InterlockError
from interlock.masking import Literal, Masker
from interlock.mitm.call import Call
from interlock.protocols.body import read_json
from interlock.settings import Connection

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Masks"]

_UNREADABLE = b"[not kept: the body cannot be read, so it cannot be masked]"


class Masks:
    """Chooses maskers by what a call has proven so far."""

    def __init__(self, services: Services, cache: MaskerCache) -> None:
        self._services = services
        self._cache = cache

    def for_request(self, call: Call, connection: Connection, model: bool) -> Masker | None:
        """The masker of a request; only models' requests are masked. The agent's own token is masked in them too."""
        if not model:
            return None
        return self._get(call, connection, "model-requests", self._token(call))

    def for_reply(self, call: Call, connection: Connection) -> Masker:
        """The masker of an answer: the rules, and the credential the gateway supplied, in case it is echoed."""
        return self._get(call, connection, "responses", self._credential(connection) + self._token(call))

    def recorded(self, call: Call, body: bytes, *, request: bool) -> bytes:
        """A body as the recording keeps it. What cannot be read is not kept."""
        contained = call.contained
        if contained is None or not body:
            return body
        try:
            literals = self._credential(contained.connection) + self._token(call)
            masker = self._get(call, contained.connection, "recordings", literals)
            if masker.empty:
                return body
            if body.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
                return masker.json(body, read_json(body)).body
            return masker.text(body.decode("utf-8")).text.encode()
        except (InterlockError, UnicodeDecodeError):
            return _UNREADABLE

    def shown(self, call: Call, text: str) -> str:
        """A path or other short text as the evidence keeps it."""
        contained = call.contained
        if contained is None:
            return ""
        try:
            masker = self._get(call, contained.connection, "recordings", self._token(call))
            return text if masker.empty else masker.text(text).text
        except InterlockError:
            return ""

    def shower(self, call: Call) -> Callable[[str], str]:
        """`shown` for one call."""
        return lambda text: self.shown(call, text)

    def _get(self, call: Call, connection: Connection, where: str, literals: tuple[Literal, ...]) -> Masker:
        named = call.decided.decision.masks if call.decided is not None else frozenset()
        session = ""
        if call.authenticated is not None:
            principal = call.authenticated.principal
            session = f"{principal.issuer}\0{principal.subject}\0{call.authenticated.run}"
        return self._cache.get(connection, where, named, session, literals)

    def _credential(self, connection: Connection) -> tuple[Literal, ...]:
        return tuple(Literal(secret) for secret in self._services.injector(connection.name).literals())

    @staticmethod
    def _token(call: Call) -> tuple[Literal, ...]:
        token = call.authenticated.token if call.authenticated is not None else None
        return () if token is None else (Literal(token, "token"),)
