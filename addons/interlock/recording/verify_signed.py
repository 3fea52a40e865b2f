"""Who says what a tree was: signatures of its heads, time-stamps of them, and the heads that an anchor kept.

The signature of a head covers the hash of the one before it, so the last valid one vouches for all of `heads.jsonl`
up to there.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from interlock.errors import InterlockError
from interlock.recording.event import Event
from interlock.recording.head import Head
from interlock.recording.ledger import HEADS
from interlock.recording.signing import PublicKey
from interlock.recording.stamps import time_of
from interlock.recording.verify_heads import Anchored, Given
from interlock.recording.walk import Finding

__all__ = ["Known", "TreeCheck", "check_anchored", "check_signatures", "check_stamps"]

_MOST = 20
_RECENT = 1000
"""Heads whose own signature is checked; those before are covered by the chain."""


@dataclass(slots=True)
class Known:
    """A head in the gateway's own file: where it stands."""

    line: int
    head: Head


@dataclass(slots=True)
class TreeCheck:
    """One tree under examination: what was given, what was read of it, what was found.

    `unsigned` are entries that a gateway found at its start and no head covered: whoever wrote them had no key.
    `strange` are keys that signed heads which therefore do not count.
    """

    folder: str
    given: Given
    known: list[Known] = field(default_factory=list)
    keys: dict[str, PublicKey] = field(default_factory=dict)
    stamps: list[tuple[int, Event]] = field(default_factory=list)
    unsigned: list[range] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def find(self, file: str, line: int, what: str, message: str, grave: bool = True) -> None:
        """Notes a finding in one of the tree's files."""
        self.findings.append(Finding(f"{self.folder}/{file}", line, what, message, grave))


def check_signatures(check: TreeCheck, anchored: Sequence[Anchored] = ()) -> int:
    """Up to which size the tree is signed, by the keys that were given, or by those it names itself.

    Where heads were brought and no key, what came after them counts only by a key that one of them was signed by:
    anybody can make a key, and write it beside the heads.
    """
    keys = check.given.keys or check.keys
    known = {entry.head.key for heads in check.given.heads.values() for entry in heads}
    last = max((entry.head.event.seq for entry in anchored), default=0)
    signed = 0
    for entry in check.known[-_RECENT:]:
        key = keys.get(entry.head.key)
        if key is None:
            who = "was not given" if check.given.keys else "is not in the file"
            check.find(HEADS, entry.line, "signature", f"is signed by the key {entry.head.key}, which {who}")
        elif not entry.head.signed_by(key):
            check.find(HEADS, entry.line, "signature", "the signature does not hold")
        elif check.given.brought and not check.given.keys and entry.head.event.seq > last and key.id not in known:
            check.strange.append(key.id)
            if last:
                message = (
                    f"is signed by the key {key.id}, and no anchored head is: was the key changed, give both (--key)"
                )
                check.find(HEADS, entry.line, "signature", message)
        else:
            signed = entry.head.size
    return signed


def check_stamps(check: TreeCheck) -> str:
    """Whether time-stamps are of the heads that they name; returns the time of the last one that holds."""
    heads = {entry.head.event.seq: entry.head for entry in check.known}
    last = ""
    for number, event in check.stamps[-_RECENT:]:
        seq, proof = event.data.get("head"), event.data.get("proof")
        head = heads.get(seq) if isinstance(seq, int) else None
        if head is None:
            check.find(HEADS, number, "stamp", "is the time-stamp of a head that is not here")
            continue
        try:
            answer = base64.b64decode(str(proof), validate=True)
            last = time_of(answer, head.line, check.given.authorities)
        except InterlockError:
            return ""  # the package that reads them is not here: said as unchecked
        except (OSError, ValueError) as error:
            check.find(HEADS, number, "stamp", str(error))
    return last


def check_anchored(anchored: Sequence[Anchored], check: TreeCheck) -> None:
    """Every head that an anchor kept must stand in the gateway's own file, as it was kept."""
    known = {entry.head.event.seq: entry for entry in check.known}
    last, missed = max(known, default=0), 0
    for entry in anchored:
        head, place = entry.head, f"{entry.file}:{entry.line}"
        key = check.given.keys.get(head.key)
        own = known.get(head.event.seq)
        same = own is not None and own.head.event.hash == head.event.hash
        if check.given.keys and not same and (key is None or not head.signed_by(key)):
            message = "is not signed by a key that was given"
            check.findings.append(Finding(entry.file, entry.line, "signature", message, True))
        missed += not same
        if same or missed > _MOST:
            continue
        if own is not None:
            check.find(HEADS, own.line, "changed", f"is not the head that was anchored ({place})")
        elif head.event.seq > last:
            message = f"the head of {head.at} is missing at the end, which was anchored ({place})"
            check.find(HEADS, 0, "truncated", message)
        else:
            check.find(HEADS, 0, "removed", f"the head of {head.at} is missing, which was anchored ({place})")
    if missed > _MOST:
        check.find(HEADS, 0, "more", f"{missed - _MOST} more heads that were anchored are missing", grave=False)
