"""The recorded exchanges of a recording, each with what its evidence says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.recording.flow_reading import RecordedFlow, read_flows
from interlock.recording.session import FLOWS
from interlock.replay.backtest import sessions_of
from interlock.replay.rules_then import RulesThen
from interlock.replay.told import Lines, Told

__all__ = ["Entry", "entries"]

_MOST: Final = 256 << 20
_TRACELESS: Final = frozenset(("fake", "last4", "drop", "nullify"))
_told = msgspec.json.Decoder(Told).decode


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange. `reference` is its decision in the evidence (empty: none was found), `rules` those of the time.

    `forwarded` says that the gateway let it pass. `hidden` are the places of its body that were masked in a way that
    leaves no mark.
    """

    reference: str
    connection: str
    flow: RecordedFlow
    masks: frozenset[str] = frozenset()
    digest: str = ""
    forwarded: bool = False
    hidden: tuple[str, ...] = ()
    rules: Rules | None = field(default=None, repr=False, compare=False)

    @property
    def group(self) -> tuple[str, str, frozenset[str]]:
        """What decides how its request was masked."""
        return self.digest, self.connection, self.masks


def entries(folders: Sequence[Path]) -> Iterator[Entry]:
    """Every exchange with an answer, session by session, in the order of the flow files.

    Raises InterlockError for a recording too large to be kept in memory or one that cannot be opened, OSError.
    """
    then, size = RulesThen(), 0
    for folder in sessions_of(folders):
        known = dict(_decisions(folder))
        for flow in read_flows(folder / FLOWS) if (folder / FLOWS).exists() else ():
            size += len(flow.body) + len(flow.answer)
            if size > _MOST:
                raise InterlockError(f"the recording holds more than {_MOST >> 20} MiB", hint="name single sessions")
            if not flow.status:
                continue
            reference, told, digest = known.get(flow.id, ("", None, ""))
            if told is None:
                yield Entry("", "", flow)
                continue
            hidden = tuple(one.place for one in told.masked if one.action in _TRACELESS and one.place)
            yield Entry(
                reference, told.connection, flow, frozenset(told.masks), digest, told.effect == "permit", hidden,
                then.of(folder.parent, digest),
            )  # fmt: skip


def _decisions(folder: Path) -> Iterator[tuple[str, tuple[str, Told, str]]]:
    """By flow: the reference of its first decision, what was decided, and under which rules."""
    digest, found = "", dict[str, tuple[str, Told, str]]()
    for line in Lines(folder):
        if line.kind in ("opened", "rules"):
            said = msgspec.json.decode(line.data)
            digest = str(said.get("rules", "")) if isinstance(said, dict) else ""
        elif line.kind == "decision":
            try:
                told = _told(line.data)
            except msgspec.MsgspecError:
                continue
            found.setdefault(told.flow, (f"{folder.name}/{line.seq}", told, told.rules or digest))
    yield from found.items()
