"""Access reviews: the campaigns, and one with what it asks about; the forms by which people stand by a permission."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from interlock.access.campaigns import Item
from interlock.approval.people import named, person
from interlock.console.room import Room
from interlock.console.usage import DAYS, used_by
from interlock.console.view import page, sign_in_first
from interlock.console.visits import Visit
from interlock.engine.console_rules import Role
from interlock.errors import InterlockError
from interlock.model import JSON, Campaign, CampaignState, Word

__all__ = ["routes"]

_NONE = "There is no such campaign, or not for you."


def routes(room: Room) -> list[Route]:
    """`/reviews`, and `/reviews/ID` with what its forms send."""
    return [
        Route("/reviews", partial(_list, room)),
        Route("/reviews/{id}", partial(_show, room)),
        Route("/reviews/{id}", partial(_attest, room), methods=["POST"]),
        Route("/reviews/{id}/used/{permission}", partial(_used, room)),
    ]


async def _list(room: Room, request: Request) -> Response:
    visit = room.visit(request)
    if visit is None:
        return RedirectResponse("/sign-in?then=/reviews", 303)
    rows = []
    for campaign in await room.reviews.list(limit=100):
        items = await _visible(room, visit, campaign)
        if items:
            open_ones = [item for item in items if item.said is None]
            mine = [item for item in open_ones if not item.refused]
            rows.append({"campaign": campaign, "all": len(items), "open": len(open_ones), "mine": len(mine)})
    return page(room, request, "reviews.html", visit, rows=rows)


async def _show(room: Room, request: Request) -> Response:
    visit = room.visit(request)
    if visit is None:
        return sign_in_first(request)
    return await _page(room, request, visit)


async def _used(room: Room, request: Request) -> Response:
    """How a permission was used: a part of its campaign's page, which is counted meanwhile; a look at recordings."""
    visit, asked = room.visit(request), request.path_params
    if visit is None:
        return Response(status_code=403)
    try:
        items = await _visible(room, visit, await room.reviews.get(asked["id"]))
        one = next(item.permission for item in items if item.permission.id == asked["permission"])
    except (InterlockError, StopIteration):
        return page(room, request, "message.html", visit, 404, says=_NONE)
    wrong, found = "", None
    try:
        usage = await asyncio.to_thread(room.counted.usage, room.keeper.rules)
        what: dict[str, JSON] = {"campaign": asked["id"], "permission": one.id, "rule": one.rule}
        await asyncio.to_thread(room.archive.note, named(person(visit.person)), "review", what)
        found = used_by(usage, one)
    except (InterlockError, OSError) as error:
        wrong = f"{error}: {error.hint}" if isinstance(error, InterlockError) else "the recordings cannot be read"
    return page(room, request, "used.html", visit, used=found, wrong=wrong, days=DAYS)


async def _attest(room: Room, request: Request) -> Response:
    visit, form = room.visit(request), await request.form()
    if visit is None or not visit.sent(str(form.get("csrf", ""))):
        return page(room, request, "message.html", visit, 403, says="The form is out of date: open the page anew.")
    wrong = await _said(room, visit, request.path_params["id"], {name: str(value) for name, value in form.items()})
    if wrong:
        return await _page(room, request, visit, wrong)
    return RedirectResponse(f"/reviews/{request.path_params['id']}", 303)


async def _said(room: Room, visit: Visit, id: str, form: dict[str, str]) -> str:
    """Keep somebody's word; what is wrong with it otherwise."""
    if room.keeper.broken:
        return "The rules were edited and cannot be used: nothing is attested until they are mended."
    if not room.fresh(visit):
        return "Your sign-in is too old to attest anything: sign in again."
    word, permission = form.get("word", ""), form.get("permission", "")
    if word not in [*Word]:
        return "Say whether it is kept, narrowed or revoked."
    try:
        campaign = await room.reviews.get(id)
        asked = await room.reviews.items(room.keeper.rules, campaign, visit.person)
        item = next((one.permission for one in asked if one.permission.id == permission), None)
        meaning, _, version = form.get("seen", "").partition(".")
        if item is None or meaning != item.meaning or not (version.isascii() and version.isdecimal()):
            return "The page shows something else than what is asked now: read it again."
        only = [text for text in form.get("only", "").replace(",", "\n").splitlines() if text.strip()]
        said = (Word(word), form.get("reason", ""), only)
        await room.reviews.attest(room.keeper.rules, id, permission, visit.person, *said, seen=int(version[:12]))
    except InterlockError as error:
        return f"{error}. {error.hint}".strip()
    return ""


async def _page(room: Room, request: Request, visit: Visit, wrong: str = "") -> Response:
    try:
        campaign = await room.reviews.get(request.path_params["id"])
    except InterlockError:
        return page(room, request, "message.html", visit, 404, says=_NONE)
    items = await _visible(room, visit, campaign)
    if not items:
        return page(room, request, "message.html", visit, 404, says=_NONE)
    rows = [_row(room, item) for item in items]
    rows.sort(key=lambda row: (row["item"].said is not None, bool(row["item"].refused)))
    waits = campaign.state is CampaignState.OPEN and any(item.said is None for item in items)
    late = waits and room.clock.now() >= campaign.due
    status, fresh = 409 if wrong else 200, room.fresh(visit)
    return page(
        room, request, "review.html", visit, status, campaign=campaign, rows=rows, wrong=wrong, fresh=fresh, late=late
    )  # fmt: skip


async def _visible(room: Room, visit: Visit, campaign: Campaign) -> list[Item]:
    """Auditors and administrators see all that is asked, others what they may say something about."""
    items = await room.reviews.items(room.keeper.rules, campaign, visit.person)
    if visit.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
        return list(items)
    return [item for item in items if not item.refused or (item.said is not None and _by(visit, item))]


def _by(visit: Visit, item: Item) -> bool:
    return item.said is not None and item.said.by.key == (visit.person.issuer, visit.person.subject)


def _row(room: Room, item: Item) -> dict[str, Any]:
    """A permission with what its rule says now, and how it stands."""
    rule, record = room.keeper.rules.policy.named.get(item.permission.rule), item.record
    stands = item.until > room.clock.now()
    words = "stands" if stands else "revoked" if record is not None and record.word is Word.REVOKE else "overdue"
    return {
        "item": item,
        "operations": [pattern.text for pattern in rule.patterns] if rule is not None else [],
        "on": ["every connection"] if rule is not None and rule.everywhere else sorted(rule.on) if rule else [],
        "effect": rule.effect.name.lower() if rule is not None else "gone",
        "place": str(rule.place) if rule is not None else "",
        "overdue": rule.attest.overdue.name.lower() if rule is not None and rule.attest is not None else "",
        "words": words,
    }
