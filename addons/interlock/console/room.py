"""What all pages share, and who may see and decide what."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from interlock.approval.desk import Desk
from interlock.approval.people import is_concerned, person
from interlock.console.keeper import Keeper
from interlock.console.live import Bell
from interlock.console.oidc import Begun, Issuer
from interlock.console.visits import Visit, Visits
from interlock.engine.console_rules import Role
from interlock.model import Approval
from interlock.policy import Context
from interlock.ports import Clock

__all__ = ["Room", "cookie_name"]


@dataclass(slots=True)
class Room:
    """One console. `issuer` is None where nobody can sign in by the rules; `door` is the demo's code then."""

    keeper: Keeper
    desk: Desk
    visits: Visits
    bell: Bell
    clock: Clock
    issuer: Issuer | None = None
    door: str = field(default="", repr=False)
    begun: dict[str, Begun] = field(default_factory=dict, repr=False)

    def visit(self, request: Request) -> Visit | None:
        """Who looks, with the roles that the rules give them now."""
        visit = self.visits.of(request.cookies.get(cookie_name(self), ""))
        if visit is not None and not self.door:
            visit.roles = self.keeper.rules.console.roles_of(visit.person, self.clock.now())
        return visit

    def may_speak(self, visit: Visit, approval: Approval) -> tuple[str, ...]:
        """For which of the asking rules this person may say yes or no, by the rules in force. None: for none."""
        rules, now = self.keeper.rules, self.clock.now()
        if Role.APPROVER not in visit.roles or self.keeper.broken or rules.digest != approval.rules_digest:
            return ()
        if is_concerned(person(visit.person), approval.requester):
            return ()
        return self._named(visit, approval, now)

    def _named(self, visit: Visit, approval: Approval, now: float) -> tuple[str, ...]:
        """The asking rules whose `by:` holds for somebody. A test that fails holds for nobody."""
        named = {rule.id: rule.by for rule in self.keeper.rules.policy.rules}
        context = Context(principal=visit.person, connection=approval.connection, now=now)
        found = []
        for ask in approval.asks:
            by = named.get(ask.rule)
            try:
                if by is not None and by.test(context):
                    found.append(ask.rule)
            except Exception:  # noqa: S112
                continue
        return tuple(found)

    def may_see(self, visit: Visit, approval: Approval) -> bool:
        """Auditors and administrators see everything, approvers what they are named for."""
        if visit.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
            return True
        return Role.APPROVER in visit.roles and bool(self._named(visit, approval, self.clock.now()))

    def may_revoke(self, visit: Visit) -> bool:
        """Ending a grant early takes nothing but a role: nobody gains by it."""
        return bool(visit.roles & {Role.ADMINISTRATOR, Role.APPROVER})

    def fresh(self, visit: Visit) -> bool:
        """Whether this person proved who they are recently enough to decide."""
        return visit.fresh(self.clock.now(), self.keeper.rules.console.fresh)


def cookie_name(room: Room) -> str:
    """`__Host-` ties the cookie to this origin (RFC 6265bis); it needs https."""
    return "__Host-interlock" if room.keeper.rules.console.url.startswith("https:") else "interlock"
