"""One event, one line: canonical JSON whose `hash` covers everything else in it, and whose `prev` is the hash before.

    {"at":"2026-01-01T00:00:00.000Z","data":{...},"hash":"...","kind":"decision","prev":"...","seq":2}

`hash` is SHA-256 (hex) of the same canonical object without its `hash` member; the first `prev` is 64 zeros.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import msgspec
from msgspec import Raw

from interlock.model import JSON
from interlock.recording.canonical import Data, Uncanonical, Written, canonical, encode

__all__ = ["GENESIS", "MAX_EVENT", "Event", "parse", "seal", "seconds", "stamp"]

GENESIS = "0" * 64
MAX_EVENT = 1 << 20
_MEMBERS = {"at", "data", "hash", "kind", "prev", "seq"}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_KIND = re.compile(r"[a-z][a-z-]{0,31}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_BEHIND = b'"kind":"'  # what follows the hash, and is last of all: kinds and hashes hold no quotes
_HASH_MEMBER = len('"hash":"",') + 64
_LATEST = 253402300799  # the last second of the year 9999
_MILLISECONDS = tuple(f".{rest:03d}Z" for rest in range(1000))
_decode = msgspec.json.Decoder().decode


class _Covered(msgspec.Struct, gc=False):
    """What the hash covers, in the order of the names: all of a line but the hash itself."""

    at: str
    data: Written | Raw
    kind: str
    prev: str
    seq: int


@dataclass(frozen=True, slots=True)
class Event:
    """What one line says. `seq` counts from 1; `at` is RFC 3339, UTC, milliseconds."""

    seq: int
    at: str
    kind: str
    data: Mapping[str, JSON] = field(repr=False)
    prev: str
    hash: str


def stamp(seconds: float) -> str:
    """Seconds since the epoch as RFC 3339 in UTC with milliseconds."""
    if not 0 <= seconds <= _LATEST:
        seconds = min(max(seconds, 0), _LATEST)
    whole, rest = divmod(int(seconds * 1000), 1000)
    return _second(whole) + _MILLISECONDS[rest]


def seconds(at: str) -> float:
    """A moment of an event in seconds since the epoch; 0 for what is none."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0


@lru_cache(maxsize=4)
def _second(whole: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))


@lru_cache(maxsize=64)
def _is_kind(kind: str) -> bool:
    return _KIND.fullmatch(kind) is not None


def seal(kind: str, data: Data, seq: int, prev: str, at: str) -> tuple[bytes, str]:
    """The line (with its newline) and its hash. Raises Uncanonical for data that is not JSON or too much of it."""
    if not _is_kind(kind):
        raise Uncanonical("an event's kind is a short word in lower case")
    try:
        covered = encode(_Covered(at, data if isinstance(data, Written) else Raw(canonical(data)), kind, prev, seq))
    except ValueError:  # what is not as usual; Uncanonical comes again
        covered = encode(_Covered(at, Raw(canonical(data)), kind, prev, seq))
    digest, behind = hashlib.sha256(covered).hexdigest(), covered.rindex(_BEHIND)
    line = b'%b"hash":"%b",%b\n' % (covered[:behind], digest.encode(), covered[behind:])
    if len(line) > MAX_EVENT:
        raise Uncanonical(f"the event is larger than {MAX_EVENT} bytes")
    return line, digest


def parse(line: bytes) -> tuple[Event | None, str]:
    """The event of a line without its newline, and what is wrong with it in words (empty: intact). Never raises.

    An event with a fault shows what the line claims; None means that it claims nothing readable.
    """
    try:
        value = _decode(line)
        if not isinstance(value, dict) or set(value) != _MEMBERS:
            return None, "is not an event"
        event = Event(value["seq"], value["at"], value["kind"], value["data"], value["prev"], value["hash"])
        if not _well_formed(event):
            return None, "is not an event"
        return event, _fault(event, value, line)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        return None, "is not canonical JSON"


def _well_formed(event: Event) -> bool:
    texts = (event.at, _AT), (event.kind, _KIND), (event.prev, _DIGEST), (event.hash, _DIGEST)
    return (
        type(event.seq) is int
        and event.seq > 0
        and isinstance(event.data, dict)
        and all(isinstance(text, str) and shape.fullmatch(text) for text, shape in texts)
    )


def _fault(event: Event, value: dict[str, JSON], line: bytes) -> str:
    if canonical(value) != line:
        return "is not canonical JSON"
    start = line.rfind(b'"hash":"')  # what follows it holds no free text, so the last one is the member
    if hashlib.sha256(line[:start] + line[start + _HASH_MEMBER :]).hexdigest() != event.hash:
        return "does not match its own hash"
    return ""
