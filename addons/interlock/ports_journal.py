"""How what happened without any gateway standing by reaches the evidence of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from interlock.model import JSON

__all__ = ["LOST", "Journal", "Unwritten"]

LOST = "its words cannot be kept"
"""Said in the place of what can never be written, or read: that it happened is in the evidence all the same."""


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A change that the store has and the evidence has not: its number there, and what is to be written.

    `again`: somebody had it in hand before, and may have written it without coming to say so.
    """

    number: int
    event: Mapping[str, JSON]
    again: bool = False


class Journal(Protocol):
    """What is to be written, kept until somebody has. Everything raises OSError when the store cannot be used."""

    async def take(self, owner: str, now: float, limit: int) -> Sequence[Unwritten]:
        """The oldest that are nobody's: the caller's from now on. One that dies with them finds them again under its
        name a minute later, anybody else after an hour.
        """
        ...

    async def written(self, number: int, reference: str) -> None:
        """It stands in the evidence, there."""
        ...

    async def put_back(self, numbers: Sequence[int]) -> None:
        """They could not be written: anybody may take them."""
        ...
