"""Approve: where the policy wants a person to decide.

Approvals come with the store they need; until then a review forbids, with its own reason, so that nobody mistakes it
for a missing rule.
"""

from __future__ import annotations

from dataclasses import replace

from mitmproxy import http

from interlock.mitm.call import Call
from interlock.mitm.products import Approved
from interlock.mitm.refusals import Denied
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage, need
from interlock.model import Effect
from interlock.reasons import Reason

__all__ = ["Approve"]


class Approve(Stage):
    """Needs `Decided`, gives `Approved` for what is permitted."""

    name = "approve"
    after = ("authorize",)

    def __init__(self, services: Services) -> None:
        self._services = services

    async def request(self, call: Call, flow: http.HTTPFlow) -> None:
        """Pass what is permitted; everything else, a review included, ends here."""
        decided = need(call.decided)
        if decided.decision.effect is Effect.REVIEW:
            raise Denied(replace(decided.decision, reason=Reason.APPROVAL_UNAVAILABLE))
        if decided.decision.effect is not Effect.PERMIT:
            raise Denied(decided.decision)
        call.approved = Approved(decided)
