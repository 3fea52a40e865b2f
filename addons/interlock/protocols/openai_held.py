"""The calls of one choice of a streamed chat completion, held until the choice ends: only then are they whole.

Pieces of parallel calls may come in any order, so no call of a choice is complete before its finish_reason. What two
clients could put together differently (a second id or name for one index, an index that is missing) is not read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.paths import Location
from interlock.protocols.body import encode_json
from interlock.protocols.openai_calls import CALLED, treat_call
from interlock.protocols.proposals import Proposals, hides_call
from interlock.protocols.requests import Member, require_object
from interlock.protocols.sse import Event, encode_event
from interlock.reasons import Reason

__all__ = ["MAX_OVERHEAD", "HeldCalls"]

MAX_OVERHEAD: Final = 64
"""How much larger than its arguments a call may be on the wire: every word comes in an envelope of its own."""
_MAX_CALLS: Final = 1000
_INPUTS = {"function": "arguments", "custom": "input"}
_OLD = -1


@dataclass(slots=True)
class _Call:
    """What the pieces of one call come to; `odd` says why they cannot be put together in one way."""

    whole: Member = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    size: int = 0
    odd: str = ""

    def document(self) -> Member:
        found = dict(self.whole)
        for kind, member in _INPUTS.items():
            if type(found.get(kind)) is dict:
                found[kind] = {**found[kind], member: "".join(self.inputs)}  # type: ignore[dict-item]
        return found


class HeldCalls:
    """Events that hold nothing but pieces of calls of one choice. At most `limit` bytes of input a call.

    `size` is how many bytes are held in all, for the stream to bound.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.size = 0
        self._events: list[tuple[Event, Member]] = []
        self._calls: dict[int, _Call] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing is held."""
        return not self._events

    def hold(self, event: Event, document: Member) -> None:
        """Keeps one event of one choice. Raises BodyRejected (BODY_TOO_LARGE, STREAM_UNREADABLE)."""
        self.size += len(event.raw)
        self._events.append((event, document))
        delta = _delta(document)
        for piece in _list(delta.get("tool_calls")):
            held = require_object(piece, "a piece of a tool call")
            self._add(_index(held), held)
        if delta.get("function_call") is not None:
            self._add(_OLD, {"function": delta["function_call"]})

    def finish(self, at: Location, proposals: Proposals) -> tuple[bytes, int, list[Refusal]]:
        """The events that go on, how many calls they hold, and why others do not go on."""
        kept: dict[int, Member] = {}
        changed: set[int] = set()
        refusals: list[Refusal] = []
        for index, call in sorted(self._calls.items()):
            document = call.document()
            passed, refusal = (
                (document, proposals.refused(_name(document), call.odd).refusal)
                if call.odd
                else treat_call(document, _place(at, index), proposals)
            )
            if refusal is not None:
                refusals.append(refusal)
                continue
            kept[index] = passed
            if passed != document:
                changed.add(index)
        counted = [index for index in self._calls if index != _OLD]
        if not refusals and not changed and counted == list(range(len(counted))):
            return b"".join(event.raw for event, _ in self._events), len(kept), []
        return self._rewritten(kept, changed), len(kept), refusals

    def _add(self, index: int, piece: Member) -> None:
        if index not in self._calls and len(self._calls) >= _MAX_CALLS:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "the reply holds too many tool calls")
        call = self._calls.setdefault(index, _Call())
        for kind, member in _INPUTS.items():
            if piece.get(kind) is not None:
                self._inner(call, kind, member, piece[kind])
        rest = {name: value for name, value in piece.items() if name not in _INPUTS}
        if hides_call(rest) or "arguments" in rest:
            call.odd = "its parts stand where none belong"
        for name in ("id", "type"):
            told = piece.get(name)
            if told and call.whole.setdefault(name, told) != told:
                call.odd = f"it has two values for {name}"

    def _inner(self, call: _Call, kind: str, member: str, value: JSON) -> None:
        holder = require_object(value, "a piece of a tool call")
        known = call.whole.setdefault(kind, {})
        if len([name for name in _INPUTS if name in call.whole]) > 1:
            call.odd = "it is of two kinds"
        name = holder.get("name")
        if name and type(known) is dict and known.setdefault("name", name) is not name:
            call.odd = "its name comes in pieces"
        text = holder.get(member)
        if text is None:
            return
        if type(text) is not str:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a piece of a tool call is no text")
        call.inputs.append(text)
        call.size += len(text)
        if call.size > self._limit:
            raise BodyRejected(Reason.BODY_TOO_LARGE, "a tool call in the reply is larger than allowed")

    def _rewritten(self, kept: dict[int, Member], changed: set[int]) -> bytes:
        """The events without what is refused; calls are counted anew as they begin, since clients count them so."""
        begins = [index for index in self._calls if index in kept and index != _OLD]
        places = {index: place for place, index in enumerate(begins)}
        begun: set[int] = set()
        out: list[bytes] = []
        for event, document in self._events:
            delta = _delta(document)
            pieces: list[JSON] = []
            for piece in _list(delta.get("tool_calls")):
                index = _index(piece)
                if index in kept:
                    told = _piece(require_object(piece, "a piece"), kept[index], index in changed, index in begun)
                    pieces.append({**told, "index": places[index]})
                    begun.add(index)
            after = {name: value for name, value in delta.items() if name not in ("tool_calls", "function_call")}
            if pieces:
                after["tool_calls"] = pieces
            if delta.get("function_call") is not None and _OLD in kept:
                told = _piece({"function": delta["function_call"]}, kept[_OLD], _OLD in changed, _OLD in begun)
                after["function_call"] = told["function"]
                begun.add(_OLD)
            if after == delta:
                out.append(event.raw)
            elif after or _reason(document):
                out.append(_with_delta(event, document, after, kept=bool(kept)))
        return b"".join(out)


def _piece(piece: Member, whole: Member, changed: bool, begun: bool) -> Member:
    """A piece of a kept call; of a changed one the first piece holds all of the input, the others none."""
    if not changed:
        return piece
    found = dict(piece)
    for kind, member in _INPUTS.items():
        holder = found.get(kind)
        inner = whole.get(kind)
        if type(holder) is dict and type(inner) is dict:
            found[kind] = {**holder, member: "" if begun else inner[member]}
    return found


def _with_delta(event: Event, document: Member, delta: Member, *, kept: bool) -> bytes:
    """The event with another delta; an end that speaks of calls becomes a plain one where none is kept."""
    choice = {**_choice(document), "delta": delta}
    if not kept and choice.get("finish_reason") in CALLED:
        choice["finish_reason"] = "stop"
    changed: Member = {**document, "choices": [choice]}
    return encode_event(event.kind, encode_json(changed), id=event.id, retry=event.retry)


def _choice(document: Member) -> Member:
    choices = _list(document.get("choices"))
    return require_object(choices[0] if choices else None, "a choice")


def _delta(document: Member) -> Member:
    return require_object(_choice(document).get("delta"), "the delta of a choice")


def _reason(document: Member) -> JSON:
    return _choice(document).get("finish_reason")


def _list(value: JSON) -> list[JSON]:
    if value is None:
        return []
    if type(value) is not list:
        raise BodyRejected(Reason.STREAM_UNREADABLE, "a list in the reply is no list")
    return value


def _index(piece: JSON) -> int:
    index = piece.get("index") if type(piece) is dict else None
    if type(index) is not int or not 0 <= index < _MAX_CALLS:
        raise BodyRejected(Reason.STREAM_UNREADABLE, "a piece of a tool call belongs to no call")
    return index


def _name(call: Member) -> JSON:
    inner = call.get("function") or call.get("custom")
    return inner.get("name") if type(inner) is dict else None


def _place(at: Location, index: int) -> Location:
    return (*at, "function_call") if index == _OLD else (*at, "tool_calls", index)
