"""What the evidence says of an access review: what happened, by whom, about which permissions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from interlock.approval.shown import escaped
from interlock.model import JSON, Attestation, Campaign, Change, Permission, Person
from interlock.recording.event import stamp
from interlock.recording.review_log import REVIEW_LOG

__all__ = ["attested_event", "campaign_event", "carried", "permission_event"]


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


def carried(changes: Sequence[Change], event: Mapping[str, JSON]) -> list[Change]:
    """Changes of which the first carries what could not be written here: some gateway writes it."""
    return [replace(changes[0], event={**event, "log": REVIEW_LOG}), *changes[1:]]


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
