"""Whether deciding works: the store, the rules, how much waits and for how long."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from interlock.console.room import Room
from interlock.console.view import page
from interlock.engine.console_rules import Role
from interlock.model import ApprovalState

__all__ = ["routes"]

_OPERATE = frozenset((Role.AUDITOR, Role.ADMINISTRATOR))
"""Whom it concerns where on this machine something lies."""


def _kept(room: Room) -> str:
    """Where they are looked for."""
    return f"{room.archive.folder}" + ("" if room.archive.here else ", which is not on this machine")


def routes(room: Room) -> list[Route]:
    """`/health` for people who are signed in; `/ready` for load balancers, which learn nothing else."""

    async def show(request: Request) -> Response:
        visit = room.visit(request)
        if visit is None:
            return RedirectResponse("/sign-in?then=/health", 303)
        begun = room.clock.monotonic()
        waiting = await room.desk.queue([ApprovalState.PENDING], limit=500)
        took = (room.clock.monotonic() - begun) * 1000
        oldest = min((entry.created for entry in waiting), default=0.0)
        facts = [
            ("Store", f"answers, {took:.0f} ms"),
            ("Waiting", f"{len(waiting)}" + (" or more" if len(waiting) >= 500 else "")),
            ("Oldest", f"{room.clock.now() - oldest:.0f} s" if waiting else "nothing waits"),
            ("Grants in force", str(len(await room.desk.granted()))),
            ("Rules", room.keeper.rules.digest[:12] + (", edited and broken" if room.keeper.broken else "")),
            *([("Recordings", await asyncio.to_thread(_kept, room))] if visit.roles & _OPERATE else []),
            ("Sign-in", "a demo: anybody who reads the terminal" if room.door else room.keeper.rules.console.identity),
        ]
        return page(room, request, "health.html", visit, facts=facts)

    async def ready(request: Request) -> Response:
        await room.desk.queue([ApprovalState.PENDING], limit=1)
        return JSONResponse({"status": "ready"})

    return [Route("/health", show), Route("/ready", ready)]
