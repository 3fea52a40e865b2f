"""The secrets of a call as literals: the very same objects for the same secrets.

What is made for them (maskers, with their compiled patterns) is then found by identity: comparing secrets takes as
long for equal ones as for others, on purpose, and hashing a token for every look-up costs more than the look-up.
"""

from __future__ import annotations

from typing import NamedTuple

from interlock.masking import Literal
from interlock.model import Secret

__all__ = ["AGENTS", "KnownLiterals", "Secrets"]

AGENTS = "agent-token"
_KEPT = 512


class Secrets(NamedTuple):
    """All of a call's secrets, those that the gateway supplied, and the agent's own token."""

    all: tuple[Literal, ...]
    supplied: tuple[Literal, ...]
    token: tuple[Literal, ...]


class KnownLiterals:
    """Literals by the objects that they were made of; the oldest go first."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[tuple[Secret, ...], Secret | None, Secrets]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, supplied: tuple[Secret, ...], token: Secret | None) -> Secrets:
        """The literals of what the gateway supplied and what the agent presented."""
        index = id(supplied), id(token)  # they are held below, so that nothing else gets their ids
        known = self._known.get(index)
        if known is not None and known[0] is supplied and known[1] is token:
            return known[2]
        ours = tuple(map(Literal, supplied))
        own = () if token is None else (Literal(token, AGENTS),)
        made = Secrets((*ours, *own), ours, own)
        if len(self._known) >= _KEPT:
            del self._known[next(iter(self._known))]
        self._known[index] = supplied, token, made
        return made
