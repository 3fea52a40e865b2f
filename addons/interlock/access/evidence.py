"""What the evidence says of an access review: what happened, by whom, about which permissions."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.approval.shown import escaped
from interlock.model import JSON, Attestation, Campaign, Permission, Person
from interlock.recording.event import stamp

__all__ = ["attested_event", "campaign_event", "permission_event"]


def campaign_event(campaign: Campaign, what: str, by: Person, why: str = "") -> dict[str, JSON]:
    """A campaign was opened or closed."""
    return {
        "what": what,
        "campaign": campaign.id,
        "title": escaped(campaign.title),
        "due": stamp(campaign.due),
        "cadence": int(campaign.cadence),
        "groups": [*campaign.groups],
        "follows": campaign.follows,
        "by": _person(by),
        "why": escaped(why),
        "permissions": _permissions(campaign.items),
    }


def attested_event(said: Attestation) -> dict[str, JSON]:
    """Somebody said keep, narrow or revoke."""
    return {
        "what": "attested",
        "campaign": said.campaign,
        "permission": permission_event(said.permission),
        "word": str(said.word),
        "only": [escaped(text) for text in said.only],
        "by": _person(said.by),
        "why": escaped(said.reason),
    }


def permission_event(one: Permission) -> dict[str, JSON]:
    """A permission: its rule, what that meant, and whom it is about."""
    found: dict[str, JSON] = {"id": one.id, "rule": one.rule, "meaning": one.meaning}
    scope = one.scope
    for name, value in (("issuer", scope.issuer), ("subject", scope.subject), ("group", scope.group)):
        if value:
            found[name] = escaped(value)
    return found


def _permissions(items: Iterable[Permission]) -> list[JSON]:
    return [permission_event(one) for one in items]


def _person(one: Person) -> dict[str, JSON]:
    return {"subject": escaped(one.subject), "issuer": escaped(one.issuer)}
