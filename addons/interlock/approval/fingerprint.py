"""The fingerprint: what exactly a person said yes to. Whatever differs in anything else is another question.

It binds who asks (and for whom), the connection and origin, the rules, and the operation as the receiver will parse it:
method, target, headers and every member of the body; for a call that a model proposes, the tool and all its arguments.
Left out are only the volatile members that an adapter names, and the headers below, which say nothing to the receiver
about what to do. It is taken after tokens became values again and before a credential is supplied.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from interlock.errors import Refused
from interlock.model import JSON, Exchange, Operation, Person
from interlock.paths import Location, Path
from interlock.reasons import Reason

__all__ = ["TRANSPORT", "of_call", "of_request"]

TRANSPORT: Final = frozenset(
    (
        "accept-encoding", "connection", "content-length", "expect", "host", "if-range", "keep-alive", "range", "te",
        "trailer", "transfer-encoding",  # this hop's own: the gateway writes them anew, or takes them away
        "traceparent", "tracestate", "x-client-request-id", "x-request-id", "x-stainless-retry-count",
    )
)  # fmt: skip
"""Headers that may differ when a request comes again: framing, and the numbers that clients give to their attempts."""

_VERSION = 1
_SHORT = 2_000
_NUMBERS = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?')
_SCALARS = (str, int, bool, type(None))
_encode = msgspec.json.Encoder(order="sorted").encode


def of_request(
    requester: Person, exchange: Exchange, document: JSON, *, volatile: Sequence[Path] = (), rules_digest: str
) -> str:
    """The fingerprint (hex) of a request. `document` is what its body parses to, None where it is no JSON.

    Raises Refused (APPROVAL_UNAVAILABLE) for what cannot be written down in one way.
    """
    told: JSON
    if document is None:
        told = ["bytes", hashlib.sha256(exchange.body).hexdigest()]
    else:
        places = {place for path in volatile for place, value in path.select(document) if _is_small(value)}
        told = ["json", _without(document, places), _fractions(exchange.body)]
    origin = exchange.origin
    headers = sorted(
        ([name, value] for name, value in exchange.headers if name not in TRANSPORT), key=lambda pair: pair[0]
    )
    return _digest(
        [
            *_bound(requester, rules_digest, "request"),
            [exchange.connection, origin.scheme, origin.host, origin.port],
            [exchange.method, exchange.target],
            [[*pair] for pair in headers],
            told,
        ]
    )


def of_call(
    requester: Person, connection: str, operation: Operation, *, volatile: Collection[str] = (), rules_digest: str
) -> str:
    """The fingerprint (hex) of a call that a model's reply proposes on a connection: the call, not what is around it.

    `volatile` are members of its input that may differ. Raises Refused (APPROVAL_UNAVAILABLE).
    """
    arguments: Mapping[str, JSON] = {
        name: value for name, value in operation.arguments.items() if name not in volatile or not _is_small(value)
    }
    return _digest(
        [
            *_bound(requester, rules_digest, "call"),
            connection,
            [operation.name, operation.resource, operation.text],
            dict(arguments),
        ]
    )


def _bound(requester: Person, rules_digest: str, kind: str) -> list[JSON]:
    who: list[JSON] = [requester.identity, requester.issuer, requester.subject, requester.acting_for]
    return [_VERSION, kind, who, rules_digest]


def _digest(value: JSON) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: JSON) -> bytes:
    """JSON with its members sorted, in which 1, 1.0, true and "1" are four things (RFC 8785 would make two of them
    one).
    """
    try:
        return _encode(value)
    except OverflowError:
        pass
    except (TypeError, ValueError, RecursionError):
        raise Refused(Reason.APPROVAL_UNAVAILABLE, "what would run cannot be written down in one way") from None
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise Refused(Reason.APPROVAL_UNAVAILABLE, "what would run cannot be written down in one way") from None


def _fractions(body: bytes) -> list[JSON]:
    """Numbers with a fraction or exponent as they are written: a receiver may read more of them than we can keep."""
    return [word.decode() for word in _NUMBERS.findall(body) if word[:1] != b'"' and any(c in b".eE" for c in word)]


def _is_small(value: JSON) -> bool:
    """Only a short text, a whole number or nothing may differ; what holds members is part of the question."""
    return isinstance(value, _SCALARS) and (not isinstance(value, str) or len(value) <= _SHORT)


def _without(document: JSON, places: Iterable[Location]) -> JSON:
    """A copy without these members; what is untouched is shared."""
    for place in places:
        document = _cut(document, place)
    return document


def _cut(value: JSON, place: Location) -> JSON:
    step, rest = place[0] if place else None, place[1:]
    if isinstance(value, dict) and isinstance(step, str) and step in value:
        if rest:
            return {**value, step: _cut(value[step], rest)}
        return {name: inner for name, inner in value.items() if name != step}
    return value
