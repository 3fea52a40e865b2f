"""What each stage gives to the next: holding one of these is the proof that the stage before has done its work.

A stage names the product it needs and the one it gives, so a pipeline in the wrong order does not type-check, and at
run time a missing product refuses (invariant 3).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.model import JSON, Decision, Exchange, Finding, Operation, Origin, Principal, Secret
from interlock.model.quick import quick
from interlock.settings import Connection

__all__ = ["Approved", "Authenticated", "Contained", "Decided", "Masked", "Recorded"]


@quick
@dataclass(frozen=True, slots=True)
class Contained:
    """The request goes to a listed origin, unambiguously. `prefix` is the reverse path prefix it came under."""

    connection: Connection
    origin: Origin
    target: str
    path: str
    placement: str
    prefix: str = ""
    base: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Authenticated:
    """A principal made the request; `token` is kept only to mask it where the agent repeats it."""

    contained: Contained
    principal: Principal
    run: str = ""
    token: Secret | None = None


@quick
@dataclass(frozen=True, slots=True)
class Decided:
    """The body was read and the policy has spoken; `decision` may still be a review. `rules` is the digest of those
    that spoke: others may be in force by the time it is written.
    """

    authenticated: Authenticated
    exchange: Exchange
    document: JSON
    operations: tuple[Operation, ...]
    decision: Decision
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """The decision permits, or a person has approved it."""

    decided: Decided


@dataclass(frozen=True, slots=True)
class Masked:
    """What may leave: the body as it goes to the upstream, and what was masked in it."""

    approved: Approved
    body: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The decision is in the evidence (invariant 5); `reference` finds it."""

    masked: Masked
    reference: str
