"""Chat and mail services, over a hundred of them, through Apprise: its URL says which, and holds what it needs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from interlock.approval.notifier import Message, Notifier
from interlock.model import JSON

__all__ = ["PART", "sentences"]

_TIMEOUT = 30.0
_SAYS = {
    "pending": "waits for a decision",
    "reminder": "still waits for a decision",
    "approved": "was approved",
    "denied": "was denied",
    "expired": "expired: nobody decided in time",
    "withdrawn": "was withdrawn: nobody waits for it any more",
    "granted": "was granted",
    "revoked": "was revoked",
}


def sentences(body: Mapping[str, JSON]) -> tuple[str, str]:
    """A title and a few lines for people."""
    operations = body.get("operations")
    names = [str(name) for name in operations] if isinstance(operations, list) else [str(body.get("operation", ""))]
    what = f"{', '.join(names)} on {body.get('connection', '')}"
    title = f"Interlock: {what} {_SAYS.get(str(body.get('event')), 'changed')}"
    who = str(body.get("requester") or body.get("holder") or "")
    lines = [f"Asked by {who}" + (f" for {body['acting_for']}" if body.get("acting_for") else "")]
    if body.get("kind") == "break-glass":
        lines.append("Break-glass: two people have to agree.")
    if body.get("content_unseen"):
        lines.append("It runs content that nobody has seen.")
    for name, says in (("expires", "Decide before"), ("until", "Until")):
        if isinstance(moment := body.get(name), int | float):
            lines.append(f"{says} {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC")
    if body.get("link"):
        lines.append(str(body["link"]))
    return title, "\n".join(lines)


async def _send(message: Message, url: str, secret: str) -> None:
    """One service, plain text. Whatever goes wrong is an OSError that names nothing of the URL."""
    import apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log URLs, which are secrets
    service = apprise.Apprise()
    if not service.add(url):
        raise OSError("Apprise does not know a service by this URL")
    title, body = sentences(message.body)
    async with asyncio.timeout(_TIMEOUT):
        told = await service.async_notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    if not told:
        raise OSError("the service that Apprise calls did not take the message")


PART = Notifier("apprise", _send)
