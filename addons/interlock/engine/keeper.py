"""What happens to recordings later, in a thread of its own with an event loop of its own: shipped, then deleted.

Nothing here is in the way of a request, nor of a start: mitmproxy ends when an error is logged meanwhile, so these are
warnings. Every pass is bounded and goes on where the disk says, so a process that dies
in the middle of one loses nothing; what failed is said once, and tried again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from interlock.engine.rules import Rules
from interlock.engine.ship_places import open_place
from interlock.engine.steady import Steady
from interlock.ports import Clock
from interlock.recording.deletion import Deletion, Order, Tombstones
from interlock.recording.dossier import held_by, look_into
from interlock.recording.keyring import Keyring
from interlock.recording.retention import Verdict, verdict, verdicts
from interlock.recording.shipment import Shipments, order_removal
from interlock.recording.shipping import Passed, Shipper
from interlock.settings import Keeping, ShipSpec

__all__ = ["Keeper", "Passes", "deletions"]

_log = logging.getLogger("interlock")
_EVERY: Final = 5.0
_RETAIN_EVERY: Final = 600.0
_SESSIONS: Final = 100
_TOGETHER: Final = 10
_PAUSE: Final = 0.002


def deletions(folder: Path, ledger: Tombstones) -> Deletion:
    """What deletes in a recordings folder: what was erased here is to go where it was shipped, too."""

    def after(order: Order) -> None:
        if order.what != "session":  # what a place keeps of sessions that retention deletes here is its own matter
            order_removal(folder, order.session, order.what)

    return Deletion(folder, ledger, after)


class Passes:
    """The passes themselves: what `interlock ship` and `interlock retain` run once, and a gateway again and again."""

    def __init__(self, rules: Rules, clock: Clock, *, folder: Path | None = None, keys: Keyring | None = None) -> None:
        self.folder = folder or rules.gateway.recordings
        self._clock = clock
        self._keys = keys
        self._shippers: dict[str, tuple[ShipSpec, Shipper]] = {}
        self._readers: dict[str, Shipper] = {}
        self.rules = rules

    @property
    def keeping(self) -> Keeping:
        """What the rules say now."""
        return self.rules.recording.keeping

    async def ship(
        self, limit: int, stop: Callable[[], bool] = lambda: False, *, now: bool = False
    ) -> dict[str, Passed]:
        """One pass for each place, by its id. Never raises: a place that cannot be used says so in its result."""
        found: dict[str, Passed] = {}
        for name in set(self._shippers) - {spec.id for spec in self.keeping.ship}:
            self._shippers.pop(name)[1].close()
        for spec in self.keeping.ship:
            if stop():
                break
            try:
                found[spec.id] = await self._shipper(spec, hold=bool(limit)).run(limit, stop, now=now)
            except OSError as error:
                found[spec.id] = Passed(failed=error.strerror or str(error))
        return found

    def verdicts(self, *, gentle: bool = False) -> Iterator[Verdict]:
        """What is to become of each session. Raises OSError for the folder itself."""
        self._readers.clear()
        return verdicts(
            self.folder, self.keeping, self._clock.now(), keys=self._keys, shipped=self._shipped, gentle=gentle
        )

    def goes(self, session: str) -> bool:
        """Whether a session is to be deleted by the rules as they are now, however it was found before."""
        dossier = look_into(self.folder / session, self._keys, gentle=True)
        return verdict(dossier, self.keeping, self._clock.now(), self._shipped).fate == "goes"

    def held(self, session: str) -> bool:
        """Whether a hold is on a session now."""
        holds = self.keeping.holds
        return bool(holds) and held_by(holds, look_into(self.folder / session, self._keys, gentle=True)) is not None

    def close(self) -> None:
        """Lets other processes ship."""
        for _, shipper in self._shippers.values():
            shipper.close()
        self._shippers.clear()

    def _shipped(self, name: str) -> bool:
        """Whether a session lies wherever it is to be; while another process ships there, what its ledger says."""
        for spec in self.keeping.ship:
            try:
                if not self._shipper(spec, hold=False).has(name):
                    return False
            except OSError:
                return False
        return True

    def _shipper(self, spec: ShipSpec, *, hold: bool = True) -> Shipper:
        known = self._shippers.get(spec.id)
        if known is not None and known[0] == spec:
            return known[1]
        if known is not None:
            self._shippers.pop(spec.id)[1].close()
        try:
            shipments = Shipments(self.folder, spec.id, self._clock)
        except BlockingIOError:
            if hold:
                raise
            if spec.id not in self._readers:
                self._readers[spec.id] = self._made(spec, Shipments(self.folder, spec.id, self._clock, hold=False))
            return self._readers[spec.id]
        self._shippers[spec.id] = spec, self._made(spec, shipments)
        return self._shippers[spec.id][1]

    def _made(self, spec: ShipSpec, shipments: Shipments) -> Shipper:
        place = partial(open_place, spec, self.rules)
        return Shipper(self.folder, shipments, place, self._clock, flows=spec.flows, keys=spec.keys, every=spec.every)


class Keeper:
    """The thread. `rules` says what is in force; the folder is that of the rules it began with."""

    def __init__(
        self,
        rules: Callable[[], Rules],
        ledger: Tombstones | None,
        clock: Clock,
        *,
        keys: Keyring | None = None,
        every: float = _EVERY,
    ) -> None:
        self._rules = rules
        self._keys = keys
        self._passes = Passes(rules(), clock, keys=keys)
        self._deletion = deletions(self._passes.folder, ledger) if ledger is not None else None
        self._every = every
        self._clock = clock
        self._stopping = threading.Event()
        self._retained: float | None = None
        self._finished = False
        self._steady: Steady | None = None
        self._failed = ""
        self._thread = threading.Thread(target=self._run, name="interlock-keeper", daemon=True)

    def start(self) -> None:
        """Begins. A machine that has no thread left keeps everything, and is told."""
        try:
            self._thread.start()
        except RuntimeError:
            _log.warning("Interlock ships and deletes no recordings: there is no thread to be had")

    def stop(self, seconds: float) -> None:
        """Ends soon, and waits at most so long; what was begun is finished by the next gateway."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        if self._keys is not None and (closed := self._keys.closed()):
            _log.warning("%d keys of recordings are not wrapped by any key that the rules name", closed)
        while not self._stopping.is_set():
            try:
                asyncio.run(self._once())
                self._failed = ""
            except Exception as error:
                if self._failed != type(error).__name__:
                    self._failed = type(error).__name__
                    _log.warning("Interlock cannot look after the recordings now (%s); it goes on trying", self._failed)
            self._stopping.wait(self._every)
        with suppress(Exception):
            self._passes.close()

    async def _once(self) -> None:
        """One pass of everything. Raises OSError, InterlockError."""
        self._passes.rules = self._rules()
        if not self._finished and self._deletion is not None:
            self._finished = True
            self._finish(self._deletion)
        if self._passes.keeping.ship:
            await self._passes.ship(_SESSIONS, self._stopping.is_set)
        due = self._retained is None or self._clock.monotonic() - self._retained >= _RETAIN_EVERY
        if due and self._passes.keeping.retain and self._deletion is not None:
            self._retain(self._deletion)
            self._retained = self._clock.monotonic()

    def _finish(self, deletion: Deletion) -> None:
        """What a dead gateway began; what cannot be deleted now stays for the next start, and nothing waits for it."""
        try:
            for order in deletion.finish(self._passes.held):
                _log.warning("Interlock finished deleting %s of %s", order.what, order.session)
        except OSError as error:
            _log.warning("Interlock cannot finish deleting what was begun (%s)", error.strerror)

    def _retain(self, deletion: Deletion) -> None:
        count, failed = 0, list[str]()
        self._steady = self._steady or Steady.since(self._passes.folder, self._clock, self._keys)
        if not self._steady.believed():
            return
        for number, found in enumerate(self._passes.verdicts(gentle=True)):
            if self._stopping.is_set() or count >= _SESSIONS:
                break
            if number % _TOGETHER == _TOGETHER - 1:
                time.sleep(_PAUSE)
            if found.fate != "goes":
                continue
            self._passes.rules = self._rules()  # a hold may have come while this went through the others
            if not self._passes.goes(found.session):
                continue
            try:
                deletion.carry_out(Order(found.session, "session", found.why, found.rule))
                count += 1
            except OSError as error:
                failed.append(f"{found.session} ({error.strerror})")
        if count:
            _log.warning("Interlock deleted %d sessions whose time was over", count)
        if failed:
            _log.warning("Interlock cannot delete %d sessions whose time is over: %s", len(failed), failed[0])
