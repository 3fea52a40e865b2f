"""A decision then and now, compared: what is new about it."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.model import Effect
from interlock.replay.rejudge import Word
from interlock.replay.told import Told

__all__ = ["SAME", "Outcome", "compare_words"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`changes` are (kind, before, was, rule, reason, operation). `otherwise`: another rule says the same now.

    `silent` says that the masks of the time were not recorded. `doubt` is why nothing can be said at all.
    """

    changes: tuple[tuple[str, str, str, str, str, str], ...] = ()
    otherwise: bool = False
    silent: bool = False
    doubt: str = ""


SAME = Outcome(silent=True)
"""The word is the same; of the masks nothing is said."""


def compare_words(
    then: Effect,
    told: Told,
    word: Word,
    *,
    answered: bool = False,
    always_then: frozenset[str] | None = None,
    always_now: frozenset[str] = frozenset(),
) -> Outcome:
    """What is new. `answered` says that the approvals of the time answer what is asked now.

    `always_then` and `always_now` are the masking rules that apply whatever a policy rule obliges; None: not known.
    """
    before, was = then.name.lower(), told.rule
    now = word.effect
    asks_anew = then is Effect.REVIEW and now is Effect.REVIEW and told.reason == "approved" and not answered
    if now is not then or asks_anew:
        kind = {Effect.FORBID: "forbidden", Effect.REVIEW: "reviewed", Effect.PERMIT: "permitted"}[now]
        return Outcome(((kind, before, was, word.rule, word.reason, word.operation),))
    otherwise = was != word.rule
    if now is Effect.FORBID or told.effect != "permit":
        return Outcome(otherwise=otherwise)
    if word.masks is None:
        return Outcome(otherwise=otherwise, silent=True)
    masks_then, masks_now = frozenset(told.masks), word.masks
    if always_then is not None:
        masks_then, masks_now = masks_then | always_then, masks_now | always_now
    new, gone = masks_now - masks_then, masks_then - masks_now
    changes = tuple(
        (kind, before, was, rule, word.reason, word.operation)
        for kind, rules in (("masked", new), ("unmasked", gone))
        for rule in sorted(rules)
    )
    return Outcome(changes, otherwise)
