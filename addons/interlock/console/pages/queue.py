"""The queue: what waits for a person, the oldest first, and what was decided lately."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from interlock.approval.states import missing
from interlock.console.room import Room
from interlock.console.view import page
from interlock.console.visits import Visit
from interlock.model import Approval, ApprovalState

__all__ = ["routes"]

_LATELY = 20
_MOST = 500
_OVER = [state for state in ApprovalState if state is not ApprovalState.PENDING]


def routes(room: Room) -> list[Route]:
    """`/`, its live part `/queue`, and `/live`, which says when to ask for it again."""

    async def whole(request: Request) -> Response:
        visit = room.visit(request)
        if visit is None:
            return RedirectResponse("/sign-in", 303)
        return page(room, request, "queue.html", visit, **await _found(room, visit))

    async def part(request: Request) -> Response:
        visit = room.visit(request)
        if visit is None:
            return Response(status_code=403, headers={"hx-redirect": "/sign-in"})
        return page(room, request, "queue_rows.html", visit, **await _found(room, visit))

    async def live(request: Request) -> Response:
        if room.visit(request) is None:
            return Response(status_code=403)
        who = room.visitor(request)
        if room.bell.full(who):
            return Response(status_code=429)
        return StreamingResponse(room.bell.events(who), media_type="text/event-stream")

    return [Route("/", whole), Route("/queue", part), Route("/live", live)]


async def _found(room: Room, visit: Visit) -> dict[str, Any]:
    pending = await room.desk.queue([ApprovalState.PENDING], limit=_MOST)
    lately = await room.desk.queue(_OVER, limit=_LATELY)
    waiting = [_row(room, visit, entry) for entry in pending if room.may_see(visit, entry)]
    waiting.sort(key=lambda row: (not row["mine"], row["left"]))
    return {"waiting": waiting, "lately": [entry for entry in lately if room.may_see(visit, entry)]}


def _row(room: Room, visit: Visit, approval: Approval) -> dict[str, Any]:
    return {
        "approval": approval,
        "mine": bool(room.may_speak(visit, approval)),
        "wants": sum(missing(approval, ask) for ask in approval.asks),
        "left": approval.expires - room.clock.now(),
    }
