"""One family of errors: each knows its reason, and says what to do about it.

Messages are written for the person who meets them and hold nothing sensitive: no token, no body, no secret.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from interlock.reasons import Reason

__all__ = ["BodyRejected", "InterlockError", "Place", "Refused", "RuleError", "RulesInvalid", "TokenRejected"]


class InterlockError(Exception):
    """Base of all our errors. `reason` is what the evidence keeps, `hint` what the reader can do."""

    reason: Reason = Reason.INTERNAL_ERROR

    def __init__(self, message: str, *, hint: str = "", reason: Reason | None = None) -> None:
        super().__init__(message)
        self.hint = hint
        if reason is not None:
            self.reason = reason


class Refused(InterlockError):
    """An exchange must not pass; `reason` says why."""

    def __init__(self, reason: Reason, message: str = "", *, hint: str = "") -> None:
        super().__init__(message or reason.says, hint=hint, reason=reason)


class TokenRejected(Refused):
    """A token or certificate does not make a principal. The message names the check, never the token's content."""


class BodyRejected(Refused):
    """A body cannot be judged or masked, so it cannot pass."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an operator's file: lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class RuleError:
    """One thing wrong in the rules: where, what, and what to write instead."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class RulesInvalid(InterlockError):
    """The rules cannot be used; `errors` holds everything found, not only the first."""

    def __init__(self, errors: Iterable[RuleError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)), hint="interlock check rules/ shows the same list")
