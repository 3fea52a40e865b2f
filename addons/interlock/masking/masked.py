"""What a masker gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from interlock.model import Finding
from interlock.model.quick import quick

__all__ = ["Masked", "MaskedText"]


@quick
@dataclass(frozen=True, slots=True)
class Masked:
    """A body as it may go on; the very same bytes object where nothing was found."""

    body: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text as it may go on."""

    text: str = field(repr=False)
    findings: tuple[Finding, ...] = ()
