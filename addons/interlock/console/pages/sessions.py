"""What agents did, for auditors: sessions, one as a timeline and as a graph, whether it is intact, and its files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from interlock.approval.people import named, person
from interlock.console.archive import PARTS, Listed, pieces
from interlock.console.drawing import draw
from interlock.console.room import Room
from interlock.console.view import page, sign_in_first
from interlock.console.visits import Visit
from interlock.engine.console_rules import Role
from interlock.errors import InterlockError, Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.finding import DECISIONS, Wanted, moment

__all__ = ["routes"]

_FIELDS = ("principal", "connection", "decision", "since", "until")
_AT_ONCE = 4
_LONGEST = 200


def routes(room: Room) -> list[Route]:
    """`/sessions` and what is below it: for the role auditor alone."""
    turns = asyncio.Semaphore(_AT_ONCE)

    def audited(show: Callable[..., Any], *, name: str) -> Callable[[Request], Any]:
        async def shown(request: Request) -> Response:
            visit = room.visit(request)
            if visit is None:
                return sign_in_first(request)
            if Role.AUDITOR not in visit.roles:
                return page(room, request, "message.html", visit, 403, says="Recordings are for auditors.")
            if not await asyncio.to_thread(lambda: room.archive.here):
                return page(room, request, "sessions_away.html", visit, 404, folder=room.archive.folder)
            try:
                async with turns:
                    found: Response = await show(request, visit, partial(_note, room, visit, name))
                    return found
            except OSError:
                return page(room, request, "message.html", visit, 503, says="The recordings cannot be read.")
            except Refused as error:
                status = 404 if error.reason is Reason.NOT_FOUND else 503
                return page(room, request, "message.html", visit, status, says=f"{error}. {error.hint}".strip())

        return shown

    return [
        Route("/sessions", audited(partial(_list, room), name="sessions")),
        Route("/sessions/{id}", audited(partial(_show, room), name="session")),
        Route("/sessions/{id}/graph", audited(partial(_graph, room), name="graph")),
        Route("/sessions/{id}/verified", audited(partial(_verified, room), name="verify")),
        Route("/sessions/{id}/{part}", audited(partial(_part, room), name="download")),
    ]


type Note = Callable[..., Any]


async def _note(room: Room, visit: Visit, name: str, **what: JSON) -> None:
    """Written before anything is shown. Raises Refused (RECORDING_UNAVAILABLE)."""
    try:
        await asyncio.to_thread(room.archive.note, named(person(visit.person)), name, dict(what))
    except Refused as error:
        hint = "nothing is shown that nobody could tell was looked at"
        raise Refused(Reason.RECORDING_UNAVAILABLE, f"this look cannot be noted: {error}", hint=hint) from None


async def _list(room: Room, request: Request, visit: Visit, note: Note) -> Response:
    asked = {name: request.query_params.get(name, "").strip()[:_LONGEST] for name in _FIELDS}
    before, now = request.query_params.get("before", "")[:_LONGEST], room.clock.now()
    more: dict[str, Any] = {"asked": asked, "folder": room.archive.folder, "decisions": DECISIONS, "wrong": ""}
    try:
        wanted = Wanted(
            asked["principal"], asked["connection"], asked["decision"] if asked["decision"] in DECISIONS else "",
            moment(asked["since"], now), moment(asked["until"], now),
        )  # fmt: skip
    except InterlockError as error:
        more |= {"wrong": f"{error}: {error.hint}", "found": Listed(())}
        return page(room, request, "sessions.html", visit, 400, **more)
    await note(**wanted.told(), **({"before": before} if before else {}))
    found = await asyncio.to_thread(room.archive.sessions, wanted, before)
    return page(room, request, "sessions.html", visit, **more, found=found)


async def _show(room: Room, request: Request, visit: Visit, note: Note) -> Response:
    id, start = request.path_params["id"], request.query_params.get("from", "")
    first = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 1
    await note(session=id, **({"from": first} if first > 1 else {}))
    told = await asyncio.to_thread(room.archive.timeline, id, first)
    return page(
        room, request, "session.html", visit, told=told, session=told.summary, first=first, continues=told.continues
    )


async def _graph(room: Room, request: Request, visit: Visit, note: Note) -> Response:
    id = request.path_params["id"]
    run = await asyncio.to_thread(room.archive.run, id)
    await note(session=id, **({"run": [*run]} if len(run) > 1 else {}))
    drawn = await asyncio.to_thread(lambda: draw(room.archive.graph(id), id))
    return page(room, request, "session_graph.html", visit, id=id, drawn=drawn, parts=len(run))


async def _verified(room: Room, request: Request, visit: Visit, note: Note) -> Response:
    """The badge: a part of the session's page, or a page of its own where no script runs."""
    id = request.path_params["id"]
    await note(session=id)
    proved = await asyncio.to_thread(room.archive.verified, id, room.keeper.rules)
    part = "verified.html" if request.headers.get("hx-request") == "true" else "session_verified.html"
    return page(room, request, part, visit, id=id, proved=proved, found=proved.found, chains=proved.found.chains)


async def _part(room: Room, request: Request, visit: Visit, note: Note) -> Response:
    id, part = request.path_params["id"], request.path_params["part"]
    if part not in PARTS:
        return page(room, request, "message.html", visit, 404, says="There is no such page.")
    await note(session=id, part=part)
    try:
        file, size = await asyncio.to_thread(room.archive.part, id, part)
    except OSError:
        return page(room, request, "message.html", visit, 404, says="This session has no such file.")
    headers = {"content-disposition": f'attachment; filename="{id}-{PARTS[part]}"', "content-length": str(size)}
    return StreamingResponse(pieces(file, size), media_type="application/octet-stream", headers=headers)
