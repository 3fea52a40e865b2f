"""What an agent can ask of its gateway: who it is, what it may do, for access, and how its questions stand.

Only about itself; unknown and foreign ids are alike, and so are connections that do not exist and those it may not use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from interlock.approval.people import person
from interlock.errors import BodyRejected, Refused
from interlock.mitm.approval_event import session_of
from interlock.mitm.call import Call
from interlock.mitm.desks import unavailable
from interlock.mitm.tickets import standing
from interlock.model import JSON, ApprovalKind, Ask, Principal
from interlock.policy import Context, Policy, Rule
from interlock.policy.limits import asking_rules, limits_of
from interlock.policy.reach import AGENT
from interlock.reasons import Reason

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["AgentsDesk"]

_DURATION = re.compile(r"(?P<number>[0-9]{1,6})\s*(?P<unit>s|m|h)\Z")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MEMBERS = frozenset(("connection", "operations", "duration", "reason"))
_MAX_NAMES = 20
_MAX_REASON = 500
_NAME = re.compile(r"[a-z]+\.[A-Za-z0-9_.:/-]{1,200}\Z")


class AgentsDesk:
    """Answers for the agent that asks. Raises Refused for what it cannot have."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def whoami(self, principal: Principal, run: str) -> JSON:
        """Who it is, as its token says."""
        return {
            "identity": principal.identity,
            "issuer": principal.issuer,
            "subject": principal.subject,
            "groups": [*sorted(principal.groups)],
            "acting_for": principal.acting_for or None,
            "expires": int(principal.expires),
            "run": run or None,
        }

    def what_may_i_do(self, principal: Principal) -> JSON:
        """Names of operations by connection, with what becomes of them; and what it was granted for a time."""
        rules = self._services.rules
        connections: list[JSON] = []
        for name in (*(entry.name for entry in rules.connections), AGENT):
            found = limits_of(rules.policy, self._context(principal, name))
            if found:
                connections.append({"connection": name, "operations": {**found}})
        grants: list[JSON] = [
            {"id": grant.id, "connection": grant.connection, "operations": [*grant.operations], "until": grant.until}
            for grant in self._services.approvals.grants(principal)
        ]
        return {"connections": connections, "grants": grants}

    async def request_access(self, call: Call, principal: Principal, run: str, asked: Mapping[str, JSON]) -> JSON:
        """A question to people: these operations on this connection, for so long, because of this."""
        connection, names, seconds, because = _read(asked)
        rules = self._services.rules
        chosen = _grantable(rules.policy, self._context(principal, connection), names)
        usual = [rule for rule in chosen if not rule.glass]
        desk = await self._services.approvals.opened()
        session_of(self._services, call)
        with unavailable():
            approval = await desk.ask_grant(
                requester=person(principal),
                connection=connection,
                operations=names,
                seconds=seconds,
                asks=[
                    Ask(rule.id, rule.by.people if rule.by is not None else 1, rule.grant) for rule in usual or chosen
                ],
                rules_digest=rules.digest,
                expires_in=min(rule.expires for rule in usual or chosen),
                because=because,
                run=run,
                kind=ApprovalKind.GRANT if usual else ApprovalKind.BREAK_GLASS,
            )
        self._services.approvals.note(call, approval)
        return standing(approval)

    async def approval_status(self, principal: Principal, id: str) -> JSON:
        """How a question stands. Raises Refused (NOT_FOUND) for ids that are unknown, or somebody else's."""
        try:
            found = await self._services.approvals.own(id, person(principal))
        except Refused as error:
            if error.reason == Reason.APPROVAL_UNAVAILABLE:
                raise
            return {"id": id, "state": "refused", "reason": str(error)}
        if found is None:
            raise Refused(Reason.NOT_FOUND, "there is no such approval of yours")
        return standing(found)

    def _context(self, principal: Principal, connection: str) -> Context:
        return Context(principal, connection, now=self._services.clock.now(), reviews=self._services.reviewing.known())


_LOOK = "what_may_i_do says what a person can decide about"


def _grantable(policy: Policy, context: Context, names: list[str]) -> list[Rule]:
    """The rules that ask about these operations and let people grant them. Raises Refused when there is none for one.

    A rule that lets nobody grant anything goes on asking.
    """
    allowed = limits_of(policy, context)
    found: dict[str, Rule] = {}
    for name in names:
        rules = [rule for rule in asking_rules(policy, context, [name]) if rule.grant > 0 and name in allowed]
        if not rules:
            raise Refused(Reason.GRANT_REFUSED, "nothing of this kind can be granted there", hint=_LOOK)
        found.update((rule.id, rule) for rule in rules)
    return [found[name] for name in sorted(found)]


def _read(asked: Mapping[str, JSON]) -> tuple[str, list[str], float, str]:
    """Connection, names, seconds and reason, as a request says them. Raises BodyRejected."""
    connection, names, because = asked.get("connection"), asked.get("operations"), asked.get("reason", "")
    names = [names] if isinstance(names, str) else names
    if set(asked) - _MEMBERS or not isinstance(connection, str) or not isinstance(names, list):
        raise _odd("access is asked for with connection, operations, duration and reason")
    if not 0 < len(names) <= _MAX_NAMES or not all(isinstance(name, str) and _NAME.match(name) for name in names):
        raise _odd("operations are one to twenty names, as in sql.write, without patterns")
    if not isinstance(because, str) or len(because) > _MAX_REASON:
        raise _odd(f"a reason is plain text of at most {_MAX_REASON} characters")
    return connection, [str(name) for name in names], _seconds(asked.get("duration")), because


def _seconds(value: JSON) -> float:
    if isinstance(value, str) and (found := _DURATION.match(value.strip())):
        return float(found["number"]) * _SECONDS[found["unit"]]
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 20:
        return float(value)
    raise _odd("a duration is as in 30m, or a number of seconds")


def _odd(message: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, message)
