"""Two sets of rules, and the cases of both whose outcome is not the same."""

from __future__ import annotations

import time
from dataclasses import dataclass

from interlock.engine.cases import ask, describe
from interlock.engine.rules import Rules
from interlock.engine.trial import Trial
from interlock.errors import InterlockError, Place
from interlock.model import Decision, Effect
from interlock.policy import Case
from interlock.reasons import Reason

__all__ = ["Change", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """One case that comes out differently. `place` says where it stands, in the newer rules if it is in both.

    `before` and `after` are the decisions. `looser` marks what was stopped and is not any more.
    """

    place: Place
    case: str
    before: Decision
    after: Decision

    @property
    def looser(self) -> bool:
        """Whether the newer rules let more pass."""
        return self.after.effect > self.before.effect

    @property
    def decides(self) -> bool:
        """Whether the decision itself changed, not only the rule or the reason."""
        return self.after.effect is not self.before.effect


def compare(old: Rules, new: Rules, *, now: float | None = None) -> tuple[Change, ...]:
    """The cases of both whose decision, rule or reason changes, in their order. A case that stands in both counts once.

    Where a case cannot even be asked (its identity or connection is gone), that is a refusal.
    """
    moment = time.time() if now is None else now
    before, after = Trial(old), Trial(new)
    changes: list[Change] = []
    for case in _all(new, old):
        was, now_is = _decision(old, before, case, moment), _decision(new, after, case, moment)
        if (was.effect, was.reason, was.rule) != (now_is.effect, now_is.reason, now_is.rule):
            changes.append(Change(case.place, describe(case), was, now_is))
    return tuple(changes)


def _all(new: Rules, old: Rules) -> list[Case]:
    """The newer rules' cases, then those that only the older ones have; what they expect does not matter here."""
    found: dict[str, Case] = {}
    for case in (*new.cases, *old.cases):
        found.setdefault(repr((case.claimant, case.on, case.send, case.propose, case.time)), case)
    return list(found.values())


def _decision(rules: Rules, trial: Trial, case: Case, now: float) -> Decision:
    try:
        return ask(rules, trial, case, now=now).decision
    except InterlockError:
        return Decision(Effect.FORBID, Reason.TOKEN_ISSUER)
