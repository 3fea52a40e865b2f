"""Grants that are in force, and ending one."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interlock.approval.people import person
from interlock.approval.shown import says_something
from interlock.console.room import Room
from interlock.console.view import page
from interlock.console.visits import Visit
from interlock.errors import InterlockError

__all__ = ["routes"]


def routes(room: Room) -> list[Route]:
    """`/grants`, and `/grants/ID/revoke`."""
    return [
        Route("/grants", partial(_show, room)),
        Route("/grants/{id}/revoke", partial(_revoke, room), methods=["POST"]),
    ]


async def _show(room: Room, request: Request) -> Response:
    visit = room.visit(request)
    if visit is None:
        return RedirectResponse("/sign-in?then=/grants", 303)
    return await _page(room, request, visit)


async def _revoke(room: Room, request: Request) -> Response:
    visit, form = room.visit(request), await request.form()
    if visit is None or not visit.sent(str(form.get("csrf", ""))):
        return page(room, request, "message.html", visit, 403, says="The form is out of date: open the page anew.")
    granted = {grant.id: grant for grant in await room.desk.granted()}
    grant = granted.get(request.path_params["id"])
    if grant is None or not room.may_see_grant(visit, grant):
        return await _page(room, request, visit, "There is no such grant in force, or not for you.")
    if not room.may_revoke(visit, grant):
        return await _page(room, request, visit, "Ending a grant is for approvers and administrators.")
    try:
        why = str(form.get("reason", "")).strip()
        why = why if says_something(why) else "ended in the console"
        await room.desk.revoke(grant.id, person(visit.person), why)
    except InterlockError as error:
        return await _page(room, request, visit, f"{error} {error.hint}".strip())
    return RedirectResponse("/grants", 303)


async def _page(room: Room, request: Request, visit: Visit, wrong: str = "") -> Response:
    grants = [grant for grant in await room.desk.granted() if room.may_see_grant(visit, grant)]
    return page(room, request, "grants.html", visit, 409 if wrong else 200, grants=grants, wrong=wrong)
