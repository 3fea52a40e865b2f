"""The policy's word on a recorded decision: the same pure function as in the gateway, asked step by step.

First without a moment and without a body: what comes out so holds whenever it was, and is remembered. Where a rule
fails for that, it is asked again with the time, and then with the body, as far as that was recorded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from interlock.engine.rules import Rules
from interlock.masking.rules import applicable
from interlock.model import Decision, Effect, Operation
from interlock.policy import Context, decide
from interlock.policy.blocklist import Blocklist
from interlock.policy.rule import Policy
from interlock.reasons import Reason
from interlock.replay.probing import ASSUMPTIONS, Probe, probed
from interlock.settings import Connection

__all__ = ["BODY", "GONE", "MOMENT", "PRINCIPAL", "Rejudge", "Word", "standing"]

MOMENT: Final = "moment"
BODY: Final = "body-not-recorded"
PRINCIPAL: Final = "principal-not-recorded"
_PLACES: Final = ("model-requests", "responses")


@dataclass(frozen=True, slots=True)
class Word:
    """What rules say. `doubt` is why that is not certain (empty: it is); `masks` is None where they are not known."""

    effect: Effect
    reason: str = ""
    rule: str = ""
    masks: frozenset[str] | None = frozenset()
    reviews: tuple[str, ...] = ()
    operation: str = ""
    doubt: str = ""


GONE: Final = Word(Effect.FORBID, Reason.UNKNOWN_HOST)
"""The word on a connection that the rules do not have."""


class Rejudge:
    """Other rules, ready to be asked. Pure; not to be shared by threads."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._probe = Probe()
        self._full = probed(rules.policy, self._probe)
        self._plain = replace(self._full, blocklist=_without_texts(rules.policy.blocklist))
        self._connections: dict[tuple[str, str], Connection | None] = {}

    @property
    def policy(self) -> Policy:
        """The policy of these rules."""
        return self.rules.policy

    def connection(self, name: str, origin: str) -> Connection | None:
        """The connection that leads to an origin under these rules: the one of that name first."""
        key = name, origin
        if key not in self._connections:
            named = self.rules.connection(name)
            known = [one for one in (named, *self.rules.connections) if one is not None]
            fitting = (one for one in known if not origin or origin in map(str, one.origins))
            if len(self._connections) > len(known) * 100:
                self._connections.clear()
            self._connections[key] = next(fitting, None)
        return self._connections[key]

    def without_body(self, context: Context, operations: Sequence[Operation]) -> tuple[Word, bool]:
        """The word before any body was looked at, and whether it holds at any time.

        With `doubt` BODY, or where `searches` says so, it takes the body to be sure.
        """
        if not context.grants:  # these hold for a time
            word = self._ask(self._plain, replace(context, now=math.nan, document=None, readable=False), operations)
            if word.doubt != MOMENT:
                return word, True
        word = self._ask(self._plain, replace(context, document=None, readable=False), operations)
        return (replace(word, doubt=BODY) if word.doubt == MOMENT else word), False

    def with_body(self, context: Context, operations: Sequence[Operation]) -> Word:
        """The word with everything there is: now a rule that fails is what it was in the gateway, a refusal."""
        word = self._ask(self._full, context, operations)
        return replace(word, doubt="") if word.doubt == MOMENT else word

    def searches(self, connection: str, *, agent: bool) -> bool:
        """Whether the blocklist searches texts there."""
        blocklist = self.policy.blocklist
        if blocklist is None or not blocklist.texts:
            return False
        scope = "model-requests" if connection in self.policy.models else "http"
        return any(
            rule.applies(connection, agent)
            and not rule.report
            and ("commands" in rule.scopes or (not agent and scope in rule.scopes))
            for rule in blocklist.texts
        )

    def is_text_entry(self, rule: str) -> bool:
        """Whether that is an entry of the blocklist that searches texts."""
        blocklist = self.policy.blocklist
        return blocklist is not None and any(entry.id == rule for entry in blocklist.texts)

    def _ask(self, policy: Policy, context: Context, operations: Sequence[Operation]) -> Word:
        probe = self._probe
        probe.begin(ASSUMPTIONS[0])
        first = decide(policy, context, operations)
        if probe.failed:
            return _word(first, MOMENT)
        if not probe.unknown:
            return _word(first)
        masks: frozenset[str] | None = first.masks
        for assume in ASSUMPTIONS[1:]:
            probe.begin(assume)
            other = decide(policy, context, operations)
            if probe.failed:
                return _word(other, MOMENT)
            if other.effect is not first.effect:
                return _word(other, PRINCIPAL)
            masks = masks if other.masks == first.masks else None
        return replace(_word(first), masks=masks)


def _word(decision: Decision, doubt: str = "") -> Word:
    operation = decision.operation.name if decision.operation is not None else ""
    return Word(
        decision.effect, decision.reason, decision.rule, decision.masks, decision.reviews, operation, doubt
    )  # fmt: skip


def standing(rules: Rules, connection: str) -> frozenset[str]:
    """The masking rules that always apply on a connection, whatever a policy rule obliges."""
    known = rules.connection(connection)
    unmask = tuple(known.unmask) if known is not None else ()
    return frozenset(
        rule.id for place in _PLACES for rule in applicable(rules.masking, connection, place, unmask=unmask)
    )


def _without_texts(blocklist: Blocklist | None) -> Blocklist | None:
    return replace(blocklist, texts=()) if blocklist is not None else None
