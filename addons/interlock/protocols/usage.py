"""What an answer of a model says it used: tokens by kind, the model that answered, why it ended. JSON and streams.

Sources: Anthropic Messages API (`usage` of message_start and message_delta; Bedrock and Vertex send the same), OpenAI
chat completions and Responses (`usage`), Gemini (`usageMetadata`). Where a stream says it again, the last counts.
The kinds are made disjoint: OpenAI and Gemini count cached tokens within those of the prompt, Anthropic beside them.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from interlock.errors import Refused
from interlock.protocols.aws_event_stream import FrameParser

__all__ = ["Usage", "read_usage"]

_USAGE: Final = b'"usage'
_ENDS: Final = (b'"stop_reason":"', b'"finish_reason":"', b'"finishReason":"', b'"finishReason": "')
_FIRST: Final = 4
_LAST: Final = 16
_REACH: Final = 256 << 10
_MAX_WORD: Final = 200
_MOST: Final = 1 << 52
_PRELUDE: Final = struct.Struct(">I")
_decode = msgspec.json.Decoder().decode


class _Choice(msgspec.Struct):
    """One of several answers; what it says is passed over without being read."""

    finish_reason: msgspec.Raw = msgspec.Raw(b"null")
    finishReason: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815 - as Gemini spells it


class _Answer(msgspec.Struct):
    """The few members that are looked at, of an answer or an event, as they stand in it."""

    model: msgspec.Raw = msgspec.Raw(b"null")
    modelVersion: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815
    id: msgspec.Raw = msgspec.Raw(b"null")
    responseId: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815
    stop_reason: msgspec.Raw = msgspec.Raw(b"null")
    status: msgspec.Raw = msgspec.Raw(b"null")
    output: msgspec.Raw = msgspec.Raw(b"")
    usage: msgspec.Raw = msgspec.Raw(b"null")
    usageMetadata: msgspec.Raw = msgspec.Raw(b"null")  # noqa: N815
    message: msgspec.Raw = msgspec.Raw(b"null")
    response: msgspec.Raw = msgspec.Raw(b"null")
    delta: msgspec.Raw = msgspec.Raw(b"null")
    choices: msgspec.Raw = msgspec.Raw(b"null")
    candidates: msgspec.Raw = msgspec.Raw(b"null")


_decode_answers = msgspec.json.Decoder(_Answer | list[_Answer]).decode
_decode_answer = msgspec.json.Decoder(_Answer | None).decode
_decode_choices = msgspec.json.Decoder(list[_Choice] | None).decode


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens: `input` are those read anew, `cache_read` and `cache_write` come beside them. `model` is who answered,
    `id` the answer's, `stop` why it ended, as the API says it. What is not said is 0 or empty.
    """

    model: str = ""
    id: str = ""
    stop: str = ""
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def tokens(self) -> int:
        """All of them."""
        return self.input + self.output + self.cache_read + self.cache_write


def read_usage(body: bytes, content_type: str = "") -> Usage | None:
    """What is said in an answer (whole, or the events of a stream); None where nothing is. Linear; never raises."""
    words: dict[str, str] = {}
    counts: dict[str, int] = {}
    for piece in _pieces(body, content_type):
        try:
            found = _decode_answers(piece)
            for answer in found if isinstance(found, list) else (found,):
                _read(answer, words, counts)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
    if not counts:
        return None
    known = {name: counts.get(name, 0) for name in ("input", "output", "cache_read", "cache_write")}
    return Usage(words.get("model", ""), words.get("id", ""), words.get("stop", ""), **known)


def _pieces(body: bytes, content_type: str) -> Iterable[bytes]:
    """The documents that may say something: all of a whole answer, the first and the last events of a stream."""
    if content_type.startswith("application/vnd.amazon.eventstream"):
        return _frames(body)
    if body.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
        return (body,) if _USAGE in body else ()
    return _lines(body)


