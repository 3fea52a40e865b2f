"""Streamed chat completions: the calls of a choice are held until it ends and are judged; text is masked on its way.

Rules of this module: a client may act on a call once its choice has a finish_reason, and some as soon as another
index begins, so every piece is held until then. An event that holds other things beside pieces of calls is taken
apart. Token probabilities repeat the text: they go no further than text that nobody had to look at twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.ports import TextStream
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.openai_calls import CALLED, said
from interlock.protocols.openai_choice import (
    MAX_CHOICES,
    TEXTS,
    has_calls,
    is_odd,
    made,
    only_calls,
    only_text,
    without_usage,
)
from interlock.protocols.openai_held import MAX_OVERHEAD, HeldCalls
from interlock.protocols.proposals import Proposals, hides_call
from interlock.protocols.replies import Treatment
from interlock.protocols.requests import Member, require_object
from interlock.protocols.sse import Event, Relay, encode_event, one_line
from interlock.reasons import Reason

__all__ = ["ChatStream"]

_DONE: Final = b"[DONE]"
_ENVELOPE = ("id", "object", "created", "model", "system_fingerprint", "service_tier")
_LEGACY = frozenset(("text",))


@dataclass(slots=True)
class _Choice:
    """What is known of one choice: maskers of its texts by member, its calls, whether text has come, and its end."""

    held: HeldCalls
    texts: dict[str, TextStream] = field(default_factory=dict)
    spoke: bool = False
    finished: bool = False


class ChatStream:
    """Bytes of a reply in, bytes for the agent out; any chunking gives the same result."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._proposals = Proposals(treatment)
        self._relay = Relay(lambda event: one_line(self._event(event)))
        self._choices: dict[int, _Choice] = {}
        self._last: Member = {}
        self._done = False

    def feed(self, data: bytes) -> bytes:
        """What may go on now. Raises BodyRejected: the stream is to be ended, nothing more comes out of it."""
        return self._relay.feed(data)

    def close(self) -> bytes:
        """The end of what may go on. A held call whose choice never ended is dropped."""
        return self._relay.close() + self._flush_all()

    def _event(self, event: Event) -> bytes:
        if event.data is None:
            return event.raw
        if event.data.strip() == _DONE:
            self._done = True
            return self._flush_all() + event.raw
        if self._done or event.data.startswith(_DONE):
            raise _unreadable("something follows its end")
        document = require_object(_read(event.data), "an event of the stream")
        if (saying := only_text(document)) is not None:
            self._last = document
            return self._written(event, document, [], self._mask(self._begin(saying["index"]), saying))
        if hides_call({name: value for name, value in document.items() if name != "choices"}):
            raise _unreadable("a call stands outside of its choices")
        choices = document.get("choices")
        if type(choices) is not list or not choices:
            if choices is not None and choices != []:
                raise _unreadable("its choices are no list")
            return self._written(event, document, [document], False)
        self._last = document
        pairs = [self._read_choice(choice) for choice in choices]
        if len({index for index, _ in pairs}) != len(pairs):
            raise _unreadable("a choice stands twice in one event")
        if len(pairs) == 1:
            return self._one(event, document, *pairs[0])
        if not any(has_calls(choice) or choice.get("finish_reason") for _, choice in pairs):
            touched = [self._mask(index, choice) for index, choice in pairs]
            return self._written(event, document, [choice for _, choice in pairs], any(touched))
        told = [without_usage(document)] * (len(pairs) - 1) + [document]
        every = zip(told, pairs, strict=True)
        return b"".join(self._alone(event, whole, index, choice) for whole, (index, choice) in every)

    def _read_choice(self, value: JSON) -> tuple[int, Member]:
        choice = require_object(value, "a choice")
        index = choice.get("index")
        if type(index) is not int or not 0 <= index < MAX_CHOICES:
            raise _unreadable("a choice has no index")
        if choice.get("delta") is None:
            choice["delta"] = {}
        delta = require_object(choice["delta"], "the delta of a choice")
        rest = {name: value for name, value in choice.items() if name != "delta"}
        if hides_call(rest) or hides_call({name: told for name, told in delta.items() if name not in CALLED}):
            raise _unreadable("a call stands outside of its delta")
        return self._begin(index), choice

    def _begin(self, index: Any) -> int:
        if index not in self._choices:
            self._choices[index] = _Choice(HeldCalls(self._treatment.max_held))
        return int(index)

    def _alone(self, event: Event, document: Member, index: int, choice: Member) -> bytes:
        """One choice of an event that has several, as an event of its own."""
        alone: Member = {**document, "choices": [choice]}
        return self._one(made(event, alone), alone, index, choice)

    def _one(self, event: Event, document: Member, index: int, choice: Member) -> bytes:
        state = self._choices[index]
        calls, reason = has_calls(choice), choice.get("finish_reason")
        if calls and state.finished:
            raise _unreadable("a call goes on after the end of its choice")
        if calls and list(self._choices) != list(range(len(self._choices))):
            raise _unreadable("its choices do not begin in their order: clients that count them would mix calls")
        if calls and not only_calls(choice):
            return self._apart(event, document, index, choice)
        if calls:
            state.held.hold(event, document)
            if sum(known.held.size for known in self._choices.values()) > self._treatment.max_held * MAX_OVERHEAD:
                raise BodyRejected(Reason.BODY_TOO_LARGE, "the tool calls in the reply are larger than allowed")
            return self._flush(index) + self._judged(index)[0] if reason else b""
        if reason:
            return self._end(event, document, index, choice)
        touched = self._mask(index, choice)
        return self._written(event, document, [choice], touched)

    def _apart(self, event: Event, document: Member, index: int, choice: Member) -> bytes:
        """An event with calls and more: first the rest, then the calls, then the end."""
        delta = require_object(choice.get("delta"), "the delta of a choice")
        calls = {name: delta[name] for name in CALLED if delta.get(name) is not None}
        others = {name: value for name, value in delta.items() if name not in CALLED}
        parts: list[Member] = [
            {**choice, "delta": others, "finish_reason": None},
            {"index": index, "delta": calls, "finish_reason": None},
        ]
        if choice.get("finish_reason"):
            parts.append({"index": index, "delta": {}, "finish_reason": choice["finish_reason"]})
        bare = without_usage(document)
        wholes = [bare] * (len(parts) - 1) + [document]
        return b"".join(self._alone(event, whole, index, part) for whole, part in zip(wholes, parts, strict=True))

    def _end(self, event: Event, document: Member, index: int, choice: Member) -> bytes:
        """The end of a choice: what is left of its text, its calls as judged, and the event that ends it."""
        touched = self._mask(index, choice)
        rests = self._flush(index)
        calls, stopped = self._judged(index)
        ended = "stop" if stopped and choice["finish_reason"] in CALLED else choice["finish_reason"]
        if touched and rests:
            choice["finish_reason"] = None
            passed = self._written(event, document, [choice], True)
            return passed + rests + calls + self._choice_event(index, {}, ended)
        changed = touched or ended != choice["finish_reason"]
        choice["finish_reason"] = ended
        return rests + calls + self._written(event, document, [choice], changed)

    def _judged(self, index: int) -> tuple[bytes, bool]:
        """The calls of a choice that has ended, with what is said of the others; whether none is left of some."""
        state = self._choices[index]
        state.finished = True
        if state.held.empty:
            return b"", False
        held, state.held = state.held, HeldCalls(self._treatment.max_held)
        calls, kept, refusals = held.finish(("choices", index, "message"), self._proposals)
        if not refusals:
            return calls, False
        return self._text_event(index, "content", said(refusals, state.spoke)) + calls, not kept

    # -- text

    def _written(self, event: Event, document: Member, choices: list[Member], changed: bool) -> bytes:
        """The event after its texts were masked; the very bytes where nothing changed."""
        data = before = event.data or b""
        if changed:
            data = encode_json(document)
        if any(map(is_odd, choices)):
            data = self._treatment.document(data)
        return event.raw if data == before else encode_event(event.kind, data, id=event.id, retry=event.retry)

    def _mask(self, index: int, choice: Member) -> bool:
        """Masks the texts of a choice in place; whether any changed. Probabilities of what changed are dropped."""
        delta = require_object(choice["delta"], "the delta of a choice")
        touched = self._mask_texts(index, delta, TEXTS) | self._mask_texts(index, choice, _LEGACY)
        if touched:
            choice["logprobs"] = None
        return touched

    def _mask_texts(self, index: int, holder: Member, names: frozenset[str]) -> bool:
        state, changed = self._choices[index], False
        for name, text in holder.items():
            if type(text) is not str or not text or name not in names or name == "role":
                continue
            if name not in state.texts:
                state.texts[name] = self._treatment.text()
            passed = state.texts[name].feed(text)
            state.spoke = state.spoke or name == "content"
            if passed != text:
                holder[name], changed = passed, True
        return changed

    def _flush(self, index: int) -> bytes:
        """What the maskers of a choice still hold."""
        state = self._choices[index]
        rests = [(name, stream.close()) for name, stream in state.texts.items()]
        state.texts = {}
        return b"".join(self._text_event(index, name, rest) for name, rest in rests if rest)

    def _flush_all(self) -> bytes:
        return b"".join(self._flush(index) for index in sorted(self._choices))

    def _text_event(self, index: int, name: str, text: str) -> bytes:
        if name == "text":
            return self._choice_event(index, None, None, text)
        return self._choice_event(index, {name: text}, None)

    def _choice_event(self, index: int, delta: Member | None, reason: JSON, text: str = "") -> bytes:
        """An event of our own, in the envelope of the others."""
        choice: Member = {"index": index, "finish_reason": reason}
        choice |= {"text": text} if delta is None else {"delta": delta}
        document = {name: self._last[name] for name in _ENVELOPE if name in self._last}
        return one_line(encode_event("", encode_json({**document, "choices": [choice]})))


def _read(data: bytes) -> JSON:
    try:
        return read_json(data)
    except BodyRejected as error:
        raise _unreadable(f"an event's data cannot be read: {error}") from None


def _unreadable(what: str) -> BodyRejected:
    return BodyRejected(Reason.STREAM_UNREADABLE, f"the stream cannot be read as a chat completion: {what}")
