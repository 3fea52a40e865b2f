"""What `interlock mask` reads and writes. One line is one document or text; lines are independent of each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO

import msgspec

from interlock.cli._lines import id_of, lines
from interlock.engine.adapters import adapters
from interlock.engine.masks import MaskerCache
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.masking import PLACES, Masker, MaskRule, known_detectors
from interlock.masking.actions import ACTIONS
from interlock.masking.rules import fold
from interlock.model import JSON, Finding
from interlock.paths import Location, compile_path
from interlock.settings import Connection

__all__ = ["MAX_LINE", "Answer", "Chosen", "answer", "chosen_by", "mask_all"]

MAX_LINE = 32 << 20
"""Bytes of the longest line that is read."""
_LABEL = "mask"
_DIGITS = 4000

type _Guard = Callable[[Location], bool] | None
type Chosen = Callable[[Mapping[str, JSON], JSON], tuple[Masker, Masker, _Guard]]
"""Given a line and its document: the maskers of document and text, and what in the document is never rewritten."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said about one line: what was masked, or what is wrong with it. `id` and `doc` are JSON texts."""

    id: bytes
    line: int
    doc: bytes | None = field(default=None, repr=False)
    text: str | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()
    error: str = ""

    def encoded(self) -> bytes:
        """One line of JSON; what was not masked has the bytes that it came with."""
        if self.error:
            return b'{"id":%b,"error":%b,"line":%d}' % (self.id, _json(self.error), self.line)
        found: list[JSON] = [_finding(one) for one in self.findings]
        doc = b"" if self.doc is None else b',"doc":' + self.doc
        text = b"" if self.text is None else b',"text":' + _json(self.text)
        return b'{"id":%b%b%b,"findings":%b}' % (self.id, doc, text, _json(found))


def mask_all(chosen: Chosen, source: IO[bytes], show: Callable[[Answer], None]) -> bool:
    """Every line as it comes, in order; whether all were good."""
    good = True
    for number, raw in lines(source, MAX_LINE):
        said = (
            answer(chosen, raw, number)
            if raw is not None
            else Answer(b"null", number, error=f"longer than {MAX_LINE} bytes")
        )
        good = good and not said.error
        show(said)
    return good


def answer(chosen: Chosen, raw: bytes, number: int) -> Answer:
    """The answer to one line. Never raises."""
    name = id_of(raw)
    try:
        parts = _read(raw)
        name = bytes(parts.get("id", b"null"))
        return _masked(chosen, name, number, parts, _checked(raw, parts))
    except InterlockError as error:
        return Answer(name, number, error=f"{error}" + (f" ({error.hint})" if error.hint else ""))
    except RecursionError:
        return Answer(name, number, error="the line is nested too deeply")
    except Exception:  # no line may end the others
        return Answer(name, number, error="the line could not be masked")


def chosen_by(rules: Rules | None, on: str, where: str, named: frozenset[str], key: bytes) -> Chosen:
    """How lines say what is masked: by rules that apply to a connection, or each by its own members.

    Raises InterlockError for a connection, a place or a mask that is not known.
    """
    if rules is None:
        return lambda entry, document: (*_own(entry, key), None)
    connections = {connection.name: connection for connection in rules.connections}
    if on not in connections:
        raise InterlockError(f"there is no connection {on!r}", hint="known: " + ", ".join(sorted(connections)))
    if where not in PLACES:
        raise InterlockError(f"{where!r} is no place", hint="known: " + ", ".join(PLACES))
    if unknown := sorted(named - {rule.id for rule in rules.masking}):
        raise InterlockError(f"there is no masking rule {unknown[0]!r}", hint="ids stand in the section masking")
    connection = connections[on]
    masker = MaskerCache(rules, key).get(on, where, named, "")

    def choose(entry: Mapping[str, JSON], document: JSON) -> tuple[Masker, Masker, _Guard]:
        if extra := sorted({"rules", "with", "detect", "fields"}.intersection(entry)):
            raise InterlockError(f"{extra[0]} stands in the line, and --rules too", hint="leave one of them out")
        return masker, masker, _protection(connection, where, document)

    return choose


# -- parts


def _read(raw: bytes) -> dict[str, msgspec.Raw]:
    """The members of a line as JSON texts."""
    try:
        return msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, ValueError):
        raise InterlockError("the line is not a JSON object of strict JSON (RFC 8259, UTF-8)") from None


