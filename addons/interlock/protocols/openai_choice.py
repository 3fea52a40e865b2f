"""What one choice of a streamed chat completion holds beside its calls."""

from __future__ import annotations

from typing import Final

from interlock.protocols.body import encode_json
from interlock.protocols.openai_calls import CALLED
from interlock.protocols.requests import Member
from interlock.protocols.sse import Event, encode_event

__all__ = ["MAX_CHOICES", "TEXTS", "has_calls", "is_odd", "made", "only_calls", "only_text", "without_usage"]

MAX_CHOICES: Final = 128

TEXTS: Final = frozenset(("role", "content", "refusal", "reasoning_content", "reasoning", *CALLED))
"""The members of a delta that hold text which goes on piece by piece, the role and the calls."""
_NESTED = (dict, list)
_KNOWN = frozenset(
    (
        *("index", "delta", "finish_reason", "logprobs", "text", "native_finish_reason"),
        *("content_filter_results", "content_filter_offsets"),
    )
)


_ENVELOPE = frozenset(
    (
        *("id", "object", "created", "model", "system_fingerprint", "service_tier", "usage", "obfuscation"),
        "choices",
    )
)
_SAYING = frozenset(("index", "delta", "finish_reason", "logprobs"))
_SAID = frozenset(("content", "role"))


def only_text(document: Member) -> Member | None:
    """The choice of an event that goes on with one text and holds nothing else that could be looked for; most do."""
    choices = document.get("choices")
    if type(choices) is not list or len(choices) != 1 or not _ENVELOPE.issuperset(document):
        return None
    choice = choices[0]
    if any(type(value) in _NESTED for value in document.values() if value is not choices) or type(choice) is not dict:
        return None
    delta, index = choice.get("delta"), choice.get("index")
    if type(delta) is not dict or not _SAYING.issuperset(choice) or not _SAID.issuperset(delta):
        return None
    if any(type(text) is not str for text in delta.values()) or type(index) is not int or not 0 <= index < MAX_CHOICES:
        return None
    return choice if choice.get("finish_reason") is None and choice.get("logprobs") is None else None


def has_calls(choice: Member) -> bool:
    """Whether a choice's delta holds pieces of calls."""
    delta = choice.get("delta")
    return type(delta) is dict and any(delta.get(name) for name in CALLED)


def only_calls(choice: Member) -> bool:
    """Whether a choice's delta says nothing beside its calls."""
    delta = choice.get("delta")
    others = [value for name, value in delta.items() if name not in CALLED] if type(delta) is dict else []
    known = all(value in (None, "", "assistant") for value in others)
    return known and not choice.get("logprobs") and choice.keys() <= _KNOWN


def is_odd(choice: Member) -> bool:
    """Whether a choice holds more than texts that are masked on their way: it is masked as a document too."""
    delta = choice.get("delta")
    if type(delta) is not dict or not choice.keys() <= _KNOWN or not delta.keys() <= TEXTS:
        return True
    return any(type(value) not in (str, type(None)) for name, value in delta.items() if name not in CALLED)


def without_usage(document: Member) -> Member:
    """An event without its count of tokens: of one that is taken apart, only the last part holds it."""
    return {name: value for name, value in document.items() if name != "usage" or not value}


def made(event: Event, document: Member) -> Event:
    """The event with another document."""
    data = encode_json(document)
    return Event(
        event.kind, data, encode_event(event.kind, data, id=event.id, retry=event.retry), event.id, event.retry
    )
