"""What was decided then, in the policy's own three words: a refusal by another part of the gateway is none of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interlock.model import Effect
from interlock.reasons import Reason

__all__ = ["word_then"]

_FORBIDS = (Reason.NO_RULE, Reason.NOT_UNDERSTOOD, Reason.FORBIDDEN, Reason.BLOCKED, Reason.RULE_FAILED)
_ASKS = (
    Reason.APPROVED,
    Reason.APPROVAL_NEEDED,
    Reason.APPROVAL_PENDING,
    Reason.APPROVAL_DENIED,
    Reason.APPROVAL_EXPIRED,
    Reason.APPROVAL_WITHDRAWN,
    Reason.APPROVAL_USED,
    Reason.APPROVAL_OUTDATED,
    Reason.APPROVAL_UNAVAILABLE,
    Reason.APPROVALS_FULL,
    Reason.APPROVALS_COOLING,
    Reason.APPROVAL_HIDDEN,
    Reason.VOTE_REFUSED,
)
_PERMITS = (Reason.PERMITTED, Reason.GRANTED, Reason.OBSERVED)
_WORDS: Mapping[str, Effect] = MappingProxyType(
    {str(reason): word for word, reasons in ((Effect.FORBID, _FORBIDS), (Effect.REVIEW, _ASKS),
     (Effect.PERMIT, _PERMITS)) for reason in reasons}
)  # fmt: skip


def word_then(effect: str, reason: str) -> Effect | None:
    """What the policy said: REVIEW also where a person answered. None where something else refused the exchange.

    A tool that changed, a body that could not be masked, a token: no rule of a policy would have changed that.
    """
    word = _WORDS.get(reason)
    if word is Effect.PERMIT and effect != "permit":
        return None
    return word
