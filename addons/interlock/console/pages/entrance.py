"""Signing in and out."""

from __future__ import annotations

import hmac
from functools import partial
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interlock.console.guard import Pace
from interlock.console.room import Room, cookie_name
from interlock.console.view import page
from interlock.engine.console_rules import Role
from interlock.engine.people import choose_identity, claims_for, principal_from
from interlock.errors import InterlockError
from interlock.identity import SignedIn

__all__ = ["refused", "routes"]

_PATIENCE = 600.0
_KNOCKS = 30
_WAITING = 20_000
"""More than the guard lets one address begin while they last: nobody pushes out somebody else's sign-in."""


def routes(room: Room) -> list[Route]:
    """`/sign-in`, the issuer's answer at `/signed-in`, `/sign-out`; the demo's own door where there is one."""
    knocks = Pace(room.clock, burst=_KNOCKS, rate=1)
    return [
        Route("/sign-in", partial(_sign_in, room)),
        Route("/signed-in", partial(_signed_in, room)),
        Route("/door", partial(_door, room, knocks), methods=["POST"]),
        Route("/sign-out", partial(_sign_out, room), methods=["POST"]),
    ]


async def _sign_in(room: Room, request: Request) -> Response:
    then = _local(request.query_params.get("then", "/"))
    if room.issuer is None:
        return page(room, request, "sign_in.html", room.visit(request), then=then, wrong="", subject="", groups="")
    fresh = room.keeper.rules.console.fresh if "again" in request.query_params else 0.0
    url, begun = await room.issuer.begin(f"{room.keeper.rules.console.url}/signed-in", fresh=fresh, then=then)
    _tidy(room)
    room.begun[begun.state] = begun
    response = RedirectResponse(url, 303)
    _set(room, response, f"{cookie_name(room)}-state", begun.state, _PATIENCE)
    return response


async def _signed_in(room: Room, request: Request) -> Response:
    state = request.query_params.get("state", "")
    known = request.cookies.get(f"{cookie_name(room)}-state", "")
    begun = room.begun.pop(state, None) if hmac.compare_digest(state.encode(), known.encode()) else None
    if begun is None or room.issuer is None:
        return page(room, request, "message.html", None, 400, says="This sign-in is over. Begin again.")
    found = await room.issuer.complete(begun, dict(request.query_params))
    response = _enter(room, request, found, begun.then)
    response.delete_cookie(f"{cookie_name(room)}-state")
    return response


async def _door(room: Room, knocks: Pace, request: Request) -> Response:
    """For demo issuers alone: who reads the terminal is who they say they are.

    Codes are tried at one pace for all: whoever runs on this machine has as many addresses as they like.
    """
    form = await request.form()
    if room.door and not knocks.allows("anybody"):
        return page(room, request, "message.html", None, 429, says="Too many codes were tried: wait a moment.")
    code, subject = str(form.get("code", "")).strip(), str(form.get("subject", "")).strip()
    if not room.door or not hmac.compare_digest(code.encode(), room.door.encode()) or not subject:
        said = {"subject": subject, "groups": str(form.get("groups", "")), "then": _local(str(form.get("then", "/")))}
        return page(room, request, "sign_in.html", None, 403, wrong="That is not the code.", **said)
    groups = str(form.get("groups", "")).replace(",", " ").split()
    rules, now = room.keeper.rules, room.clock.now()
    identity = choose_identity(rules.identities, demo=True)
    found = SignedIn(principal_from(identity, claims_for(identity, subject, groups), now=now), now)
    return _enter(room, request, found, _local(str(form.get("then", "/"))))


async def _sign_out(room: Room, request: Request) -> Response:
    visit, form = room.visit(request), await request.form()
    if visit is not None and visit.sent(str(form.get("csrf", ""))):
        room.visits.end(request.cookies.get(cookie_name(room), ""))
    response = page(room, request, "message.html", None, says="You are signed out.")
    response.delete_cookie(cookie_name(room))
    return response


def _enter(room: Room, request: Request, found: SignedIn, then: str) -> Response:
    """A new visit under a new cookie; the one before it ends."""
    roles = frozenset(Role) if room.door else room.keeper.rules.console.roles_of(found.principal, room.clock.now())
    if not roles:
        who = found.principal.subject
        says = f"{who} has no role here. An operator gives roles under console: roles: in the rules."
        return page(room, request, "message.html", None, 403, says=says)
    room.visits.end(request.cookies.get(cookie_name(room), ""))
    cookie, _ = room.visits.begin(found, roles)
    response = RedirectResponse(then, 303)
    _set(room, response, cookie_name(room), cookie, room.keeper.rules.console.session)
    return response


def _set(room: Room, response: Response, name: str, value: str, seconds: float) -> None:
    secure = room.keeper.rules.console.url.startswith("https:")
    response.set_cookie(name, value, max_age=int(seconds), path="/", secure=secure, httponly=True, samesite="lax")


def _tidy(room: Room) -> None:
    """Sign-ins that nobody finished."""
    now = room.clock.now()
    while room.begun:
        state, oldest = next(iter(room.begun.items()))
        if now - oldest.at <= _PATIENCE and len(room.begun) < _WAITING:
            break
        del room.begun[state]


def _local(then: str) -> str:
    """A path of this console, whatever the address says."""
    parts = urlsplit(then)
    safe = then.startswith("/") and not then.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return then if safe and then.isascii() and then.isprintable() else "/"


def refused(room: Room, request: Request, error: InterlockError) -> Response:
    """What went wrong, for the person who met it."""
    visit = room.visit(request)
    return page(room, request, "message.html", visit, 403, says=f"{error} {error.hint}".strip())
