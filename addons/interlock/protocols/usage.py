"""What an answer of a model says it used: tokens by kind, the model that answered, why it ended. JSON and streams.

Sources: Anthropic Messages API (`usage` of message_start and message_delta; Bedrock and Vertex send the same), OpenAI
chat completions and Responses (`usage`), Gemini (`usageMetadata`). Where a stream says it again, the last counts.
The kinds are made disjoint: OpenAI and Gemini count cached tokens within those of the prompt, Anthropic beside them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from interlock.errors import Refused
from interlock.model import JSON
from interlock.protocols.aws_event_stream import FrameParser

__all__ = ["Usage", "read_usage"]

_MARKS: Final = (b'"usage', b'"stop_reason"', b'"finish_reason"', b'"finishReason"', b'"model"')
_MAX_DOCUMENTS: Final = 5_000
_MAX_WORD: Final = 200
_MOST: Final = 1 << 52
_decode = msgspec.json.Decoder().decode


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
    for document in _documents(body, content_type):
        _read(document, words, counts)
    if not counts:
        return None
    known = {name: counts.get(name, 0) for name in ("input", "output", "cache_read", "cache_write")}
    return Usage(words.get("model", ""), words.get("id", ""), words.get("stop", ""), **known)


def _documents(body: bytes, content_type: str) -> Iterator[Mapping[str, JSON]]:
    if content_type.startswith("application/vnd.amazon.eventstream"):
        pieces = _frames(body)
    elif body.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
        pieces = iter((body,))
    else:
        pieces = (line[5:] for line in body.splitlines() if line.startswith(b"data:"))
    for number, piece in enumerate(piece for piece in pieces if any(mark in piece for mark in _MARKS)):
        if number >= _MAX_DOCUMENTS:
            return
        try:
            value = _decode(piece)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        for document in value if type(value) is list else (value,):
            if type(document) is dict:
                yield document


def _frames(body: bytes) -> Iterator[bytes]:
    try:
        for frame in FrameParser().feed(body):
            value = _decode(frame.payload) if frame.payload else None
            text = value.get("bytes") if type(value) is dict else None
            if type(text) is str:
                yield base64.b64decode(text)
    except (Refused, msgspec.MsgspecError, binascii.Error, ValueError, RecursionError):
        return


def _read(document: Mapping[str, Any], words: dict[str, str], counts: dict[str, int]) -> None:
    for holder in (document, document.get("message"), document.get("response"), document.get("delta")):
        if type(holder) is dict:
            _said(holder, words)
            for name in ("usage", "usageMetadata"):
                if type(holder.get(name)) is dict:
                    counts.update(_counted(holder[name]))
    for name in ("choices", "candidates"):
        told = document.get(name)
        if type(told) is list and told and type(told[0]) is dict:
            _said(told[0], words)


_NAMES: Final = (
    ("model", ("model", "modelVersion")),
    ("id", ("id", "responseId")),
    ("stop", ("stop_reason", "finish_reason", "finishReason")),
)


def _said(holder: Mapping[str, Any], words: dict[str, str]) -> None:
    for name, spelled in _NAMES:
        for known in spelled:
            told = holder.get(known)
            if type(told) is str and told:
                words[name] = told[:_MAX_WORD]
    status = holder.get("status")
    if type(status) is str and "output" in holder and "stop" not in words:
        words["stop"] = status[:_MAX_WORD]


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
