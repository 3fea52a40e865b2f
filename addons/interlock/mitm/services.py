"""What the stages share: the rules in force and everything compiled from them, recordings, clock, limits.

Rules are replaced as a whole (`use`): a request is judged from head to end by whatever was in force when it began to
be judged, and a bad edit keeps the last good rules (and says so loudly).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from pathlib import Path
from typing import Any, Literal

from mitmproxy import ctx, http
from mitmproxy.proxy import server_hooks

from interlock.clocks import SystemClock
from interlock.credentials import Injector, prepare
from interlock.engine.judge import Judge, warm
from interlock.engine.masks import MaskerCache
from interlock.engine.recording_keys import gateway_keys
from interlock.engine.routing import Router
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError, Refused
from interlock.identity import Limits as IdentityLimits
from interlock.identity import Verifier, ensure_demo_keys, is_demo
from interlock.identity.fetch import HttpFetch
from interlock.mitm import host
from interlock.mitm.anchors import Anchors
from interlock.mitm.approvals import Approvals
from interlock.mitm.call import Call, Calls
from interlock.mitm.circumstances import Circumstances
from interlock.mitm.clients import Clients
from interlock.mitm.egress import Egress
from interlock.mitm.masks import Masks
from interlock.mitm.mcp_sessions import McpSessions
from interlock.mitm.options import OWN_HOST
from interlock.mitm.proposed import Proposed
from interlock.mitm.refusals import Refusals
from interlock.mitm.restart import needs_start
from interlock.mitm.reviewing import Reviewing
from interlock.mitm.tending import tend
from interlock.mitm.tools import Toolbox
from interlock.mitm.vaults import open_vaults
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording import Limits as RecordingLimits
from interlock.recording import Recordings
from interlock.settings import Connection

__all__ = ["Services"]

_log = logging.getLogger("interlock")
_RELOAD_SECONDS = 1.0


class Services:
    """Built once a gateway; `start` opens what needs an event loop."""

    def __init__(self, rules: Rules, *, clock: Clock | None = None, observe_until: float = 0.0) -> None:
        self.clock: Clock = clock or SystemClock()
        self.calls = Calls()
        self.egress = Egress()
        self.key = secrets.token_bytes(32)
        self.vaults, self.keeper = open_vaults(rules, self.clock)
        self.injects = False
        self.observe_until = 0.0
        self._observe, self._begun = observe_until, rules
        self.recordings: Recordings | None = None
        self.anchors = Anchors(self)
        self.circumstances = Circumstances(self)
        self.refusals = Refusals(self)
        self.tools = Toolbox(self)
        self.mcp_sessions = McpSessions()
        self.approvals = Approvals(self)
        self.proposed = Proposed(self)
        self.reviewing = Reviewing(self)
        self.clients = Clients(self.keep)
        self._tasks: set[asyncio.Task[None]] = set()
        self._fetch = HttpFetch()
        self.use(rules)

    def use(self, rules: Rules) -> None:
        """Put rules in force. Raises InterlockError and changes nothing when they cannot be used."""
        router, judge = Router(rules.connections), Judge(rules)
        masks = Masks(self, MaskerCache(rules, self.key, self.vaults))
        limits = IdentityLimits(max_token=rules.gateway.max_token)
        previous = getattr(self, "verifier", None)
        verifier = Verifier(rules.identities, self._fetch, self.clock, limits=limits, previous=previous)
        injectors = {connection.name: prepare(connection, base=rules.folder) for connection in rules.connections}
        self.rules, self.router, self.judge, self.masks = rules, router, judge, masks
        self.verifier, self.injectors = verifier, injectors
        self.observe_until = self._observe or rules.gateway.observe_until
        self.tools.use(rules)
        if self.recordings is not None:
            self.recordings.rules_digest, self.recordings.quotas.limit = rules.digest, rules.recording.quota

    def check_current(self, connection: Connection) -> None:
        """Raises Refused (RULES_CHANGED) when rules that were taken over meanwhile say something else of it: a request
        is not judged by what some of them and sent by what others say.
        """
        if not self.router.knows(connection):
            raise Refused(Reason.RULES_CHANGED, hint="send it again: it is judged by the rules as they are now")

    def injector(self, name: str) -> Injector:
        """The injector of a connection. Raises Refused (OBLIGATION_MISSING) for a name the rules do not know."""
        try:
            return self.injectors[name]
        except KeyError:
            raise Refused(Reason.OBLIGATION_MISSING) from None

    def observing(self) -> bool:
        """Whether the gateway is learning: what no rule permits passes, marked, until the date that was given."""
        return self.clock.now() < self.observe_until

    # -- life

    async def start(self) -> None:
        """Open the recordings, watch the dials and the rules. Raises Refused when nothing could be recorded."""
        gateway = self.rules.gateway
        durability: Literal["process", "power"] = "power" if gateway.durability == "power" else "process"
        self.recordings = self.recordings or Recordings(
            gateway.recordings,
            self.clock,
            rules_digest=self.rules.digest,
            durability=durability,
            keys=gateway_keys(self.rules),
            limits=RecordingLimits(
                sessions=gateway.limits.sessions,
                flows=gateway.limits.recording_queue,
                refusal_bytes=gateway.limits.refusal_log,
                quota=self.rules.recording.quota,
            ),
        )
        self.recordings.tips.awaited = True  # what is refused from here on waits for the tree to turn its log over
        await asyncio.to_thread(self.circumstances.keep, self.rules)
        await self.anchors.start()
        ensure_demo_keys(self.rules.identities)
        await asyncio.to_thread(warm)
        self.egress.install()
        self.approvals.start()
        await self.reviewing.start()
        for work in (self._watch_rules(), tend(self), self.tools.keep(), self.keeper.tidy()):
            self.keep(work)

    async def stop(self) -> None:
        """Close the recordings and end the background work."""
        await self.approvals.stop()
        await self.reviewing.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self.tools.sync(ending=True)
        self.keeper.close()
        self.egress.uninstall()
        if self.recordings is not None:
            self.recordings.close()
            await self.anchors.stop()
            self.recordings = None

    def recorder(self) -> Recordings:
        """The open recordings. Raises Refused (RECORDING_UNAVAILABLE)."""
        if self.recordings is None:
            raise Refused(Reason.RECORDING_UNAVAILABLE)
        return self.recordings

    # -- connections

    def admit(self, client: Any) -> None:
        """Count a client connection in. Raises Refused above the limit."""
        self.clients.admit(client, self.rules.gateway.limits.connections)
        host.lift_upstream_limit(ctx.master, client)

    def left(self, client: Any) -> None:
        """Count a client connection out; nobody waits on it any more."""
        self.clients.release(client)
        self.approvals.left(client)

    async def check_dial(self, data: server_hooks.ServerConnectionHookData) -> None:
        """Only origins of a connection are dialled, at addresses it may have. Raises Refused."""
        server = data.server
        if server.address is None or server.transport_protocol != "tcp" or server.via is not None:
            raise Refused(Reason.UNKNOWN_HOST)
        name, port = server.address[0], server.address[1]
        if name == OWN_HOST:
            raise Refused(Reason.UNKNOWN_HOST)
        connection = self.router.dial(name, port, tls=bool(server.tls))
        await self.egress.check(name, port, connection.addresses)

    def own(self, call: Call, flow: http.HTTPFlow, path: str, placement: str) -> None:
        """Note that the request is for the gateway itself; the endpoints answer it."""
        call.marks["own"] = path.partition("?")[0] or "/"
        call.marks["placement"] = placement

    # -- background

    def keep(self, work: Any) -> None:
        """Run a coroutine beside the requests until it ends or the gateway stops."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _take_over(self, rules: Rules) -> None:
        """Use edited rules. Raises InterlockError for what can only be judged when the gateway starts."""
        if is_demo(rules.identities) and not is_demo(self.rules.identities):
            raise InterlockError(
                "an issuer was marked demo: whoever reads its key is anyone, so that takes a start on loopback",
                hint="start the gateway anew, or take the demo issuer out of the rules",
            )
        self.use(rules)

    async def _watch_rules(self) -> None:
        """Take an edited rules folder over when it is good as a whole; keep the last good rules when it is not."""
        seen = _stamp(self.rules.folder)
        while True:
            await asyncio.sleep(_RELOAD_SECONDS)
            now = await asyncio.to_thread(_stamp, self.rules.folder)
            if now == seen:
                continue
            seen = now
            try:
                rules = await asyncio.to_thread(load_rules, self.rules.folder)
                self._take_over(rules)
                await asyncio.to_thread(self.circumstances.keep, rules)
                _log.warning("Interlock took over changed rules (digest %s)", rules.digest[:12])
                if waiting := needs_start(self._begun, rules):
                    _log.error("Interlock has to be started anew before these count: %s", ", ".join(waiting))
            except InterlockError as error:
                _log.error("Interlock keeps the last good rules; the changed ones cannot be used:\n%s", error)
            except Exception as error:
                _log.error("Interlock keeps the last good rules (%s)", type(error).__name__)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    try:
        files = sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")])
        return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files for stat in (file.stat(),))
    except OSError:
        return ()
