"""One approval: what would happen, why it was stopped, who asked; and the forms that decide it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interlock.approval.people import person
from interlock.approval.states import LIVE, denied, is_leased, missing
from interlock.console.room import Room
from interlock.console.view import page, sign_in_first
from interlock.console.visits import Visit
from interlock.errors import InterlockError
from interlock.model import Approval, ApprovalKind, ApprovalState

__all__ = ["routes"]

_TERMS = (300, 900, 1800, 3600, 4 * 3600, 8 * 3600)
_HISTORY = 10


def routes(room: Room) -> list[Route]:
    """`/approvals/ID`: a page, and what its forms send."""

    async def show(request: Request) -> Response:
        visit = room.visit(request)
        if visit is None:
            return sign_in_first(request)
        approval = await _visible(room, visit, request)
        if approval is None:
            return page(room, request, "message.html", visit, 404, says="There is no such approval, or not for you.")
        return page(room, request, "approval.html", visit, **await _about(room, visit, approval), wrong="")

    async def decide(request: Request) -> Response:
        visit, form = room.visit(request), await request.form()
        if visit is None or not visit.sent(str(form.get("csrf", ""))):
            return page(room, request, "message.html", visit, 403, says="The form is out of date: open the page anew.")
        approval = await _visible(room, visit, request)
        if approval is None:
            return page(room, request, "message.html", visit, 404, says="There is no such approval, or not for you.")
        wrong = await _decided(room, visit, approval, {name: str(value) for name, value in form.items()})
        if not wrong:
            return RedirectResponse(f"/approvals/{approval.id}", 303)
        newest = await room.desk.get(approval.id) or approval
        return page(room, request, "approval.html", visit, 409, **await _about(room, visit, newest), wrong=wrong)

    return [Route("/approvals/{id}", show), Route("/approvals/{id}", decide, methods=["POST"])]


async def _visible(room: Room, visit: Visit, request: Request) -> Approval | None:
    approval = await room.desk.get(request.path_params["id"])
    return approval if approval is not None and room.may_see(visit, approval) else None


async def _decided(room: Room, visit: Visit, approval: Approval, form: dict[str, str]) -> str:
    """Give somebody's word to the desk; what is wrong with it otherwise."""
    rules = room.may_speak(visit, approval)
    if not rules:
        return "This is not yours to decide."
    if not room.fresh(visit):
        return "Your sign-in is too old to decide anything: sign in again."
    if form.get("seen") != approval.fingerprint:
        return "The page shows something else than what is asked now: read it again."
    voter, verb, reason = person(visit.person), form.get("verb"), form.get("reason", "").strip()
    try:
        if verb == "approve":
            await room.desk.vote(approval.id, voter, approves=True, reason=reason, rules=rules)
        elif verb == "deny":
            await room.desk.vote(approval.id, voter, approves=False, reason=reason, rules=rules)
        elif verb == "grant" and form.get("seconds", "").isdecimal():
            await room.desk.grant(approval.id, voter, seconds=float(form["seconds"]), reason=reason, rules=rules)
        else:
            return "The form says nothing that could be decided."
    except InterlockError as error:
        return f"{error} {error.hint}".strip()
    return ""


def _may_stop(approval: Approval, leased: bool) -> bool:
    """Whether a no still ends what was approved before."""
    return (approval.state is ApprovalState.APPROVED or leased) and not denied(approval)


async def _about(room: Room, visit: Visit, approval: Approval) -> dict[str, Any]:
    now = room.clock.now()
    live, leased = approval.state in LIVE, is_leased(approval)
    most = min((ask.grant for ask in approval.asks), default=0.0)
    spoken = any(vote.by.key == (visit.person.issuer, visit.person.subject) for vote in approval.votes)
    covers = approval.wanted.get("operations")
    earlier = await room.desk.queue([*ApprovalState], requester=approval.requester, limit=_HISTORY)
    return {
        "approval": approval,
        "left": approval.expires - now,
        "live": live,
        "leased": leased,
        "taken_back": leased and denied(approval),
        "mine": bool(room.may_speak(visit, approval)) and approval.state is ApprovalState.PENDING and not spoken,
        "may_stop": bool(room.may_speak(visit, approval)) and _may_stop(approval, leased),
        "spoken": spoken,
        "fresh": room.fresh(visit),
        "outdated": approval.rules_digest != room.keeper.rules.digest,
        "wants": [(ask, missing(approval, ask)) for ask in approval.asks],
        "terms": [term for term in _TERMS if term <= most] if approval.kind is ApprovalKind.OPERATION else [],
        "covers": [str(name) for name in covers] if isinstance(covers, list) and covers else [approval.operation],
        "history": await room.desk.history(approval.id),
        "earlier": [entry for entry in earlier if entry.id != approval.id and room.may_see(visit, entry)],
    }
