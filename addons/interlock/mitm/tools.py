"""What MCP servers offer: compared with what was pinned, remembered to judge calls by, recorded when it is strange."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from interlock import commands
from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.mitm.refusals import Denied
from interlock.mitm.tool_event import tool_event
from interlock.model import JSON, Decision, Effect, Exchange, Operation
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.mcp_headers import check_parameters
from interlock.protocols.mcp_schema import Hints, commands_by_schema, read_schema
from interlock.protocols.replies import Offer
from interlock.reasons import Reason
from interlock.recording.event import stamp
from interlock.recording.pin_store import PinStore, Verdict
from interlock.settings import Connection

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Toolbox"]

_log = logging.getLogger("interlock")
_SYNC_SECONDS = 1.0
_MAX_TOLD = 20_000
_MAX_SAID = 5_000
_MAX_NAMES = 20_000
_MAX_HINTS = 5_000
_MAX_TWINS = 64
_LOOKS = str.maketrans("01", "ol")
_SEPARATORS = re.compile(r"[_.:/-]")


class Toolbox:
    """Used from the event loop; only the files of pins are read and written by another thread."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._stores: dict[str, PinStore] = {}
        self._told: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._said: OrderedDict[str, int] = OrderedDict()
        self._names: OrderedDict[str, set[tuple[str, str]]] = OrderedDict()
        self._hints: OrderedDict[tuple[str, str], tuple[Hints, ...]] = OrderedDict()

    def use(self, rules: Rules) -> None:
        """Open the pins of the rules' MCP connections; those whose settings did not change stay open."""
        stores: dict[str, PinStore] = {}
        for connection in rules.connections:
            if connection.protocol == "mcp":
                stores[connection.name] = self._store(rules, connection)
        self._stores = stores
        self._hints.clear()

    async def keep(self) -> None:
        """Read and write the files of pins, for ever, beside the requests."""
        while True:
            await asyncio.sleep(_SYNC_SECONDS)
            try:
                await self.sync()
            except Exception as error:  # what is in memory still counts; the next round tries again
                _log.error("pinned tools could not be written (%s)", type(error).__name__)

    async def sync(self, *, ending: bool = False) -> None:
        """Once, where there is something to do; at the end only what has to be written."""
        for name, store in tuple(self._stores.items()):
            if ending and not store.dirty:
                continue
            if not await asyncio.to_thread(lambda store=store: store.due):  # type: ignore[misc]
                continue
            was = store.error
            before = store.snapshot()
            store.adopt(await asyncio.to_thread(store.sync, before), before[0])
            self._hints.clear()
            if store.error is not None and str(store.error) != str(was):
                _log.error("the tools of %s are refused: %s (%s)", name, store.error, store.error.hint)

    # -- answers

    def offered(self, call: Call, offer: Offer) -> bool:
        """Whether a tool may be offered; what is strange about it is recorded once a session. Never raises."""
        contained = call.contained
        store = self._stores.get(contained.connection.name) if contained is not None else None
        if contained is None or store is None:
            return False
        connection = contained.connection.name
        now = stamp(self._services.clock.now())
        verdict = store.offered(offer.name, offer.definition, now, lambda found: self._masked(call, found))
        self._hints.pop((connection, offer.name), None)
        findings = [verdict.finding] if verdict.finding else []
        findings += ["hidden-text"] if offer.hidden else []
        findings += ["accepted"] if verdict.by and not verdict.finding else []
        twins = self._twins(connection, offer.name)
        findings += ["look-alike"] if any(name != offer.name for _, name in twins) else []
        findings += ["shadow"] if any(name == offer.name for _, name in twins) else []
        told = self._tell(call, connection, offer.name, verdict, findings, twins) if findings else True
        return told and verdict.reason is None

    # -- calls

    def check(self, connection: Connection, operations: Sequence[Operation]) -> None:
        """Raises Denied for the call of a tool that changed since it was pinned, or is not pinned and has to be."""
        store = self._stores.get(connection.name)
        if connection.protocol != "mcp":
            return
        for operation in _calls(operations):
            reason = store.called(operation.resource) if store is not None else Reason.PINS_UNREADABLE
            if reason is not None:
                raise _denied(connection.name, operation, reason, store.error if store is not None else None)

    def commands(
        self, exchange: Exchange, connection: Connection, operations: Sequence[Operation]
    ) -> tuple[Operation, ...]:
        """What the schemas of the called tools say that their arguments are. Raises BodyRejected for headers that
        repeat another argument than the schema says.
        """
        if connection.protocol != "mcp":
            return ()
        dialect = next((place.dialect for place in connection.commands if place.language == "sql"), "")
        found: list[Operation] = []
        for operation in _calls(operations):
            for hints in self._known(connection.name, operation.resource):
                check_parameters(exchange, dict(operation.arguments), dict(hints.headers))
                found += commands_by_schema(operation, hints, dialect, commands.analyse)
        return tuple(found)

    # -- parts

    def _masked(self, call: Call, definition: Mapping[str, JSON]) -> Mapping[str, JSON] | None:
        """What of a definition may stand on disk: as any answer that is recorded. Never raises."""
        masker = call.reply.masker if call.reply is not None else None
        try:
            body = encode_json(dict(definition))
            if masker is not None and not masker.empty:
                body = masker.json(body, dict(definition)).body
            found = read_json(self._services.masks.recorded(call, body, request=False))
        except Exception:
            return None
        return found if isinstance(found, dict) else None

    def _store(self, rules: Rules, connection: Connection) -> PinStore:
        said = connection.tools
        file = rules.gateway.recordings / "pins" / f"{connection.name}.json"
        reviewed = rules.folder / said.pins if said.pins else None
        old = self._stores.get(connection.name)
        if old is not None and old.settings == (file, reviewed, said.changed, said.added):
            return old
        store = PinStore(file, reviewed, changed=said.changed, added=said.added)
        if store.error is not None:
            _log.error("the tools of %s are refused: %s (%s)", connection.name, store.error, store.error.hint)
        return store

    def _known(self, connection: str, name: str) -> tuple[Hints, ...]:
        key = connection, name
        found = self._hints.get(key)
        if found is None:
            store = self._stores.get(connection)
            definitions = store.definitions(name) if store is not None else ()
            found = self._hints[key] = tuple(read_schema(entry.get("inputSchema")) for entry in definitions)
            if len(self._hints) > _MAX_HINTS:
                self._hints.clear()  # also called from worker threads: one step, and what is lost is read again
        return found

    def _twins(self, connection: str, name: str) -> list[tuple[str, str]]:
        """Tools whose names are the same on another connection, or look the same on any."""
        skeleton = _SEPARATORS.sub("", name.casefold().translate(_LOOKS))
        known = self._names.setdefault(skeleton, set())
        if len(known) < _MAX_TWINS:
            known.add((connection, name))
        if len(self._names) > _MAX_NAMES:
            self._names.popitem(last=False)
        return sorted(twin for twin in known if twin != (connection, name))[:8]

    def _tell(
        self,
        call: Call,
        connection: str,
        name: str,
        verdict: Verdict,
        findings: list[str],
        twins: list[tuple[str, str]],
    ) -> bool:
        """Record it, once a session; whether it stands in the evidence where there is one."""
        session = call.session
        if session is None:
            return True
        key = (session.id, connection, name, verdict.digest, *findings)
        if key in self._told:
            return True
        said = self._said.pop(session.id, 0) + 1
        self._said[session.id] = said
        if said > _MAX_SAID:
            return False  # a server that changes without end: what cannot be recorded is not offered
        if len(self._said) > _MAX_TOLD:
            self._said.popitem(last=False)
        try:
            session.append("tool", tool_event(call, name, verdict, findings, twins))
        except Refused:
            return False
        self._told[key] = None
        if len(self._told) > _MAX_TOLD:
            self._told.popitem(last=False)
        return True


def _calls(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        for entry in operation.walk():
            if entry.protocol == "mcp" and entry.action.startswith("call:") and not entry.agent:
                yield entry


def _denied(connection: str, operation: Operation, reason: Reason, error: Refused | None) -> Denied:
    remedy = f"a person has to look at it: interlock pins show {connection} {operation.resource}"
    if error is not None:
        remedy = error.hint
    decision = Decision(Effect.FORBID, reason, operation=operation, remedy=remedy)
    return Denied(decision, str(error) if error is not None else "")
