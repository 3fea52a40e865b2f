"""The recordings folder of one gateway: opens a session for each run of each principal, and keeps it bounded."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from interlock import __version__
from interlock.errors import InterlockError, Refused
from interlock.model import JSON, Principal
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.beginning import continued, write_new
from interlock.recording.commit import Committer
from interlock.recording.folder import discard
from interlock.recording.held import Held, prepare
from interlock.recording.keyring import Keyring
from interlock.recording.keys import KEY, Master, digest
from interlock.recording.limits import Limits
from interlock.recording.quota import Quotas, Sizes
from interlock.recording.recovery import Recovered, Recovery
from interlock.recording.refusals import RefusalLog
from interlock.recording.runs import Runs
from interlock.recording.session import HINT, SALT, Session
from interlock.recording.shared import Shared
from interlock.recording.ulid import Ulids
from interlock.recording.writer import FlowWriter

__all__ = ["Recordings"]

_SALT_BYTES = 32
_FORMAT = 2
type _Key = tuple[str, str, str]


class Recordings:
    """Everything a gateway records. Used from one thread (the event loop); flows are written by another.

    `rules_digest` may be set anew when the rules change: it is bound into every session opened from then on, as is
    `tree`, the name of the Merkle tree that vouches for them (empty: none does). `tips` says what advanced.
    `durability` is `process` (survives the gateway's death) or `power` (`Session.durable` waits for the disk).
    With `keys`, what is recorded is encrypted. Raises Refused (RECORDING_UNAVAILABLE) when the folder cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        rules_digest: str = "",
        limits: Limits | None = None,
        durability: Literal["process", "power"] = "process",
        keys: Keyring | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.rules_digest = rules_digest
        self.tree = ""
        self._clock = clock
        self._limits = limits or Limits()
        self._commit = Committer() if durability == "power" else None
        self._ulids = Ulids(clock)
        self._doubts = {"durable"} if self._commit is not None else set[str]()
        self._writer = FlowWriter(flows=self._limits.flows, weight=self._limits.flow_bytes, doubts=self._doubts)
        self._runs = Runs(self.folder, keys)
        self._master: Master | None = None
        self._shared = Shared(
            clock, self._writer, self._limits, self._commit, Held(self.folder), self.healthy, self._doubts
        )
        self.tips = self._shared.tips
        self._refusals = RefusalLog(
            self.folder, clock, self._limits, commit=self._commit, tips=self.tips, doubts=self._doubts
        )
        self.quotas = Quotas(self.folder, self._limits.quota, clock, self._runs.whose)
        self._recovery = Recovery(self.folder, clock, sync=self._commit is not None)
        self._live: OrderedDict[_Key, Session] = OrderedDict()
        self._closed = False
        self._prepare(keys)

    def _prepare(self, keys: Keyring | None) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if keys is not None:
                keys.rewrap()
                self._master = keys.current()
            self._runs.prepare()
            prepare(self.folder)
        except InterlockError as error:
            raise Refused(Reason.RECORDING_UNAVAILABLE, str(error), hint=error.hint) from None
        except OSError as error:
            raise _refused(error) from None

    def healthy(self) -> bool:
        """Whether new requests can be recorded: the flow writer keeps up, and the refusal log can be written."""
        if self._closed or not self._writer.healthy:
            return False
        return (self._refusals.failed is None and self._commit is None) or self._refusals.healthy()

    def session(self, principal: Principal, run: str = "") -> Session:
        """The live session of a principal's run, opened with the first use.

        Without a run id: one a principal, until it was idle for a while. A run id of an earlier process gets a new
        folder whose first event names the old one. Raises Refused: RUN_REFUSED for another principal's or a
        malformed run id, RECORDING_UNAVAILABLE when no folder can be made, RECORDING_QUOTA when its room is used up.
        """
        key = principal.issuer, principal.subject, run
        session = self._live.get(key)
        now = self._clock.monotonic()
        if session and not session.lost and (run or now - session.used < self._limits.idle):
            session.used = now
            self._live.move_to_end(key)
        else:
            session = self._open(key, principal, session)
        self.quotas.charge(session)
        return session

    def refusal(self, data: Mapping[str, JSON]) -> str:
        """Notes the refusal of somebody who has no session and returns a reference (empty: only counted).

        Never raises; what cannot be written makes `healthy` False. `data` holds `reason` and `peer`, the client's
        address without its port: equal ones within a window are counted, not repeated.
        """
        return self._refusals.add(data)

    def recover(self) -> list[Recovered]:
        """Closes what dead gateways left open in this folder. To be called in a thread, at the start and now and then.

        Never raises; what cannot be closed now is tried the next time.
        """
        return self._recovery.run(lambda recovered: self.tips.name(recovered.name))

    def measure(self) -> Sizes | None:
        """How much every session takes on the disk, for `sweep`. To be called in a thread, now and then."""
        return self.quotas.count()

    def sweep(self, sizes: Sizes | None = None) -> None:
        """Closes sessions that were idle for too long; a run goes on in a new folder. To be called now and then.

        Only what is closed is shipped, kept for its time and erased, however long the gateway runs.
        """
        self.quotas.settle(sizes, [*self._live.values()])
        now, limits = self._clock.monotonic(), self._limits
        for key, session in [*self._live.items()]:
            if session.used <= now - (limits.run_idle if key[2] else limits.idle):
                self._live.pop(key).close("idle")
        surplus = len(self._shared.ending) - limits.sessions
        for number, session in enumerate([*self._shared.ending.values()]):
            if number < surplus or session.used <= now - limits.idle:
                session.close("idle")

    def close(self) -> bool:
        """Closes every session, writes the flows still queued (for a bounded time) and the counted refusals.

        Says whether everything could be written. Afterwards every append is refused.
        """
        if self._closed:
            return True
        self._recovery.stop()
        self.quotas.stop()
        self._shared.gathering.now()
        written = self._writer.close(self._limits.closing)
        for session in [*self._live.values(), *self._shared.ending.values()]:
            written = session.close("shutdown") and written
        self._shared.held.close()
        self._refusals.close()
        if self._commit is not None:
            written = self._commit.close(self._limits.closing) and written
        self._live.clear()
        self._closed = True
        self._doubts.add("closed")
        return written

    def _open(self, key: _Key, principal: Principal, old: Session | None) -> Session:
        if not self.healthy():
            raise Refused(Reason.RECORDING_UNAVAILABLE, hint=HINT)
        run, owner = key[2], self._runs.owner(principal.issuer, principal.subject)
        account = self.quotas.account(owner, f"{principal.subject} ({principal.issuer})")
        self.quotas.check(account)
        if run:
            self._runs.check(run, owner)
        if old:
            self._live.pop(key).close("idle")
        self.sweep()
        while len(self._live) >= self._limits.sessions:
            self._live.popitem(last=False)[1].close("evicted")
        session = self._live[key] = self._begin(principal, run, owner)
        session.account = account
        return session

    def _begin(self, principal: Principal, run: str, owner: str) -> Session:
        name = self._ulids.new()
        key, kept = (None, b"") if self._master is None else self._master.make(name)
        salt = secrets.token_bytes(_SALT_BYTES) if key is None else key.salt
        opened: dict[str, JSON] = {
            "format": _FORMAT,
            "gateway": __version__,
            "identity": principal.identity,
            "issuer": principal.issuer,
            "rules": self.rules_digest,
            "run": run,
            "salt": hashlib.sha256(salt).hexdigest(),
            "session": name,
            "subject": principal.subject,
        }
        if self.tree:
            opened["tree"] = self.tree
        secret = self.folder / name / (SALT if key is None else KEY)
        if key is None:
            kept = salt.hex().encode() + b"\n"
        else:
            opened |= {"key": digest(kept), "whose": owner}
        session = Session(name, self._folder(name, secret, kept), salt, self._shared, key)
        index = self._runs.files(run)
        try:
            for file in index[:1]:
                self.tips.file(file)
            previous = self._runs.claim(run, owner, name) if run else ""
            gap = continued(self.folder / previous, opened) if previous else None
            fresh = secret, self.folder, *self._shared.held.files(), *index
            session.begin(opened, fresh)
            if gap:
                session.note("gap", gap)
        except Refused:
            session.discard()
            raise
        return session

    def _folder(self, name: str, secret: Path, kept: bytes) -> Path:
        folder, held = self.folder / name, self._shared.held
        try:
            held.begin(name)
            folder.mkdir(mode=0o700)
            write_new(secret, kept)
        except OSError as error:
            discard(folder)
            held.end(name)
            raise _refused(error) from None
        return folder


def _refused(error: OSError) -> Refused:
    message = f"the recordings folder cannot be used ({error.strerror or error})"
    return Refused(Reason.RECORDING_UNAVAILABLE, message, hint=HINT)
