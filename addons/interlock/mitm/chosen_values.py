"""The values that are masked for where they stand: words of a command repeat them, wherever those stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from interlock.errors import InterlockError
from interlock.masking import Masker
from interlock.masking.covered import covered_places
from interlock.mitm.call import Call
from interlock.model import JSON, Operation
from interlock.paths import Location
from interlock.protocols.body import encode_json

__all__ = ["chosen", "chosen_in", "leaves"]

_CHOSEN = "chosen-values"
_DIGITS = 3
_BESIDE: JSON = {}


def chosen(masker: Masker, call: Call, proposed: Sequence[Operation]) -> tuple[str, ...] | None:
    """Those in a request's body, or in what its answer has `proposed`; None where that cannot be told."""
    decided = call.decided
    if call.answering:  # what an answer proposes is a document of its own
        return chosen_in(masker, proposed)
    if decided is None or decided.document is None or not masker.chooses_places:
        return ()
    if _CHOSEN not in call.marks:
        try:
            places = covered_places(masker, decided.exchange.body, decided.document)
            call.marks[_CHOSEN] = tuple(leaf for place in places for leaf in leaves(decided.document, place))
        except InterlockError:
            call.marks[_CHOSEN] = None
    found: tuple[str, ...] | None = call.marks[_CHOSEN]
    return found


def chosen_in(masker: Masker, proposed: Iterable[Operation]) -> tuple[str, ...] | None:
    """The values of proposed calls that are masked for where they stand; None where that cannot be told."""
    if not masker.chooses_places:
        return ()
    found: list[str] = []
    try:
        for operation in proposed:
            document = _in_answer(operation)
            for place in covered_places(masker, encode_json(document), document):
                found += leaves(document, place)
    except (InterlockError, ValueError, RecursionError):
        return None
    return tuple(found)


def _in_answer(operation: Operation) -> JSON:
    """A document in which a proposed call stands where it does in the answer, and nothing else stands."""
    node: JSON = {"type": "tool_use", "name": operation.resource, "input": dict(operation.arguments)}
    for part in reversed(operation.place.split("/")[1:]):
        if part.isdecimal() and len(part) <= _DIGITS:
            node = [*[_BESIDE] * int(part), node]
        else:
            node = {part.replace("~1", "/").replace("~0", "~"): node}
    return node


def leaves(document: JSON, place: Location) -> Iterator[str]:
    """The texts and numbers at and below a place of a document, as text."""
    value = document
    for step in place:
        value = value[step]  # type: ignore[index]
    for leaf in _leaves(value):
        if leaf is not None and not isinstance(leaf, bool):
            yield str(leaf)


def _leaves(value: JSON) -> Iterator[JSON]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value