def _lines(body: bytes) -> Iterator[bytes]:
    """The `data:` lines of the first few and the last few places that speak of usage, and of the last end."""
    places: set[int] = set()
    at = 0
    for _ in range(_FIRST):
        at = body.find(_USAGE, at, _REACH)
        if at < 0:
            break
        places.add(body.rfind(b"\n", 0, at) + 1)
        at = body.find(b"\n", at)
        if at < 0:
            break
    end, low = len(body), max(len(body) - _REACH, 0)
    for _ in range(_LAST):
        at = body.rfind(_USAGE, low, end)
        if at < 0:
            break
        end = body.rfind(b"\n", 0, at) + 1
        places.add(end)
    for mark in _ENDS:
        if (at := body.rfind(mark, low)) >= 0:
            places.add(body.rfind(b"\n", 0, at) + 1)
    for start in sorted(places):
        end = body.find(b"\n", start)
        line = body[start : end if end >= 0 else len(body)]
        if line.startswith(b"data:"):
            yield line[5:]


def _frames(body: bytes) -> Iterator[bytes]:
    """The documents in the first few and the last few frames."""
    places: list[tuple[int, int]] = []
    at = 0
    while at + _PRELUDE.size <= len(body):
        size = _PRELUDE.unpack_from(body, at)[0]
        if size < _PRELUDE.size or at + size > len(body):
            break
        places.append((at, at + size))
        at += size
    chosen = places if len(places) <= _FIRST + _LAST else [*places[:_FIRST], *places[-_LAST:]]
    try:
        for start, end in chosen:
            for frame in FrameParser().feed(body[start:end]):
                value = _decode(frame.payload) if frame.payload else None
                text = value.get("bytes") if type(value) is dict else None
                if type(text) is str:
                    yield base64.b64decode(text)
    except (Refused, msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        return


def _read(answer: _Answer, words: dict[str, str], counts: dict[str, int]) -> None:
    for holder in (answer, *(_decode_answer(inner) for inner in (answer.message, answer.response, answer.delta))):
        if holder is None:
            continue
        _say(words, "model", holder.model, holder.modelVersion)
        _say(words, "id", holder.id, holder.responseId)
        if holder.output and "stop" not in words:
            _say(words, "stop", holder.status)
        _say(words, "stop", holder.stop_reason)
        for told in (holder.usage, holder.usageMetadata):
            usage = _decode(told)
            if type(usage) is dict:
                counts.update(_counted(usage))
    for several in (answer.choices, answer.candidates):
        for choice in (_decode_choices(several) or ())[:1]:
            _say(words, "stop", choice.finish_reason, choice.finishReason)


def _say(words: dict[str, str], name: str, *told: msgspec.Raw) -> None:
    for raw in told:
        value = _decode(raw)
        if type(value) is str and value:
            words[name] = value[:_MAX_WORD]


def _counted(usage: Mapping[str, Any]) -> dict[str, int]:
    if "promptTokenCount" in usage or "candidatesTokenCount" in usage:
        return _gemini(usage)
    prompt = "prompt_tokens" if "prompt_tokens" in usage else "input_tokens"
    answer = "completion_tokens" if "completion_tokens" in usage else "output_tokens"
    details = usage.get(f"{prompt}_details")
    found: dict[str, int] = {}
    if answer in usage:
        found["output"] = _number(usage[answer])
    for name, told in (("cache_read", "cache_read_input_tokens"), ("cache_write", "cache_creation_input_tokens")):
        if told in usage:
            found[name] = _number(usage[told])
    if prompt in usage:
        cached = _number(details.get("cached_tokens")) if type(details) is dict else 0
        found["input"] = max(_number(usage[prompt]) - cached, 0)
        if cached:
            found["cache_read"] = cached
    return found


def _gemini(usage: Mapping[str, Any]) -> dict[str, int]:
    def number(name: str) -> int:
        return _number(usage.get(name))

    cached = number("cachedContentTokenCount")
    return {
        "input": max(number("promptTokenCount") - cached, 0) + number("toolUsePromptTokenCount"),
        "output": number("candidatesTokenCount") + number("thoughtsTokenCount"),
        "cache_read": cached,
    }


def _number(value: object) -> int:
    return value if type(value) is int and 0 <= value < _MOST else 0
