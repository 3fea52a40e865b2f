"""What `interlock check` says of recorded calls: which rules would match what in them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from interlock.engine.rules import Rules
from interlock.engine.survey import Seen, Survey, survey
from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.recording import read_events
from interlock.recording.flow_reading import RecordedFlow, read_flows
from interlock.recording.ulid import is_ulid

__all__ = ["SAMPLES", "folders_of", "lines", "look", "samples_of", "to_json"]

SAMPLES = Path("recordings") / "samples"
"""Where golden recordings lie, beside the rules folder."""
_MAX_FILES = 1000


def samples_of(rules: Path) -> Path | None:
    """The sample recordings beside a rules folder, if there are any."""
    folder = rules.parent / SAMPLES
    return folder if folder.is_dir() and next(_files(folder), None) is not None else None


def look(rules: Rules, folder: Path) -> Survey:
    """All flows of a folder of recordings, of a session's, or of one that holds flow files. Raises InterlockError."""
    if not folder.is_dir():
        raise InterlockError(f"{folder} is no folder", hint="name a folder of recordings, or of one session")
    return survey(rules, _flows(folder))


def folders_of(recordings: Path, rules: Path) -> list[Path]:
    """The recordings folders whose sessions would be looked at; golden samples beside the rules are nobody's."""
    samples = (rules.parent / SAMPLES).resolve()
    found = {file.parent.parent for file in _files(recordings.resolve()) if is_ulid(file.parent.name)}
    return sorted(folder for folder in found if samples not in (folder, *folder.parents))


def _files(folder: Path) -> Iterator[Path]:
    found = sorted(path for path in folder.rglob("*.mitm") if path.is_file() and not path.is_symlink())
    yield from found[:_MAX_FILES]


def _flows(folder: Path) -> Iterator[tuple[RecordedFlow, str]]:
    for file in _files(folder):
        names = _connections(file.parent)
        try:
            yield from ((flow, names.get(flow.id, "")) for flow in read_flows(file))
        except OSError:
            continue


def _connections(session: Path) -> dict[str, str]:
    """Which connection each flow of a session went to, as its evidence says."""
    found: dict[str, str] = {}
    try:
        for line in read_events(session):
            data = line.event.data if line.event is not None else {}
            flow, name = data.get("flow"), data.get("connection")
            if isinstance(flow, str) and isinstance(name, str):
                found[flow] = name
    except OSError:
        pass
    return found


def lines(found: Survey) -> Iterator[str]:
    """What is said to people: a line for each rule that matches, and one that names the others."""
    nothing, silent = [], 0
    for seen in found.seen.values():
        if not seen.calls and seen.kind == "blocklist":
            silent += 1
        elif not seen.calls:
            nothing.append(seen.rule)
        if not seen.calls:
            continue
        yield f"{seen.kind} {seen.rule}: {_said(seen)} in {seen.calls} of {found.calls} recorded calls"
        if seen.example:
            yield f"    the first: {seen.example}"
    if nothing or silent:
        names = [*nothing, *([f"{silent} blocklist entries"] if silent else [])]
        yield f"match nothing in {found.calls} recorded calls: {', '.join(names)}"
    if found.elsewhere or found.unread:
        yield f"not looked at: {found.elsewhere} to other connections, {found.unread} that cannot be read"


def _said(seen: Seen) -> str:
    if seen.kind != "masking":
        return f"{seen.fresh} operations that it would stop"
    return f"{seen.masked} masks that stand there already, {seen.fresh} values that it would mask now"


def to_json(found: Survey) -> JSON:
    """The same for machines."""
    rules: list[JSON] = [
        {"rule": seen.rule, "kind": seen.kind, "masked": seen.masked, "new": seen.fresh, "calls": seen.calls,
         "example": seen.example}
        for seen in found.seen.values()
    ]  # fmt: skip
    return {"calls": found.calls, "elsewhere": found.elsewhere, "unread": found.unread, "rules": rules}
