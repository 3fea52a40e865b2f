"""An operation as people are shown it: structured, masked, whole. What cannot be shown so, they cannot approve."""

from __future__ import annotations

import json
from collections.abc import Mapping

from interlock.approval.fingerprint import TRANSPORT
from interlock.approval.shown import Hidden, Masked, Showable, view
from interlock.credentials import is_credential_header
from interlock.errors import Refused
from interlock.masking import Masker
from interlock.masking.covered import covered_places, covered_spans
from interlock.model import JSON, Exchange, Operation
from interlock.paths import Location
from interlock.protocols.body import encode_json
from interlock.reasons import Reason

__all__ = ["runs_unseen", "shown_call", "shown_request"]

_TOUCHED = ("kinds", "tables", "hosts", "paths", "flags")
_MAX_OPERATIONS = 500
_OPAQUE = "opaque"


def shown_request(
    masker: Masker, exchange: Exchange, document: JSON, operations: tuple[Operation, ...]
) -> dict[str, JSON]:
    """A request: where it goes, its headers, what it would do, its body. Raises Refused (APPROVAL_HIDDEN)."""
    told: dict[str, Showable] = {
        "method": exchange.method,
        "origin": str(exchange.origin),
        "target": _text(masker, exchange.target),
        "headers": _headers(masker, exchange),
        "operations": _operations(masker, operations),
    }
    if document is not None:
        told["body"] = _document(masker, exchange.body, _written(exchange.body, document))
    elif exchange.body:
        told["body"] = _text(masker, _decoded(exchange.body))
    return view(told)


def shown_call(masker: Masker, operations: tuple[Operation, ...]) -> dict[str, JSON]:
    """A call that a model proposes: the tool, its input, what it would do. Raises Refused (APPROVAL_HIDDEN)."""
    calls: list[dict[str, Showable]] = []
    for operation in operations:
        arguments = dict(operation.arguments)
        calls.append({"tool": operation.resource, "input": _document(masker, encode_json(arguments), arguments)})
    told: dict[str, Showable] = {"operations": _operations(masker, operations)}
    return view({**calls[0], **told} if len(calls) == 1 else {"calls": calls, **told})


def runs_unseen(operations: tuple[Operation, ...]) -> bool:
    """Whether something runs content by reference, which nobody has seen here."""
    return any(_OPAQUE in _flags(entry) for operation in operations for entry in operation.walk())


def _flags(operation: Operation) -> list[JSON]:
    found = operation.arguments.get("flags")
    return found if isinstance(found, list) else []


def _operations(masker: Masker, operations: tuple[Operation, ...]) -> list[Showable]:
    """Every operation, outermost first: its name, what it does to what, and its command as it was written."""
    found: list[Showable] = []
    for operation in operations:
        for entry in operation.walk():
            item: dict[str, Showable] = {"name": entry.name, "access": entry.access.name.lower()}
            if entry.protocol in ("sql", "shell"):
                item |= {name: value for name in _TOUCHED if (value := _words(masker, entry.arguments.get(name)))}
            if entry.text:
                item["command"] = _text(masker, entry.text)
            found.append(item)
    if len(found) > _MAX_OPERATIONS:
        raise Refused(Reason.APPROVAL_HIDDEN, "what would run is too much to be shown to a person whole")
    return found


def _headers(masker: Masker, exchange: Exchange) -> dict[str, Showable]:
    """All that the fingerprint binds: some services are told by a header what to do (`x-amz-target`, `depth`)."""
    found: dict[str, list[Showable]] = {}
    for name, value in exchange.headers:
        if name not in TRANSPORT:
            secret = (Hidden(0, len(value), "credential"),)
            shown = Masked(value, secret, command=False) if is_credential_header(name) else _text(masker, value)
            found.setdefault(name, []).append(shown)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _words(masker: Masker, value: JSON) -> list[Showable]:
    return [_text(masker, str(word)) for word in value] if isinstance(value, list) else []


def _text(masker: Masker, text: str) -> str | Masked:
    """A text, with what is masked in it to be shown as its kind and length."""
    hidden = tuple(Hidden(*span) for span in covered_spans(masker, text))
    return Masked(text, hidden) if hidden else text


def _document(masker: Masker, body: bytes, document: JSON) -> Showable:
    return _shown(masker, document, (), covered_places(masker, body, document))


def _shown(masker: Masker, value: JSON, at: Location, places: Mapping[Location, str]) -> Showable:
    if at in places:
        if isinstance(value, dict | list):
            raise Refused(Reason.APPROVAL_HIDDEN)
        plain = value.text if isinstance(value, _Fraction) else str(value)
        return Masked(plain, (Hidden(0, len(plain), places[at]),))
    if isinstance(value, str):
        return _text(masker, value)
    if isinstance(value, _Fraction):
        return float(value) if repr(float(value)) == value.text else value.text
    if isinstance(value, dict):
        if any(covered_spans(masker, name) for name in value):
            raise Refused(Reason.APPROVAL_HIDDEN)
        return {name: _shown(masker, inner, (*at, name), places) for name, inner in value.items()}
    if isinstance(value, list):
        return [_shown(masker, inner, (*at, number), places) for number, inner in enumerate(value)]
    return value


class _Fraction(float):
    """A number with the digits that were sent: a receiver may read more of them than a float keeps."""

    text = ""


def _fraction(text: str) -> _Fraction:
    found = _Fraction(text)
    found.text = text
    return found


def _written(body: bytes, document: JSON) -> JSON:
    """The document of a body, its fractions as they are written. Raises Refused (APPROVAL_HIDDEN)."""
    try:
        written: JSON = json.loads(body, parse_float=_fraction)
        if written == document:
            return written
    except (ValueError, RecursionError):
        pass
    raise Refused(Reason.APPROVAL_HIDDEN, "its numbers cannot be shown as they are written")


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(Reason.APPROVAL_HIDDEN, "what would be sent is no text, so nobody can read it") from None
