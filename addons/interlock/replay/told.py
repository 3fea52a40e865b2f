"""What a recording says of decisions, read fast: of each line only what judging it again needs. Streams, bounded.

Nothing is verified here: `interlock verify` says whether a recording can be believed. What is encrypted is opened where
its key is reachable.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Final

import msgspec

from interlock.recording.chain import open_plain
from interlock.recording.event import MAX_EVENT, parse
from interlock.recording.keys import Unopened
from interlock.recording.opening import opener
from interlock.recording.sealing import Opener, is_sealed
from interlock.recording.session import EVIDENCE

__all__ = ["KINDS", "Counted", "Line", "Lines", "Masked", "Repeated", "Told"]

KINDS: Final = frozenset((b"opened", b"principal", b"rules", b"approval", b"decision", b"reply", b"repeated"))
"""Kinds of events that say something about decisions; lines of others are not even parsed."""
_MARK: Final = b'"kind":"'
_SEALED: Final = b'"sealed":"'


class Masked(msgspec.Struct, gc=False):
    """Where something was masked, and how."""

    place: str = ""
    action: str = ""


class Told(msgspec.Struct, gc=False):
    """The data of a `decision` or a `reply`, which says of a model's proposal what was decided about it.

    `operations` is left as it was written, `operation` names the one that decided. `decision`, of a reply, refers to
    its request.
    """

    effect: str
    reason: str
    rule: str = ""
    rules: str = ""
    method: str = ""
    connection: str = ""
    origin: str = ""
    path: str = ""
    operations: msgspec.Raw = msgspec.Raw(b"[]")
    operation: str = ""
    flow: str = ""
    decision: str = ""
    approval: str = ""
    grants: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    mode: str = ""
    masked: tuple[Masked, ...] = ()


class Counted(msgspec.Struct, gc=False):
    """Refusals that were not written one by one; `first` refers to one like them."""

    count: int = 0
    reason: str = ""
    first: str = ""


class Repeated(msgspec.Struct, gc=False):
    """The data of a `repeated` event."""

    refusals: tuple[Counted, ...] = ()


_At = Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-2][0-9]:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z")]
"""A moment as events write it: readers cut their hours and dates out of it."""


class Line(msgspec.Struct, gc=False):
    """One event; `data` as it was written."""

    at: _At
    kind: str
    data: msgspec.Raw
    seq: int


class Lines:
    """The events of one session. `damaged` counts lines that cannot be read, `bytes` what was read so far.

    `sealed` is why decisions cannot be read that are encrypted, and how many: `sealed`, `erased` or `changed`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoder = msgspec.json.Decoder(Line)
        self._opener: Opener | Unopened | None = None
        self.damaged = 0
        self.bytes = 0
        self.sealed: dict[str, int] = {}

    def __iter__(self) -> Iterator[Line]:
        """Raises OSError when the evidence cannot be opened."""
        decode = self._decoder.decode
        with open_plain(self._folder / EVIDENCE) as file:
            while raw := file.readline(MAX_EVENT + 1):
                self.bytes += len(raw)
                if not raw.endswith(b"\n"):
                    self._unended(file, len(raw))
                    continue
                start = raw.rfind(_MARK) + len(_MARK)
                if raw[start : raw.find(b'"', start)] not in KINDS and raw.endswith(b"}\n"):
                    continue
                if _SEALED in raw:
                    found = self._opened(raw)
                    if found is not None:
                        yield found
                    continue
                try:
                    yield decode(raw)
                except (msgspec.MsgspecError, ValueError, RecursionError):
                    self.damaged += 1

    def _unended(self, file: BinaryIO, size: int) -> None:
        """The end of a file that is still being written, or was torn, is nothing yet; what is too long is damage."""
        self.damaged += size > MAX_EVENT
        while size > MAX_EVENT and (rest := file.readline(MAX_EVENT)) and not rest.endswith(b"\n"):
            self.bytes += len(rest)

    def _opened(self, raw: bytes) -> Line | None:
        """A line that may be encrypted."""
        event, _ = parse(raw.removesuffix(b"\n"))
        if event is None:
            self.damaged += 1
            return None
        if is_sealed(event):
            if self._opener is None:
                self._opener = opener(self._folder.absolute())
            if isinstance(self._opener, Opener):
                event = self._opener.open(event)
            why = event.data.get("sealed") if isinstance(self._opener, Opener) else self._opener.state
            if isinstance(why, str) and event.kind in ("decision", "reply"):
                self.sealed[why] = self.sealed.get(why, 0) + 1
                return None
        return Line(event.at, event.kind, msgspec.Raw(msgspec.json.encode(event.data)), event.seq)
