"""What masks did to a session, as shapes: what was found where, and what stands there now. Never what it was.

An event names places; what stands there is read from the recorded body, which was masked before it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.recording.flow_reading import read_flows
from interlock.recording.session import FLOWS

__all__ = ["MaskedValues"]

_MOST_PLACES = 20
_MOST_BODIES = 64 << 20
_LONGEST = 80


class MaskedValues:
    """The masked bodies of one session, read once, when the first of them is asked for; bounded."""

    def __init__(self, folder: Path, *, most: int = _MOST_PLACES) -> None:
        """`most` places of each event are told one by one, the rest are counted."""
        self._folder = folder
        self._most = most
        self._bodies: dict[str, tuple[bytes, bytes]] | None = None
        self._flows: dict[str, str] = {}

    def shapes(self, seq: int, kind: str, data: Mapping[str, JSON]) -> list[str]:
        """A line for each place that was masked in this event's body: `/0/email: email → <email:…> (token, 3f2a91)`."""
        flow = data.get("flow")
        if kind == "decision" and isinstance(flow, str):
            self._flows[f"{self._folder.name}/{seq}"] = flow
        masked = data.get("masked")
        items = [item for item in masked if isinstance(item, dict)] if isinstance(masked, list) else []
        if not items:
            return []
        said = str(flow) if kind == "decision" else self._flows.get(str(data.get("decision")), "")
        document = self._document(said, request=kind == "decision")
        places: dict[str, list[Mapping[str, JSON]]] = {}
        for item in items:
            if "place" in item:
                places.setdefault(str(item["place"]), []).append(item)
        found = [_shape(place, several, document) for place, several in [*places.items()][: self._most]]
        left = len(places) - self._most
        return [*found, f"and {left} more"] if left > 0 else found

    def _document(self, flow: str, *, request: bool) -> JSON:
        body = self._read().get(flow, (b"", b""))[0 if request else 1]
        try:
            document: JSON = msgspec.json.decode(body)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        return document

    def _read(self) -> dict[str, tuple[bytes, bytes]]:
        if self._bodies is None:
            self._bodies = dict(self._some())
        return self._bodies

    def _some(self) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        left = _MOST_BODIES
        try:
            for flow in read_flows(self._folder / FLOWS):
                left -= len(flow.body) + len(flow.answer)
                if left < 0:
                    return
                yield flow.id, (flow.body, flow.answer)
        except (OSError, InterlockError):
            return


def _shape(place: str, items: Sequence[Mapping[str, JSON]], document: JSON) -> str:
    """One place, with all that was found there."""
    detectors = dict.fromkeys(str(item.get("detector") or item.get("rule")) for item in items)
    actions = dict.fromkeys(str(item.get("action")) for item in items)
    digests = dict.fromkeys(str(item["digest"])[:6] for item in items if item.get("digest"))
    value = _at(document, place)
    now = f" → {value}" if value else ""
    return f"{place or '(whole)'}: {', '.join(detectors)}{now} ({', '.join([*actions, *digests])})"


def _at(document: JSON, place: str) -> str:
    """What stands at a JSON Pointer; nothing where it is none, or where a document stands there."""
    if not place.startswith("/"):
        return ""
    value = document
    for step in place[1:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isascii() and name.isdigit() and len(name) < 9 and int(name) < len(value):
            value = value[int(name)]
        else:
            return ""
    if isinstance(value, dict | list) or value is None:
        return ""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} (and {len(text) - _LONGEST} characters more)"