def _checked(raw: bytes, parts: Mapping[str, msgspec.Raw]) -> dict[str, JSON]:
    """What the members say, but for id and doc; no object of the line has a member twice."""
    try:
        json.loads(raw, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=str, parse_int=str)
        return {name: msgspec.json.decode(part) for name, part in parts.items() if name not in ("id", "doc")}
    except (msgspec.MsgspecError, ValueError):
        raise InterlockError("the line is not strict JSON (RFC 8259, UTF-8)") from None


def _unique(pairs: list[tuple[str, JSON]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise InterlockError("a member stands twice in one object")


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _masked(
    chosen: Chosen, name: bytes, number: int, parts: Mapping[str, msgspec.Raw], entry: Mapping[str, JSON]
) -> Answer:
    text, raw = entry.get("text"), parts.get("doc")
    if raw is None and "text" not in entry:
        raise InterlockError("the line has neither doc nor text")
    if "text" in entry and not isinstance(text, str):
        raise InterlockError("text must be text")
    body = bytes(raw) if raw is not None else b"null"
    document = _document(body)
    of_doc, of_text, protected = chosen(entry, document)
    doc, findings = None, list[Finding]()
    if raw is not None:
        masked = of_doc.json(body, document, protected=protected)
        doc = masked.body
        findings += masked.findings
    if isinstance(text, str):
        shown = of_text.text(text)
        text = shown.text
        findings += shown.findings
    return Answer(name, number, doc, text if isinstance(text, str) else None, tuple(findings))


def _document(body: bytes) -> JSON:
    """The document. Numbers beyond what machines count with are read as infinite: they are masked, or stay."""
    try:
        document: JSON = msgspec.json.decode(body)
    except (msgspec.MsgspecError, ValueError):
        document = json.loads(body, parse_int=_whole)
    return document


def _whole(digits: str) -> float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _own(entry: Mapping[str, JSON], key: bytes) -> tuple[Masker, Masker]:
    """The maskers that a line asks for: of its document, and of its text, which has no places to choose."""
    action = entry.get("with", "redact")
    if not isinstance(action, str) or action not in ACTIONS:
        raise InterlockError("with is no action that is known", hint="known: " + ", ".join(ACTIONS))
    paths, fields, detect = (_texts(entry, name) for name in ("rules", "fields", "detect"))
    every = tuple(sorted(known_detectors()))
    if unknown := [name for name in detect or () if name not in every]:
        raise InterlockError(f"there is no detector {unknown[0][:80]!r}", hint="known: " + ", ".join(every))
    chooses = paths is not None or fields is not None or detect is not None
    of_doc = _masker(paths or (), fields or (), (detect or ()) if chooses else every, action, key)
    return of_doc, _masker((), (), detect if detect is not None else every, action, key)


def _texts(entry: Mapping[str, JSON], name: str) -> tuple[str, ...] | None:
    if name not in entry:
        return None
    value = entry[name]
    found = tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()
    if not isinstance(value, list) or len(found) < len(value):
        raise InterlockError(f"{name} must be a list of texts")
    return found


@lru_cache(maxsize=256)
def _masker(
    paths: tuple[str, ...], fields: tuple[str, ...], detect: tuple[str, ...], action: str, key: bytes
) -> Masker:
    rules: list[MaskRule] = []
    if paths:
        rules.append(MaskRule(_LABEL, action, paths=tuple(map(compile_path, paths))))
    if fields:
        rules.append(MaskRule(_LABEL, action, fields=frozenset(_folded(fields))))
    if detect:
        rules.append(MaskRule(_LABEL, action, detect=detect))
    return Masker(rules, key)


def _folded(names: tuple[str, ...]) -> list[str]:
    """Names as rules have them. Raises InterlockError for one that has neither letter nor digit."""
    folded = [fold(name) for name in names]
    if not all(folded):
        raise InterlockError("a field has no letter or digit", hint="as in ssn, or date_of_birth")
    return folded


def _protection(connection: Connection, where: str, document: JSON) -> _Guard:
    adapter = adapters().get(connection.protocol)
    if adapter is None or where == "recordings" or not (adapter.model or where == "model-requests"):
        return None
    return adapter.protected(document)


def _finding(found: Finding) -> dict[str, JSON]:
    return {
        "rule": found.rule, "detector": found.detector, "place": found.place, "action": found.action,
        "confidence": found.confidence,
    }  # fmt: skip


def _json(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
