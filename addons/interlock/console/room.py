"""What all pages share, and who may see and decide what."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from interlock.access.campaigns import Campaigns
from interlock.approval.desk import Desk
from interlock.console.archive import Archive
from interlock.console.keeper import Keeper
from interlock.console.live import Bell
from interlock.console.oidc import Begun, Issuer
from interlock.console.spoken import may_speak, named_by, named_for
from interlock.console.usage import Counted
from interlock.console.visits import Visit, Visits
from interlock.engine.console_rules import Role
from interlock.model import Approval, Grant
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
    archive: Archive
    reviews: Campaigns
    counted: Counted
    issuer: Issuer | None = None
    door: str = field(default="", repr=False)
    begun: dict[str, Begun] = field(default_factory=dict, repr=False)

    def visit(self, request: Request) -> Visit | None:
        """Who looks, with the roles that the rules give them now."""
        visit = self.visits.of(request.cookies.get(cookie_name(self), ""))
        if visit is not None and not self.door:
            visit.roles = self.keeper.rules.console.roles_of(visit.person, self.clock.now())
        return visit

    def visitor(self, request: Request) -> str:
        """The name of the visit that a request belongs to, "" for nobody's; looking does not keep it alive."""
        return self.visits.name(request.cookies.get(cookie_name(self), ""))

    def may_speak(self, visit: Visit, approval: Approval) -> tuple[str, ...]:
        """For which of the asking rules this person may say yes or no, by the rules in force."""
        if Role.APPROVER not in visit.roles or self.keeper.broken:
            return ()
        return may_speak(self.keeper.rules, visit.person, approval, self.clock.now())

    def may_see(self, visit: Visit, approval: Approval) -> bool:
        """Auditors and administrators see everything, approvers what they are named for."""
        if visit.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
            return True
        named = named_by(self.keeper.rules, visit.person, approval, self.clock.now())
        return Role.APPROVER in visit.roles and bool(named)

    def may_see_grant(self, visit: Visit, grant: Grant) -> bool:
        """As `may_see`: an approver sees what the rules name them for."""
        if visit.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
            return True
        return Role.APPROVER in visit.roles and self._named(visit, grant)

    def may_revoke(self, visit: Visit, grant: Grant) -> bool:
        """Ending a grant early gains nobody anything: administrators may, and whoever could have given it."""
        named = Role.APPROVER in visit.roles and self._named(visit, grant)
        return Role.ADMINISTRATOR in visit.roles or named

    def _named(self, visit: Visit, grant: Grant) -> bool:
        return bool(named_for(self.keeper.rules, visit.person, grant.rules, grant.connection, self.clock.now()))

    def fresh(self, visit: Visit) -> bool:
        """Whether this person proved who they are recently enough to decide."""
        return visit.fresh(self.clock.now(), self.keeper.rules.console.fresh)


def cookie_name(room: Room) -> str:
    """`__Host-` ties the cookie to this origin (RFC 6265bis); it needs https."""
    return "__Host-interlock" if room.keeper.rules.console.url.startswith("https:") else "interlock"
