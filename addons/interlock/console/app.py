"""The console as one ASGI application."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from interlock.console.guard import Guard
from interlock.console.pages import decision, entrance, grants, health, queue, reviews, sessions
from interlock.console.room import Room
from interlock.console.view import HERE, page
from interlock.errors import InterlockError

__all__ = ["create_app"]


def create_app(room: Room) -> Starlette:
    """The pages of one console. Its life starts and ends the desk."""

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await room.desk.start()
        tasks = [asyncio.create_task(room.bell.listen()), asyncio.create_task(room.keeper.watch())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await room.desk.close()

    async def refused(request: Request, error: Any) -> Response:
        return entrance.refused(room, request, error)

    async def unavailable(request: Request, error: Exception) -> Response:
        says = "The store of approvals cannot be used. Nothing is lost; nothing can be decided until it is back."
        return page(room, request, "message.html", room.visit(request), 503, says=says)

    async def missing(request: Request, error: Exception) -> Response:
        return page(room, request, "message.html", room.visit(request), 404, says="There is no such page.")

    parts = (queue, decision, grants, sessions, reviews, health, entrance)
    return Starlette(
        routes=[
            *(route for part in parts for route in part.routes(room)),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[
            Middleware(Guard, url=room.keeper.rules.console.url, clock=room.clock, visitor=room.visitor),
        ],
        exception_handlers={InterlockError: refused, OSError: unavailable, 404: missing, 405: missing},
        lifespan=life,
    )
