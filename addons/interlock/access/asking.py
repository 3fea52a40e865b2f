"""Which permissions a campaign asks about, and what becomes of their records when it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.model import Attestation, Campaign, Permission, ReviewRecord, Scope, Word
from interlock.reasons import Reason

__all__ = ["MOST_ITEMS", "Item", "asked", "attested", "is_attested", "permissions", "spoken_of"]

MOST_ITEMS = 500
"""Permissions that one campaign asks about."""


@dataclass(frozen=True, slots=True)
class Item:
    """A permission in a campaign: how it stands now, what was said about it here (last), and whether one may.

    `changed` says that the rule means something else now than what the campaign asks about. `refused` is why the person
    who looks may not attest it; empty where they may. `until` is until when it stands as things are (0: it does not).
    """

    permission: Permission
    record: ReviewRecord | None = None
    said: Attestation | None = None
    changed: bool = False
    refused: str = ""
    until: float = 0.0


def is_attested(rules: Rules, name: str) -> bool:
    """Whether the rules have a rule of that name with `attest:`."""
    rule = rules.policy.named.get(name)
    return rule is not None and rule.attest is not None


def permissions(rules: Rules, items: Sequence[tuple[str, Scope]]) -> tuple[Permission, ...]:
    """Permissions as they are now. Raises Refused (VOTE_REFUSED)."""
    wanted = list(items) or [(rule.id, Scope()) for rule in rules.policy.rules if rule.attest is not None]
    if not wanted:
        hint = "write attest: into the rules that people are to stand by"
        raise Refused(Reason.VOTE_REFUSED, "no rule is to be attested", hint=hint)
    for name, _ in wanted:
        if not is_attested(rules, name):
            hint = "only rules with attest: are; without it nobody's word would change anything"
            raise Refused(Reason.VOTE_REFUSED, f"{name!a} is no rule that is attested", hint=hint)
    found = tuple(dict.fromkeys(Permission(name, rules.policy.named[name].meaning, scope) for name, scope in wanted))
    if len(found) > MOST_ITEMS:
        raise Refused(Reason.VOTE_REFUSED, f"a campaign asks about {MOST_ITEMS} permissions at most", hint="split it")
    return found


def spoken_of(campaign: Campaign, id: str, about: Permission | None, words: Sequence[Attestation]) -> Permission | None:
    """The permission of an id that a word in a campaign may be about: one that it asks about, or `about` somebody among
    everyone whom it asks a rule for, or one of these that was spoken about before (`words`). None for any other.
    """
    found = campaign.item(id) or next((one.permission for one in words if one.permission.id == id), None)
    if found is not None or about is None or about.id != id:
        return found
    whole = campaign.item(Permission(about.rule).id)
    return replace(whole, scope=about.scope) if whole is not None else None


def asked(before: ReviewRecord | None, one: Permission, campaign: Campaign) -> ReviewRecord:
    """The record of a permission that is asked about. Asking puts off nothing that is due already.

    Of a rule that means something else now, a yes is void; a word that took something away stays.
    """
    if before is None:
        return ReviewRecord(one, campaign=campaign.id, asked=campaign.opened, due=campaign.due, version=1)
    due = min(before.due, campaign.due) if before.due else campaign.due
    after = replace(before, campaign=campaign.id, due=due, version=before.version + 1)
    if before.permission.meaning == one.meaning:
        return after if before.asked else replace(after, asked=campaign.opened)
    kept = before.word if before.word is not Word.KEEP else None
    return replace(after, permission=one, word=kept, at=0.0, asked=campaign.opened, due=campaign.due)


def attested(before: ReviewRecord, said: Attestation, meaning: str, seen: int | None = None) -> ReviewRecord:
    """The record of a permission as somebody's word about it leaves it: nothing is due from them any more.

    `meaning` is what its rule means now. Raises Refused (VOTE_REFUSED) for a yes to something else, and where the
    record is not the version that was `seen`.
    """
    if said.word is not Word.REVOKE and meaning != said.permission.meaning:
        hint = "open a new campaign, so that people see what it means now"
        raise Refused(Reason.VOTE_REFUSED, "the rule was changed since the campaign was opened", hint=hint)
    if seen is not None and before.version != seen:
        hint = "read it, and say your word again"
        raise Refused(Reason.VOTE_REFUSED, "somebody said something about it meanwhile", hint=hint)
    return replace(
        before, permission=said.permission, word=said.word, by=said.by, at=said.at, reason=said.reason, only=said.only,
        campaign=said.campaign, due=0.0, version=before.version + 1,
    )  # fmt: skip
