"""One recorded decision made again: what it looked at, the word on it now, and what is new about that."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from interlock.engine.rules import Rules
from interlock.model import Effect, Grant
from interlock.policy.rule import Policy
from interlock.replay.alike import Alike
from interlock.replay.answers import answers, asked_then, granted_then
from interlock.replay.case import Case, operations_of
from interlock.replay.outcome import SAME, Outcome, compare_words
from interlock.replay.rejudge import BODY, Rejudge, Word, standing
from interlock.replay.rules_then import RulesThen
from interlock.replay.session_then import SessionThen
from interlock.replay.told import Line, Told
from interlock.replay.who import principal_of
from interlock.settings import Connection

__all__ = ["Deciding"]

_OBSERVE: Final = "observe"
_MOST: Final = 100


class Deciding:
    """Other rules, and those of the time as far as recordings keep them. Pure but for reading the latter."""

    def __init__(self, rejudge: Rejudge, rules_then: RulesThen, *, enforced: bool) -> None:
        self._rejudge = rejudge
        self._then = rules_then
        self._enforced = enforced
        self._alike: dict[str, Alike] = {}

    def case(self, session: SessionThen, line: Line, told: Told, asked: Told, then: Effect) -> Case | None:
        """What is to be decided; None where these rules lead to no such connection. Raises ValueError."""
        connection = self._rejudge.connection(asked.connection, asked.origin)
        if connection is None:
            return None
        digest = told.rules or session.rules
        before = self._then.of(session.folder.parent, digest)
        known = before.connection(asked.connection) if before is not None else None
        proposed = line.kind == "reply"
        operations, whole = operations_of(told, proposed=proposed, covered=bool(connection.commands))
        observed = told.mode == _OBSERVE or told.reason == "observed"
        grants: tuple[Grant, ...] = ()
        if told.grants:
            grants = granted_then(told.grants, connection.name, operations, asked_then(_policy(before), told.rule))
        return Case(
            reference=session.reference(line),
            at=line.at,
            then=then,
            told=told,
            asked=asked,
            principal=principal_of(
                session.opened,
                session.said,
                kept=before.claims if before is not None else None,
                asked=self._rejudge.rules.claims,
            ),
            connection=connection,
            operations=operations,
            whole=whole,
            same=known is None or _reads_alike(known, connection),
            proposed=proposed,
            observe=observed and not self._enforced,
            before=before,
            old=session.old,
            grants=grants,
        )

    def word(self, case: Case) -> tuple[Word, bool]:
        """The word without a body, and whether it holds at any time. With `doubt` BODY it takes the body."""
        rejudge = self._rejudge
        if not (case.whole and case.same):
            return Word(Effect.FORBID, doubt=BODY), True
        word, always = rejudge.without_body(case.context, case.operations)
        searched = rejudge.searches(case.connection.name, agent=case.proposed)
        if not word.doubt and searched and (word.effect is not Effect.FORBID or rejudge.is_text_entry(case.told.rule)):
            return Word(word.effect, doubt=BODY), always
        return word, always

    def waits(self, session: SessionThen, case: Case, word: Word) -> bool:
        """Whether it takes to know what people said, and that is written further on."""
        return (
            word.effect is Effect.REVIEW
            and case.told.reason == "approved"
            and session.answers.votes(case.told.approval) is None
        )

    def outcome(self, session: SessionThen, case: Case, word: Word) -> Outcome:
        """What is new about the word. Where it is in doubt, rules that read the same still say the same."""
        before, told = case.before, case.told
        if word.doubt:
            return SAME if self._reads_the_same(case) else Outcome(doubt=word.doubt)
        if self._overdue_then(case, word):
            return SAME
        answered = False
        if word.effect is Effect.REVIEW and told.reason == "approved":
            known = asked_then(_policy(before), told.rule)
            answered = answers(self._rejudge.policy, word.reviews, session.answers.votes(told.approval), known)
        return compare_words(
            case.then,
            told,
            replace(word, masks=None) if case.old else word,
            answered=answered,
            always_then=standing(before, case.asked.connection) if before is not None else None,
            always_now=standing(self._rejudge.rules, case.connection.name),
        )

    def _reads_the_same(self, case: Case) -> bool:
        if case.before is None or not case.same or case.connection.name != case.asked.connection:
            return False
        key = case.before.digest
        if key not in self._alike:
            if len(self._alike) >= _MOST:
                self._alike.clear()
            self._alike[key] = Alike(case.before, self._rejudge.rules)
        alike = self._alike[key]
        blocked = case.told.reason == "blocked" and alike.blocking
        return blocked or alike.about(case.connection.name, case.operations, agent=case.proposed)

    @staticmethod
    def _overdue_then(case: Case, word: Word) -> bool:
        """Whether it was asked only because nobody stood by the permission, which is as it was recorded."""
        policy = _policy(case.before)
        named = policy.named.get(case.told.rule) if policy is not None else None
        return (
            case.then is Effect.REVIEW
            and named is not None
            and named.effect is Effect.PERMIT
            and (word.effect, word.rule) == (Effect.PERMIT, case.told.rule)
        )


def _policy(rules: Rules | None) -> Policy | None:
    return rules.policy if rules is not None else None


def _reads_alike(then: Connection, now: Connection) -> bool:
    """Whether both find the same operations in a request."""
    return then.protocol == now.protocol and then.commands == now.commands
