"""Every so often, what advanced goes into the tree, the tree is signed, and the head goes to its anchors.

All of it happens beside the requests: the event loop only hands over what advanced (`Tips.take`), the rest is done in
a worker thread. What cannot be written now waits; it grows with the number of sessions, not with time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.anchor import Sink, Target
from interlock.recording.disk import sync
from interlock.recording.entries import recent_heads
from interlock.recording.event import parse, stamp
from interlock.recording.ledger import HEADS, TREE, Ledger
from interlock.recording.looks import LookLog
from interlock.recording.sender import Sender
from interlock.recording.session import FLOWS
from interlock.recording.tips import Taken
from interlock.recording.vouching import MARGIN, Entry, Watch, changed_since, file_entry, session_entry, tip_of

__all__ = ["Anchoring"]

_log = logging.getLogger("interlock")
_CLOSING = 5.0
_TOGETHER = 50
_PAUSE = 0.002
_SET_BACK = 86_400.0
"""Seconds by which a log may begin before the last word about any: clocks are set back (a wrong zone, a dead battery),
and what is said of a log then stands for good. Whoever dates one back further than that is found.
"""


class Anchoring:
    """The tree of one gateway, its heads and its anchors. `advance` and `close` block: for worker threads."""

    def __init__(
        self,
        folder: Path,
        ledger: Ledger,
        anchors: Sequence[tuple[Sink, Target]],
        clock: Clock,
        *,
        gentle: bool = True,
        durable: bool = False,
        looks: int = 0,
    ) -> None:
        """`looks`: at which size the log of looks turns over (0: never). `gentle`: many entries are written with
        pauses, for the sake of the event loop. `durable`: flows are on the disk before they are vouched for, as events
        are where that is wanted.
        """
        self._durable = durable
        self._looks = LookLog(folder, clock), looks
        self.ledger = ledger
        self._folder = Path(folder)
        self._clock = clock
        self._gentle = gentle
        self._senders = tuple(Sender(sink, target, clock, ledger.stamped) for sink, target in anchors)
        said = max((word.at for word in ledger.words.values()), default="")
        since = stamp(_seconds(said) - _SET_BACK) if said else ""  # no time at all is the earliest one
        self._watch = Watch(self._folder, ledger.words, later=ledger.known, since=since)
        self._broken: set[str] = set()
        self._waiting: dict[tuple[str, str], Entry] = {}
        self._names: set[str] = set()
        self._files: set[Path] = set()
        self._guard = threading.Lock()
        self._begun = False
        self._offered = b""
        self._failed = ""
        self._made = clock.now()

    def advance(self, taken: Taken, *, final: bool = False) -> bool:
        """Vouches for what advanced and offers the head to the anchors. Says whether that worked; never raises.

        What did not is tried again the next time, together with what came since.
        """
        with self._guard:
            try:
                self._look(taken)
                self._write()
                self.ledger.head(final=final)
                line = self.ledger.last  # perhaps of a deletion, or one that an earlier process could not send any more
                line, self._offered = b"" if line == self._offered else line, line
                self._begun = True
            except Exception as error:
                self._watch.forget()
                self._say(error)
                return False
            if self._failed:
                _log.warning("The tree of the recordings goes on")
            self._failed, self._made = "", self._clock.now()
            self._turn_looks()
        for sender in self._senders if line else ():
            sender.offer(line)
        return True

    def close(self, taken: Taken) -> bool:
        """The last head, sent if that works within some seconds. Says whether everything is where it belongs."""
        done = self.advance(taken, final=True)
        end = time.monotonic() + _CLOSING
        sent = [sender.close(max(0.0, end - time.monotonic())) for sender in self._senders]
        self.ledger.close()
        return done and all(sent)

    def health(self) -> dict[str, JSON]:
        """For the health endpoint: seconds since the tree was looked after, whether that fails, every anchor, and the
        logs that were found to be others than they were (since the start).
        """
        anchors: list[JSON] = [sender.health() for sender in self._senders]
        age, broken = round(self._clock.now() - self._made, 1), sorted(self._broken)
        return {"age": age, "failing": bool(self._failed), "anchors": anchors, "broken": [*broken]}

    def _look(self, taken: Taken) -> None:
        """Puts what advanced among what waits to be written; a later word about the same thing replaces the earlier."""
        self._put(session_entry(tip) for tip in taken.sessions)
        for live in taken.sessions if self._durable else ():
            with suppress(OSError):
                sync(self._folder / live.name / FLOWS)
        self._names |= {*taken.names}
        self._files |= {*taken.files}
        if not self._begun:
            self._names |= {*changed_since(self._folder, self._since())}
            self._files |= {*_indexes(self._folder, self._since())}
        self._names -= {name for kind, name in self._waiting if kind == "session"}
        for name in sorted(self._names):
            with suppress(OSError):  # it stays noted
                self._put([session_entry(tip)] if (tip := tip_of(self._folder / name)) is not None else [])
                self._names.discard(name)
        for path in sorted(self._files):
            with suppress(OSError):
                self._put([entry] if (entry := file_entry(self._folder, path)) is not None else [])
                self._files.discard(path)
        self._put(self._watch.changed())

    def _turn_looks(self) -> None:
        """What goes then was vouched for a moment ago, or longer."""
        log, limit = self._looks
        with suppress(OSError):  # the next time
            if limit:
                log.turn(limit)

    def _put(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry.kind == "gone":
                self._waiting.pop(("log", entry.name), None)  # as below
                _log.warning("%s.jsonl is gone: what was shipped there is not known any more", entry.name)
            if entry.kind == "broken":
                self._waiting.pop(("log", entry.name), None)  # what is said of it next comes after this
                self._broken.add(entry.name)
                _log.warning(
                    "%s.jsonl IS NOT THE LOG ANY MORE that the tree vouched for: %s. Somebody replaced, cut or changed"
                    " it. That stands in the tree now, for good, and interlock verify says so",
                    entry.name, entry.data["why"],
                )  # fmt: skip
            self._waiting[entry.kind, entry.name] = entry

    def _write(self) -> None:
        for number, (key, entry) in enumerate(list(self._waiting.items()), start=1):
            self.ledger.add(entry.kind, entry.data)
            del self._waiting[key]
            if self._gentle and number % _TOGETHER == 0:
                time.sleep(_PAUSE)

    def _since(self) -> float:
        """When the last head was made, in seconds since the epoch: of this tree, or of any where it is new; else 0."""
        event, _ = parse(self.ledger.last)
        if event is not None:
            return _seconds(event.at)
        paths = self._folder.glob(f"{TREE}/*/{HEADS}")
        return max((_seconds(heads[-1].at) for path in paths if (heads := recent_heads(path))), default=0.0)

    def _say(self, error: Exception) -> None:
        why = str(error) if isinstance(error, OSError) else type(error).__name__
        if why != self._failed:
            _log.warning("The tree of the recordings cannot be kept: %s", why)
        self._failed = why


def _indexes(folder: Path, moment: float) -> Iterable[Path]:
    """Indexes of runs that were added to since, or shortly before."""
    for path in (folder / ".runs").iterdir() if (folder / ".runs").is_dir() else ():
        if path.stat().st_mtime >= moment - MARGIN:
            yield path


def _seconds(at: str) -> float:
    """Seconds since the epoch; 0 for what looks like a time and is none: whoever wrote it may have been anybody."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except ValueError:
        return 0.0
