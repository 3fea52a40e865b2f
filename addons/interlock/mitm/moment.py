"""What a decision looks at now: the same request, and everything that may have changed since it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.engine.judge import context_of
from interlock.mitm.products import Decided
from interlock.policy import Context

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["context_now"]


def context_now(services: Services, decided: Decided) -> Context:
    """The context of a request as it is at this moment: the time, and what its principal was granted."""
    authenticated = decided.authenticated
    return context_of(
        authenticated.principal,
        authenticated.contained.connection,
        decided.exchange,
        path=authenticated.contained.path,
        document=decided.document,
        now=services.clock.now(),
        observe=services.observing(),
        grants=services.approvals.grants(authenticated.principal),
        reviews=services.reviewing.known(),
    )
