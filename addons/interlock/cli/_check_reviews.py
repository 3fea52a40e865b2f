"""Which rules nobody stands by, or not for long: what `interlock check` says of rules with `attest:`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

from interlock.engine.risks import Risk
from interlock.engine.rules import Rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError, Place
from interlock.model import ReviewRecord, Word
from interlock.policy import Rule

__all__ = ["due_reviews"]

_SOON = 14 * 86400.0
_SQLITE = "sqlite:"
_HINT = 'interlock access campaign --open "..." asks about it'


def due_reviews(rules: Rules, *, now: float | None = None) -> tuple[Risk, ...]:
    """What is due, or will be in a fortnight, by the store that the rules name. Nothing is made there. Never raises."""
    attested = [rule for rule in rules.policy.rules if rule.attest is not None]
    if not attested:
        return ()
    try:
        records = _records(rules)
    except (OSError, InterlockError) as error:
        hint = "while it cannot be read, nothing passes that has to be attested"
        return (Risk("reviews-unknown", Place(str(rules.folder)), f"access reviews cannot be read: {error}", hint),)
    moment = time.time() if now is None else now
    return tuple(risk for rule in attested for risk in [_risk(rule, records, moment)] if risk is not None)


def _records(rules: Rules) -> Sequence[ReviewRecord]:
    """Raises OSError and InterlockError. A file that is not there holds none, and is not made."""
    url = store_url(rules)
    place = url.reveal()
    if place.startswith(_SQLITE) and not (rules.folder.parent / place.removeprefix(_SQLITE)).exists():
        return ()

    async def read() -> Sequence[ReviewRecord]:
        from interlock.store.opening import open_reviews

        store = await open_reviews(url, base=Path(rules.folder.parent))
        try:
            return await store.records()
        finally:
            await store.close()

    return asyncio.run(read())


def _risk(rule: Rule, records: Sequence[ReviewRecord], now: float) -> Risk | None:
    """About everyone the rule names: a word about somebody in particular is shown by its campaign."""
    if rule.attest is None:
        return None
    says = f"it {rule.attest.overdue.name.lower()}s what it permits until somebody does"
    record = next((one for one in records if one.permission.rule == rule.id and one.permission.scope.everyone), None)
    if record is None:
        return Risk("review-due", rule.place, f"nobody stands by rule {rule.id}: {says}", _HINT)
    if record.word is Word.REVOKE:
        return Risk("review-revoked", rule.place, f"rule {rule.id} was revoked: take it out", record.reason)
    if record.permission.meaning != rule.meaning:
        message = f"rule {rule.id} means something else than what was attested: {says}"
        return Risk("review-due", rule.place, message, _HINT)
    until = record.until(rule.attest.every)
    if now >= until:
        return Risk("review-due", rule.place, f"the review of rule {rule.id} is overdue: {says}", _HINT)
    if until - now < _SOON:
        day = time.strftime("%Y-%m-%d", time.gmtime(until))
        return Risk("review-soon", rule.place, f"rule {rule.id} is attested until {day}", _HINT)
    return None
