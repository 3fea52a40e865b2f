"""What is put in the place of a sensitive value, and which action wins where several apply."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from interlock.masking.partial import PARTS, part
from interlock.model.quick import quick

__all__ = ["ACTIONS", "OF_TEXT", "Span", "digest", "merge", "replacement", "strongest"]

ACTIONS = ("drop", "nullify", "redact", "hash", "token", "fake", *PARTS)
"""Strongest first: where spans overlap, the first of these decides."""

OF_TEXT = frozenset(("token", "fake", *PARTS))
"""These say something of a text or a number; a container, a truth value and null are redacted instead."""


_BLOCK = 64
_ENDLESS = sys.maxsize
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(0x100)) for pad in (0x36, 0x5C))


@quick
@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that is to be replaced. `label` is shown in its place: a detector's or a rule's name."""

    start: int
    end: int
    action: str
    rule: str
    label: str
    detector: str
    confidence: str = "high"
    open: bool = False


def strongest(one: Span, other: Span) -> Span:
    """The one whose action decides. Among equals the name decides, so that the order of finding never does."""
    return min(one, other, key=lambda span: (ACTIONS.index(span.action), span.label, span.rule, span.confidence))


def merge(spans: Iterable[Span]) -> list[Span]:
    """Spans that do not overlap, in order: overlapping ones become one that covers them all."""
    spans, end = list(spans), 0
    for span in spans:
        if span.start < end:
            break
        end = _ENDLESS if span.open else span.end
    else:
        return spans  # most often they do not touch
    merged: list[Span] = []
    for span in sorted(spans, key=lambda entry: (entry.start, -entry.end)):
        if merged and (span.start < merged[-1].end or merged[-1].open):
            last = merged[-1]
            lead = strongest(last, span)
            merged[-1] = Span(
                last.start, max(last.end, span.end), lead.action, lead.rule, lead.label, lead.detector,
                lead.confidence, last.open or span.open,
            )  # fmt: skip
        else:
            merged.append(span)
    return merged


def digest(key: bytes, purpose: str, value: bytes) -> str:
    """16 hexadecimal digits of HMAC-SHA-256; `purpose` keeps uses of one key apart."""
    inner, outer = _keyed(key, purpose)
    inner, outer = inner.copy(), outer.copy()
    inner.update(value)
    outer.update(inner.digest())
    seal: str = outer.hexdigest()
    return seal[:16]


@lru_cache(maxsize=256)
def _keyed(key: bytes, purpose: str) -> tuple[Any, Any]:
    """HMAC's two hashes (RFC 2104) with the key worked in; one key stands for a session and a connection."""
    padded = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(padded.translate(_INNER) + purpose.encode() + b"\0")
    return inner, hashlib.sha256(padded.translate(_OUTER))


def replacement(action: str, label: str, value: str, key: bytes) -> str:
    """The text that stands for `value`, but for tokens and fakes (see replacer.py). `nullify` has no text of its own
    and reads as redact.
    """
    if action == "drop":
        return ""
    if action == "hash":
        # The purpose holds no label, so that one value has one hash whichever rule finds it.
        return f"<{label}:{digest(key, 'hash', value.encode('utf-8', 'surrogatepass'))}>"
    if action in PARTS:
        return part(action, value)
    return f"[redacted:{label}]"
