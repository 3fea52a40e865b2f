"""The types every part of Interlock speaks: frozen, slotted, standard library only.

Rules of this package: no behaviour beyond what a value can say about itself, no imports from the rest of the library,
and the default of every type denies (invariant 2).
"""

from __future__ import annotations

from interlock.model.approval import Approval, ApprovalKind, ApprovalState, Ask, Change, Grant, Person, Vote
from interlock.model.decision import Answer, Decision, Finding, Refusal, Report
from interlock.model.exchange import Exchange, Principal
from interlock.model.operation import Operation, worst
from interlock.model.people import are_one, person
from interlock.model.places import changed, filled, moved, offset, settled
from interlock.model.review import (
    Attestation,
    Campaign,
    CampaignState,
    Permission,
    ReviewRecord,
    Scope,
    Word,
)
from interlock.model.values import JSON, Access, BodyState, Effect, Origin, Secret, Side

__all__ = [
    "JSON",
    "Access",
    "Answer",
    "Approval",
    "ApprovalKind",
    "ApprovalState",
    "Ask",
    "Attestation",
    "BodyState",
    "Campaign",
    "CampaignState",
    "Change",
    "Decision",
    "Effect",
    "Exchange",
    "Finding",
    "Grant",
    "Operation",
    "Origin",
    "Permission",
    "Person",
    "Principal",
    "Refusal",
    "Report",
    "ReviewRecord",
    "Scope",
    "Secret",
    "Side",
    "Vote",
    "Word",
    "are_one",
    "changed",
    "filled",
    "moved",
    "offset",
    "person",
    "settled",
    "worst",
]
