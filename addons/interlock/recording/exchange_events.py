"""What every request and every answer writes, declared: see `canonical.Written`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from interlock.model import Finding
from interlock.recording.canonical import Written

__all__ = ["MAX_FINDINGS", "DecisionEvent", "MaskedPart", "ReplyEvent", "ResponseEvent", "masked_parts"]

MAX_FINDINGS = 200


class MaskedPart(Written, kw_only=True):
    """What was masked: rule, detector, place and keyed digest; never the value."""

    action: str
    detector: str
    digest: str
    place: str
    rule: str


class _More(Written, kw_only=True):
    """How many were left out."""

    more: int


type Parts = Sequence[MaskedPart | _More]
type _Raw = msgspec.Raw | UnsetType


class DecisionEvent(Written, kw_only=True):
    """A decision about a request: all that it looked at, so that it can be taken again under other rules."""

    approval: _Raw = UNSET
    claims: _Raw = UNSET
    connection: str
    credential: _Raw = UNSET
    decided: int | UnsetType = UNSET
    effect: str
    flow: str
    grants: Sequence[str] | UnsetType = UNSET
    masked: Parts | UnsetType = UNSET
    masks: Sequence[str] | UnsetType = UNSET
    method: str
    mode: str | UnsetType = UNSET
    operation: str | UnsetType = UNSET
    operations: _Raw
    origin: str
    path: str
    placement: str
    reason: str
    reports: _Raw = UNSET
    request: str | UnsetType = UNSET
    restored: _Raw = UNSET
    rule: str
    rules: str


class ReplyEvent(Written, kw_only=True):
    """A judged part of an answer. `tool_use` is the id that the model gave it."""

    approval: str | UnsetType = UNSET
    decided: int | UnsetType = UNSET
    decision: str
    effect: str
    flow: str
    grants: Sequence[str] | UnsetType = UNSET
    masks: Sequence[str] | UnsetType = UNSET
    mode: str | UnsetType = UNSET
    operation: str | UnsetType = UNSET
    operations: msgspec.Raw
    reason: str
    reports: _Raw = UNSET
    rule: str
    rules: str
    tool_use: str | UnsetType = UNSET


class ResponseEvent(Written, kw_only=True):
    """An answer as the agent got it."""

    decision: str
    masked: Parts
    milliseconds: int
    response: str
    restored: Sequence[str] | UnsetType = UNSET
    status: int
    streamed: bool


def masked_parts(findings: Sequence[Finding]) -> Parts:
    """What was masked, as far as an event has room for it."""
    found: list[MaskedPart | _More] = [
        MaskedPart(action=one.action, detector=one.detector, digest=one.digest, place=one.place, rule=one.rule)
        for one in findings[:MAX_FINDINGS]
    ]
    if len(findings) > MAX_FINDINGS:
        found.append(_More(more=len(findings) - MAX_FINDINGS))
    return found
