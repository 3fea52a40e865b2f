"""What one choice of a streamed chat completion holds beside its calls."""

from __future__ import annotations

from typing import Final

from interlock.protocols.openai_calls import CALLED
from interlock.protocols.requests import Member

__all__ = ["TEXTS", "has_calls", "is_odd", "only_calls", "without_usage"]

TEXTS: Final = frozenset(("role", "content", "refusal", "reasoning_content", "reasoning", *CALLED))
"""The members of a delta that hold text which goes on piece by piece, the role and the calls."""
_KNOWN = frozenset(
    (
        *("index", "delta", "finish_reason", "logprobs", "text", "native_finish_reason"),
        *("content_filter_results", "content_filter_offsets"),
    )
)


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
