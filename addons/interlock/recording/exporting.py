"""A session as other tools read it: what each format's writer is given, and the formats by name.

Writers stream: they take the events of a session and, where bodies are wanted, its flows, and give text piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from interlock.errors import InterlockError
from interlock.recording.event import Event, seconds
from interlock.recording.flow_reading import RecordedFlow, read_flows
from interlock.recording.keyring import VARIABLE
from interlock.recording.reading import SessionSummary, read_events, summarise
from interlock.recording.session import FLOWS

__all__ = ["Export", "Exported", "formats", "nanoseconds"]


@dataclass(frozen=True, slots=True)
class Exported:
    """One session to be written. `events` are the intact ones, in their order; `flows` what was exchanged."""

    folder: Path
    summary: SessionSummary
    product: str = field(default="interlock")

    @classmethod
    def of(cls, folder: Path) -> Exported:
        """The session in a folder. Raises OSError, InterlockError where there is nothing to read."""
        summary = summarise(folder)
        if summary.state in ("empty", "damaged"):
            raise InterlockError(f"session {folder.name} is {summary.state}", hint="interlock verify says more")
        if summary.sealed:
            hint = "its key was destroyed" if summary.sealed == "erased" else f"set {VARIABLE} to the key that encrypts"
            raise InterlockError(f"session {folder.name} is encrypted and {summary.sealed}", hint=hint)
        return cls(folder, summary)

    def events(self) -> Iterator[Event]:
        """The events, one by one, as often as asked. Raises OSError."""
        return (line.event for line in read_events(self.folder) if line.event is not None and not line.fault)

    def flows(self) -> Iterator[RecordedFlow]:
        """The exchanges with their masked bodies. Raises OSError, InterlockError for keys that are not here."""
        path = self.folder / FLOWS
        return read_flows(path) if path.exists() else iter(())


type Export = Callable[[Exported], Iterator[str]]
"""The document, piece by piece. Raises OSError, InterlockError."""


@cache
def formats() -> Mapping[str, Export]:
    """The formats by name."""
    from interlock.recording.export_lines import csv_rows, event_lines
    from interlock.recording.har import har
    from interlock.recording.ocsf import ocsf
    from interlock.recording.otlp import otlp

    return {"har": har, "otlp": otlp, "ocsf": ocsf, "jsonl": event_lines, "csv": csv_rows}


def nanoseconds(at: str) -> int:
    """An event's stamp as nanoseconds since the epoch; 0 for what is none."""
    return round(seconds(at) * 1000) * 1_000_000
