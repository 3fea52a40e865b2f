"""Sends tree heads to one anchor, in a thread of its own: what is slow or away holds up neither traffic nor the others.

`heads.jsonl` is the queue. A later head vouches for all that an earlier one did, so the newest is all that waits:
nothing grows while an anchor is away, and after a restart the last head is sent again.
"""

from __future__ import annotations

import base64
import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.anchor import Sink, Target

__all__ = ["Sender"]

_log = logging.getLogger("interlock")
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0


class Sender:
    """One anchor. `stamped` is told what it answered (head, anchor, base64), where it answers anything."""

    def __init__(self, sink: Sink, target: Target, clock: Clock, stamped: Callable[[bytes, str, str], None]) -> None:
        self._sink = sink
        self._target = target
        self._clock = clock
        self._stamped = stamped
        self._changed = threading.Condition()
        self._line = b""
        self._since = 0.0
        self._anchored = 0.0
        self._failures = 0
        self._busy = False
        self._closing = False
        self._hurry = False
        self._thread: threading.Thread | None = None

    def offer(self, line: bytes) -> None:
        """A new head; one that still waits is passed over for it."""
        with self._changed:
            if not self._line and not self._busy:
                self._since = self._clock.now()
            self._line = line
            if self._thread is None:
                name = f"interlock-anchor-{self._sink.name}"
                self._thread = threading.Thread(target=self._run, name=name, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def health(self) -> dict[str, JSON]:
        """For the health endpoint: seconds since a head was kept there (None: never), and since one waits to be."""
        now = self._clock.now()
        with self._changed:
            waits = self._line or self._busy
            return {
                "to": self._sink.name,
                "age": round(now - self._anchored, 1) if self._anchored else None,
                "waiting": round(max(0.0, now - self._since), 1) if waits else 0.0,
                "failing": self._failures > 0,
            }

    def close(self, seconds: float) -> bool:
        """Sends what still waits, for at most so long, and tries what failed once more. Says whether nothing waits."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            before = self._failures
            self._changed.wait_for(lambda: (not self._line and not self._busy) or self._failures > before, seconds)
            done = not self._line and not self._busy
            self._closing = True
            self._changed.notify_all()
        if not done:
            _log.warning(
                "The last tree head was not kept by the anchor %s; it is sent at the next start", self._sink.name
            )
        return done

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line or self._closing)
                rest = self._anchored + self._target.every - self._clock.now() if self._anchored else 0.0
                if rest > 0:
                    self._changed.wait_for(lambda: self._hurry or self._closing, rest)
                if self._closing:
                    return
                line, self._line, self._busy = self._line, b"", True
            sent = self._send(line)
            with self._changed:
                self._busy = False
                if sent:
                    self._anchored, self._failures = self._clock.now(), 0
                    self._since = self._anchored
                else:
                    self._line = self._line or line
                    self._failures += 1
                self._changed.notify_all()
                if not sent:
                    wait = min(_FIRST_WAIT * 2 ** min(self._failures - 1, 10), _LONGEST_WAIT)
                    self._changed.wait_for(lambda: self._closing or self._hurry, wait)

    def _send(self, line: bytes) -> bool:
        try:
            proof = self._sink.send(line, self._target, self._clock.now())
        except Exception as error:
            self._say(error)
            return False
        if proof:
            with suppress(OSError):  # the next one is noted; that one is proven where it was given
                self._stamped(line, self._sink.name, base64.b64encode(proof).decode())
        if self._failures:
            _log.warning("The anchor %s keeps tree heads again", self._sink.name)
        return True

    def _say(self, error: Exception) -> None:
        """Loud the first time, and whenever the waiting has doubled. (An error at the start would end mitmproxy.)"""
        if self._failures & (self._failures - 1) == 0:
            why = str(error) if isinstance(error, InterlockError | OSError) else type(error).__name__
            _log.warning("The anchor %s does not keep tree heads: %s", self._sink.name, why)
