"""Runs the console: rules, store, desk and pages, on a loopback or TLS listener, until it is told to end."""

from __future__ import annotations

import secrets
from pathlib import Path

import uvicorn

from interlock.access.campaigns import Campaigns
from interlock.approval.desk import Desk
from interlock.clocks import SystemClock
from interlock.console.app import create_app
from interlock.console.archive import Archive
from interlock.console.keeper import Keeper
from interlock.console.listening import listening
from interlock.console.live import Bell
from interlock.console.oidc import Issuer
from interlock.console.room import Room
from interlock.console.usage import Counted
from interlock.console.visits import Visits
from interlock.engine.notifying import notified
from interlock.engine.recording_keys import reach_keys
from interlock.engine.rules import Rules, load_rules
from interlock.engine.stores import store_url
from interlock.errors import InterlockError
from interlock.identity import is_demo
from interlock.identity.fetch import HttpFetch
from interlock.ports import ApprovalStore
from interlock.ports_reviews import ReviewStore
from interlock.recording.review_log import ApprovalLog, ReviewLog
from interlock.store.opening import open_reviews, open_store

__all__ = ["open_room", "serve"]


def open_room(folder: Path, rules: Rules, store: ApprovalStore, reviews: ReviewStore) -> Room:
    """Everything the pages need. Raises InterlockError where nobody could sign in, or anybody from elsewhere."""
    clock, console = SystemClock(), rules.console
    demo = not console.identity and is_demo(rules.identities)
    if demo and not console.listen.loopback:
        hint = "write console: {sign_in: ...}, or listen on 127.0.0.1"
        raise InterlockError("a console with a demo sign-in listens on this machine only", hint=hint)
    if not console.listen.loopback and not console.certificate:
        hint = "write console: {certificate: FILE.pem}, or listen on 127.0.0.1 behind a proxy that has one"
        raise InterlockError("a console that others reach needs TLS", hint=hint)
    archive = Archive(rules.gateway.recordings, clock)
    return Room(
        keeper=Keeper(folder, rules),
        desk=Desk(
            store,
            clock,
            gateway="console",
            targets=notified(rules),
            console=console.url,
            evidence=ApprovalLog(rules.gateway.recordings, clock).add_here,
        ),
        visits=Visits(clock, console.session),
        bell=Bell(store.changes),
        clock=clock,
        archive=archive,
        counted=Counted(archive, clock),
        reviews=Campaigns(reviews, clock, ReviewLog(rules.gateway.recordings, clock).add_here),
        issuer=None if demo else Issuer(rules, HttpFetch(), clock),
        door=f"{secrets.randbelow(10**8):08d}" if demo else "",
    )


async def serve(folder: Path, *, say: object = print) -> None:
    """Serve until SIGINT or SIGTERM. Raises InterlockError or OSError when it cannot begin."""
    rules = load_rules(folder)
    reach_keys(rules)
    store = await open_store(store_url(rules), base=rules.folder.parent)
    reviews = await open_reviews(store_url(rules), base=rules.folder.parent)
    try:
        room = open_room(folder, rules, store, reviews)
        console = rules.console
        certificate = str(rules.folder.parent / console.certificate) if console.certificate else None
        config = listening(create_app(room), console.listen.host, console.listen.port, certificate)
        if callable(say):
            say(f"the console is at {console.url}")
            if room.door:
                say(f"demo sign-in: the code is {room.door}")
        await uvicorn.Server(config).serve()
    finally:
        await reviews.close()
        await store.close()
