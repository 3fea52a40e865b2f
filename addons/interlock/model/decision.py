"""What was decided, found and answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from interlock.model.operation import Operation
from interlock.model.quick import quick
from interlock.model.values import JSON, Effect

__all__ = ["Answer", "Decision", "Finding", "Refusal", "Report"]

_NOTHING: Mapping[str, JSON] = MappingProxyType({})


@quick
@dataclass(frozen=True, slots=True)
class Finding:
    """Something sensitive was found: what kind, where, by which rule; never the text itself.

    `place` is a JSON Pointer, or `offset N` in plain text (code points), or a header or query member's name.
    `digest` is keyed (HMAC-SHA-256, hex, first 16 digits) so that equal values can be recognised within a session.
    """

    rule: str
    detector: str
    place: str
    confidence: str = "high"
    action: str = "redact"
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was stopped, as the agent and its model are told.

    `reference` finds the event in the recording (`<session>/<number>`, or the refusal log's number).
    `closing` says that the client connection is to be closed after the answer. `place` is where in the body it stood.
    `approval` is the ticket where a person is asked: its id, its state and where to look.
    """

    reason: str
    message: str
    remedy: str = ""
    reference: str = ""
    operation: str = ""
    closing: bool = False
    place: str = ""
    approval: Mapping[str, JSON] = field(default=_NOTHING, hash=False)

    def sentence(self) -> str:
        """One text for people and models: what was stopped, why, what to do, where to look."""
        what = f"Interlock stopped {self.operation}" if self.operation else "Interlock stopped this request"
        parts = [f"{what}: {self.message} ({self.reason})."]
        if self.remedy:
            end = "" if self.remedy.endswith((".", "!", "?")) else "."
            parts.append(self.remedy[:1].upper() + self.remedy[1:] + end)
        if self.reference:
            parts.append(f"Reference: {self.reference}.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answers itself, in the shape the client's protocol expects."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule in `mode: report` would have said; it never changes a decision."""

    rule: str
    effect: Effect
    reason: str


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with an exchange, and why. The default forbids.

    `rule` is the id of the deciding rule (empty: none matched). `operation` is the one that decided.
    `masks` are the ids of masking rules that a permitting rule obliges; an unknown id forbids.
    `remedy` tells the agent's model what to do instead. `reviews` are all rules that ask, of a REVIEW: an approval has
    to satisfy each of them. `grants` are the ids of those that answered such a rule; `attested` are rules that
    permitted or asked because somebody stands by them.
    """

    effect: Effect = Effect.FORBID
    reason: str = "no-rule"
    rule: str = ""
    operation: Operation | None = None
    masks: frozenset[str] = frozenset()
    reports: tuple[Report, ...] = ()
    remedy: str = ""
    reviews: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    attested: tuple[str, ...] = ()

    @property
    def permits(self) -> bool:
        """True only for PERMIT."""
        return self.effect is Effect.PERMIT
