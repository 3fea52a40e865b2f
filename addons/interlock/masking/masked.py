"""What a masker gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.model import Finding

__all__ = ["Masked", "MaskedText"]


@dataclass(frozen=True, slots=True)
class Masked:
    """A body as it may go on; the very same bytes object where nothing was found."""

    body: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text as it may go on."""

    text: str = field(repr=False)
    findings: tuple[Finding, ...] = ()
