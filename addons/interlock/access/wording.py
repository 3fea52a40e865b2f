"""What people write in access reviews, checked: titles, reasons, operations that are left."""

from __future__ import annotations

from dataclasses import replace

from interlock.approval.shown import says_something
from interlock.errors import InterlockError, Refused
from interlock.model import Attestation, Word
from interlock.policy.pattern import compile_pattern
from interlock.reasons import Reason

__all__ = ["MAX_REASON", "checked", "short"]

MAX_REASON = 500
"""Characters of a reason, and of a title."""

_MOST_LEFT = 50


def short(text: str, wanted: str) -> str:
    """A text on one line. Raises Refused (VOTE_REFUSED) for none (`wanted` says so) and for one that is too long."""
    found = " ".join(text.split())
    if not says_something(found):
        raise Refused(Reason.VOTE_REFUSED, wanted)
    if len(found) > MAX_REASON:
        raise Refused(Reason.VOTE_REFUSED, f"a text here has at most {MAX_REASON} characters", hint="shorten it")
    return found


def checked(said: Attestation) -> Attestation:
    """A word that can be kept. Raises Refused (VOTE_REFUSED): no reason, or operations that make no sense."""
    only = tuple(dict.fromkeys(" ".join(text.split()) for text in said.only if text.strip()))
    if said.word is not Word.NARROW and only:
        raise Refused(Reason.VOTE_REFUSED, f"{said.word} leaves nothing to name", hint="say narrow, or name none")
    if said.word is Word.NARROW and not 0 < len(only) <= _MOST_LEFT:
        hint = "the operations that are left, as rules write them: sql.read, http.get /v1/*"
        raise Refused(Reason.VOTE_REFUSED, f"narrow needs 1 to {_MOST_LEFT} operations", hint=hint)
    for text in only:
        try:
            compile_pattern(text)
        except InterlockError as error:
            raise Refused(Reason.VOTE_REFUSED, str(error), hint=error.hint) from None
    return replace(said, reason=short(said.reason, "say why: without a reason it is worth nothing later"), only=only)
