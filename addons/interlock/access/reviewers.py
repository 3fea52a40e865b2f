"""Who may attest a permission: whom its rule names, and never somebody who has it themself."""

from __future__ import annotations

from dataclasses import replace

from interlock.engine.rules import Rules
from interlock.model import Campaign, CampaignState, Permission, Person, Principal, are_one, person
from interlock.policy import Context, Rule

__all__ = ["why_not"]


def why_not(rules: Rules, campaign: Campaign, permission: Permission, who: Principal, now: float) -> str:
    """Why this person may not attest this permission; empty where they may. Whatever cannot be told, they may not."""
    rule = rules.policy.named.get(permission.rule)
    if rule is None or rule.attest is None:
        return "the rules in force have no such rule that is attested"
    if campaign.state is not CampaignState.OPEN:
        return "the campaign is closed"
    if campaign.item(permission.id) is None and campaign.item(Permission(permission.rule).id) is None:
        return "the campaign does not ask about it"
    if campaign.groups and who.groups.isdisjoint(campaign.groups):
        return "the campaign asks others"
    if not _named(rule, who, now):
        return "its rule names others under attest: by:"
    if _own(rule, permission, who, now):
        return "nobody attests their own access"
    return ""


def _named(rule: Rule, who: Principal, now: float) -> bool:
    try:
        return rule.attest is not None and bool(rule.attest.by.test(Context(who, "", now=now)))
    except Exception:
        return False


def _own(rule: Rule, permission: Permission, who: Principal, now: float) -> bool:
    """Whether it is theirs: the scope is about them, or the rule speaks about them or about whoever acts for them."""
    scope = permission.scope
    if scope.subject:
        return are_one(person(who), Person("", scope.issuer, scope.subject))
    if scope.group and scope.group not in who.groups:
        return False
    if rule.attest is None or rule.attest.to is None:
        return True
    try:
        test = rule.attest.to
        return any(test(Context(one, "", now=now)) for one in (who, replace(who, acting_for=who.subject)))
    except Exception:
        return True
