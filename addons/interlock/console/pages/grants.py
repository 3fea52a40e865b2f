"""Grants that are in force, and ending one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interlock.approval.people import person
from interlock.console.room import Room
from interlock.console.view import page
from interlock.errors import InterlockError

__all__ = ["routes"]


def routes(room: Room) -> list[Route]:
    """`/grants`, and `/grants/ID/revoke`."""

    async def show(request: Request) -> Response:
        visit = room.visit(request)
        if visit is None:
            return RedirectResponse("/sign-in?then=/grants", 303)
        return page(room, request, "grants.html", visit, grants=await room.desk.granted(), wrong="")

    async def revoke(request: Request) -> Response:
        visit, form = room.visit(request), await request.form()
        if visit is None or not visit.sent(str(form.get("csrf", ""))):
            return page(room, request, "message.html", visit, 403, says="The form is out of date: open the page anew.")
        wrong = ""
        try:
            if not room.may_revoke(visit):
                wrong = "Ending a grant is for approvers and administrators."
            else:
                why = str(form.get("reason", "")).strip() or "ended in the console"
                await room.desk.revoke(request.path_params["id"], person(visit.person), why)
        except InterlockError as error:
            wrong = f"{error} {error.hint}".strip()
        if not wrong:
            return RedirectResponse("/grants", 303)
        return page(room, request, "grants.html", visit, 409, grants=await room.desk.granted(), wrong=wrong)

    return [Route("/grants", show), Route("/grants/{id}/revoke", revoke, methods=["POST"])]
