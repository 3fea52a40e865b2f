"""When a request is the one that was recorded: a keyed hash of its canonical form, once both are masked alike.

A recorded body is masked already, with keys that nobody has any more. So the incoming one is masked by the same rules,
and in both, whatever stands for a value (a redaction, a hash, a token) becomes the same word: what it stood for is not
compared. Rules whose result depends on a key (`hash`, `token`, `fake`) redact here, also in what was recorded: a
made-up address is found by the detector that found the real one. Masking what is masked again changes nothing.

Members that an adapter calls volatile are left out (a JSON-RPC id, progress tokens), and the ids that a client makes up
for itself. Members of an object have no order; the order of a query's members of different names, and headers, say
nothing. A document in which a name stands twice is compared byte by byte: readers differ on what it says.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from interlock.credentials.strip import strip_query
from interlock.engine.adapters import adapters
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.masking import Masker
from interlock.masking.rules import applicable
from interlock.masking.strict import read_strictly
from interlock.model import JSON
from interlock.paths import Location, Path, compile_path
from interlock.replay.marks import MARKS

__all__ = ["Sameness"]

_MASKED: Final = "<masked>"
_KEYED: Final = frozenset(("hash", "token", "fake"))
_OWN: Final = {"anthropic": ("$.metadata",), "openai": ("$.user", "$.safety_identifier", "$.prompt_cache_key")}
_KEY: Final = bytes(32)
_DEEPEST: Final = 200
_NAMED: Final = {
    "text/csv": "csv", "application/csv": "csv", "text/tab-separated-values": "csv",
    "application/x-www-form-urlencoded": "form",
}  # fmt: skip
"""Media types whose parts have names, by which the gateway masks them."""


class Sameness:
    """How requests of one connection are compared. `named` are the masks that the decision of the time obliged."""

    def __init__(
        self, rules: Rules | None, connection: str, named: frozenset[str], *, key: bytes, ignore: Sequence[str] = ()
    ) -> None:
        """`ignore` are JSONPaths of members that may differ. Raises InterlockError for what is no path."""
        known = rules.connection(connection) if rules is not None else None
        adapter = adapters().get(known.protocol) if known is not None else None
        volatile = (*(adapter.volatile if adapter is not None else ()), *_OWN.get(known.protocol if known else "", ()))
        self._key = key
        self._ignored: tuple[Path, ...] = tuple(compile_path(text) for text in (*volatile, *ignore))
        self._masker: Masker | None = None
        if rules is not None and known is not None:
            places = ("model-requests", "recordings") if adapter is not None and adapter.model else ("recordings",)
            chosen = {
                rule.id: replace(rule, action="redact") if rule.action in _KEYED else rule
                for place in places
                for rule in applicable(rules.masking, connection, place, named=named, unmask=tuple(known.unmask))
            }
            self._masker = Masker(tuple(chosen.values()), _KEY) if chosen else None

    def digest(self, method: str, target: str, body: JSON) -> str:
        """The keyed hash (HMAC-SHA-256, hex) of a request whose body `form` gave. Raises InterlockError."""
        target = strip_query(target)
        path, _, query = target.partition("?")
        if self._masker is not None:
            path = self._masker.text(path).text
            query = self._masker.fields(query, "form").text if query else ""
        members = parse_qsl(
            query, keep_blank_values=True, encoding="latin-1"
        )  # every byte counts, also where it is no text
        members.sort(key=itemgetter(0))
        said: JSON = [method, _unmarked(path), [[name, _unmarked(value)] for name, value in members], body]
        return hmac.new(self._key, msgspec.json.encode(said, order="deterministic"), "sha256").hexdigest()

    def form(self, body: bytes, kind: str = "") -> JSON:
        """What of a body of a media type is compared. Never raises: what cannot be read is compared byte by byte."""
        if not body:
            return None
        try:
            if body.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
                return self._document(body)
            text = body.decode("utf-8")
            if self._masker is not None:
                text = self._masker.fields(text, _NAMED.get(kind.partition(";")[0].strip().lower(), "text")).text
            return _unmarked(text)
        except (InterlockError, UnicodeDecodeError, msgspec.MsgspecError, ValueError, RecursionError, TimeoutError):
            return {"bytes": hmac.new(self._key, body, "sha256").hexdigest()}

    def _document(self, body: bytes) -> JSON:
        if self._masker is not None:
            body = self._masker.json(body).body
        document = read_strictly(body)
        for path in self._ignored:
            for place in sorted((place for place, _ in path.select(document)), key=str, reverse=True):
                document = _without(document, place)
        return _plain(document, 0)


def _without(document: JSON, place: Location) -> JSON:
    """Leaves out what stands at a place, which is there."""
    if not place:
        return None
    inner = document
    for step in place[:-1]:
        inner = inner[step]  # type: ignore[index]
    if isinstance(inner, dict):
        inner.pop(str(place[-1]), None)
    elif isinstance(inner, list) and type(place[-1]) is int and place[-1] < len(inner):
        inner[place[-1]] = None
    return document


def _plain(value: JSON, depth: int) -> JSON:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return _unmarked(value)
    if isinstance(value, list):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        found = {_unmarked(name): _plain(member, depth + 1) for name, member in value.items()}
        if len(found) < len(value):
            raise ValueError("members whose names are masked alike")
        return found
    return value


def _unmarked(text: str) -> str:
    return MARKS.sub(_MASKED.encode(), text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
