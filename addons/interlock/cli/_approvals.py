"""What `interlock approvals` does: the desk, asked from a terminal by somebody who has just signed in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from interlock.approval.desk import Desk
from interlock.approval.people import person
from interlock.approval.states import LIVE, is_leased
from interlock.cli._approvals_show import approval_lines, asked_back, grants_table, queue_table, row
from interlock.cli._show import console, write_json
from interlock.clocks import SystemClock
from interlock.console.live import Bell
from interlock.console.loopback import sign_in
from interlock.console.oidc import Issuer
from interlock.console.spoken import may_speak
from interlock.engine.console_rules import Role
from interlock.engine.notifying import notified
from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.engine.rules import Rules, load_rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError, Place, Refused
from interlock.identity import is_demo
from interlock.identity.fetch import HttpFetch
from interlock.model import Approval, ApprovalState, Principal
from interlock.ports import ApprovalStore
from interlock.reasons import Reason
from interlock.recording.review_log import ApprovalLog
from interlock.schema import Reader
from interlock.source import Node
from interlock.store.opening import open_store

__all__ = ["Wish", "run"]

_MOST = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed."""

    action: str
    id: str = ""
    reason: str = ""
    grant: str = ""
    yes: bool = False
    who: str = ""
    groups: tuple[str, ...] = ()
    as_json: bool = False


async def run(folder: Path, wish: Wish) -> None:
    """Do it. Raises InterlockError, or OSError when the store cannot be used."""
    rules = load_rules(folder)
    store = await open_store(store_url(rules), base=rules.folder.parent)
    try:
        desk = Desk(
            store, SystemClock(), gateway="terminal", targets=notified(rules), console=rules.console.url,
            evidence=ApprovalLog(rules.gateway.recordings, SystemClock()).add_here,
        )  # fmt: skip
        if wish.action == "list":
            await _list(desk, wish)
        elif wish.action == "watch":
            await _watch(desk, store)
        elif wish.action == "show":
            await _show(desk, wish)
        elif wish.action == "grants":
            await _grants(desk, wish)
        elif wish.action == "revoke":
            who = await _signed_in(rules, wish)
            await desk.revoke(wish.id, person(who), wish.reason or "ended in the terminal")
            console().print(f"{wish.id} has ended")
        else:
            await _decide(desk, rules, wish)
    finally:
        await store.close()


async def _list(desk: Desk, wish: Wish) -> None:
    waiting = await desk.queue([ApprovalState.PENDING], limit=_MOST)
    now = SystemClock().now()
    if wish.as_json:
        for approval in waiting:
            write_json(row(approval, now))
    elif waiting:
        console().print(queue_table(waiting, now))
    else:
        console(stderr=True).print("nothing waits")


async def _watch(desk: Desk, store: ApprovalStore) -> None:
    """The queue as it changes, until Ctrl-C."""
    from rich.live import Live

    show, bell = console(), Bell(store.changes)
    listening = asyncio.create_task(bell.listen())
    try:
        with Live(console=show, auto_refresh=False, screen=show.is_terminal) as live:
            async for _ in bell.events():
                waiting = await desk.queue([ApprovalState.PENDING], limit=_MOST)
                live.update(queue_table(waiting, SystemClock().now()), refresh=True)
    finally:
        listening.cancel()


async def _show(desk: Desk, wish: Wish) -> None:
    approval = await _found(desk, wish.id)
    if wish.as_json:
        write_json({**row(approval, SystemClock().now()), "shown": {**approval.shown}})
        return
    for line in approval_lines(approval, await desk.history(approval.id), SystemClock().now()):
        console().print(line, soft_wrap=True)


async def _grants(desk: Desk, wish: Wish) -> None:
    grants = await desk.granted()
    if wish.as_json:
        for grant in grants:
            write_json({
                "id": grant.id, "holder": grant.holder.subject, "connection": grant.connection,
                "operations": [*grant.operations], "until": grant.until, "because": grant.because,
            })  # fmt: skip
    elif grants:
        console().print(grants_table(grants, SystemClock().now()))
    else:
        console(stderr=True).print("no grant is in force")


async def _decide(desk: Desk, rules: Rules, wish: Wish) -> None:
    approval = await _found(desk, wish.id)
    if approval.state not in LIVE and not (is_leased(approval) and wish.action == "deny"):
        raise InterlockError(f"{approval.id} is {approval.state}: there is nothing left to decide")
    if not wish.as_json:
        for line in approval_lines(approval, (), SystemClock().now()):
            console(stderr=True).print(line, soft_wrap=True)
    who = await _signed_in(rules, wish)
    asked = may_speak(rules, who, approval, SystemClock().now())
    if not asked:
        hint = "you asked, the rules changed since, or they name others under by:"
        raise Refused(Reason.VOTE_REFUSED, "this is not yours to decide", hint=hint)
    if not wish.yes and not await asyncio.to_thread(_agreed, wish, approval):
        raise InterlockError("nothing was decided")
    after = await desk.vote(
        approval.id,
        person(who),
        approves=wish.action == "approve",
        reason=wish.reason,
        rules=asked,
        seconds=_seconds(wish.grant),
    )
    if wish.as_json:
        write_json({"id": after.id, "state": str(after.state)})
    else:
        console().print(f"{after.id} is {after.state}")


def _agreed(wish: Wish, approval: Approval) -> bool:
    import typer

    return typer.confirm(asked_back(wish.action, approval, wish.grant), default=False, err=True)


def _seconds(text: str) -> float:
    """A duration as the rules write it. Raises InterlockError."""
    if not text:
        return 0.0
    reader = Reader()
    seconds = reader.duration(Node(text, Place("--grant")), "--grant", 0.0)
    if reader.errors or not seconds > 0:
        raise InterlockError(f"--grant {text!a} is no time", hint="as in --grant 30m")
    return seconds


async def _found(desk: Desk, id: str) -> Approval:
    found = await desk.get(id)
    if found is None:
        raise InterlockError(f"there is no approval {id!a}", hint="interlock approvals lists what waits")
    return found


async def _signed_in(rules: Rules, wish: Wish) -> Principal:
    """Who is at the terminal, by a sign-in of this moment. Raises InterlockError."""
    clock = SystemClock()
    if rules.console.identity:
        if wish.who:
            raise InterlockError("--as is for demo issuers alone", hint="leave it out, and sign in with your browser")
        issuer = Issuer(rules, HttpFetch(), clock)
        show = console(stderr=True)
        signed_in = await sign_in(issuer, rules.console.fresh, lambda text: show.print(text, soft_wrap=True))
        roles = rules.console.roles_of(signed_in.principal, clock.now())
        if Role.APPROVER not in roles and not (wish.action == "revoke" and Role.ADMINISTRATOR in roles):
            raise InterlockError(f"{signed_in.principal.subject!a} is no approver by console: roles:")
        return signed_in.principal
    if not is_demo(rules.identities):
        raise InterlockError("the rules do not say where people sign in", hint="write console: {sign_in: ...}")
    if not wish.who:
        raise InterlockError(
            "the rules have a demo issuer: say who you are", hint="as in --as reviewer-1 --groups reviewer"
        )
    identity = choose_identity(rules.identities, demo=True)
    return principal_from(identity, claims_for(identity, wish.who, wish.groups), now=clock.now())
