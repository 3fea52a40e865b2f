"""Who looked at recordings: a chained log of its own, `looks.jsonl`, that each look adds a line to.

Every terminal and console that shows what agents did takes the file under a lock for one event. A gateway turns it over
at a size (`recording: looks`), once its tree vouches for all that goes then; two halves are kept, so nobody fills a
disk by looking.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from interlock.errors import Refused
from interlock.model import JSON
from interlock.ports import Clock
from interlock.reasons import Reason
from interlock.recording.bounded import Bounded
from interlock.recording.canonical import Uncanonical
from interlock.recording.chain import Chain
from interlock.recording.disk import in_turn
from interlock.recording.log_file import goes_on, last_event, rotated

__all__ = ["LOOKS", "LookLog", "operating_user"]

LOOKS = "looks"
_MOST_BYTES = 1 << 30
"""Where nobody's tree vouches for it: then it turns over all the same."""

_MAX_WORD = 256
_PATIENCE = 5.0


def operating_user() -> str:
    """Who runs this process, as the operating system knows them: name and number. Never raises."""
    number = os.getuid()
    try:
        import pwd

        return f"{pwd.getpwuid(number).pw_name} ({number})"
    except (KeyError, ImportError):
        return f"({number})"


class LookLog:
    """The log of a recordings folder. `add` blocks for about a millisecond: from an event loop, call it in a thread."""

    def __init__(self, folder: Path, clock: Clock, *, limit: int = _MOST_BYTES) -> None:
        self.path = folder / f"{LOOKS}.jsonl"
        self._clock = clock
        self._limit = limit

    def add(self, who: str, how: str, what: Mapping[str, JSON]) -> str:
        """Writes that `who` looked, by which command or page (`how`), at what: sessions, filters. Returns its
        reference, `looks/<number>`. Raises Refused (RECORDING_UNAVAILABLE): whoever shows something decides then.
        """
        bounded = Bounded(what)
        data: dict[str, JSON] = {"how": how[:_MAX_WORD], "what": bounded.members, "who": who[:_MAX_WORD]}
        try:
            with self._locked():
                return f"{LOOKS}/{self._append(data)}"
        except (OSError, Uncanonical) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise Refused(Reason.RECORDING_UNAVAILABLE, f"{self.path.name} cannot be written ({why})") from None

    def turn(self, limit: int) -> bool:
        """Turns the log over if it has reached a size, so that its older half goes. Says whether it did.

        Only for who has just vouched for all of it. Raises OSError.
        """
        if not self.path.exists() or self.path.stat().st_size < limit:
            return False
        chain, now = Chain(self.path), self._clock.now()
        with self._locked():
            try:
                if not goes_on(chain, now) or chain.size < limit:
                    return False
                chain = self._turn(chain, now)
            finally:
                chain.release()
        return True

    def _append(self, data: Mapping[str, JSON]) -> int:
        chain, now = Chain(self.path), self._clock.now()
        try:
            if not goes_on(chain, now):
                chain.seq, chain.head = last_event(rotated(self.path))  # killed in the middle of a turn
                self._begin(chain, now)
            elif chain.size >= self._limit:
                chain = self._turn(chain, now)
            return chain.append("look", data, now)
        finally:
            chain.release()

    def _turn(self, old: Chain, now: float) -> Chain:
        """The current half becomes the older one; the new one goes on from its end."""
        old.release()
        self.path.replace(rotated(self.path))
        chain = Chain(self.path)
        chain.seq, chain.head = old.seq, old.head
        self._begin(chain, now)
        return chain

    @staticmethod
    def _begin(chain: Chain, now: float) -> None:
        chain.create()
        chain.append("opened", {"continues": chain.seq, "log": LOOKS}, now)

    def _locked(self) -> AbstractContextManager[None]:
        return in_turn(self.path.with_name(f".{LOOKS}.lock"), _PATIENCE)
