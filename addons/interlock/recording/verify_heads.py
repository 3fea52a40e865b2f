"""What an auditor brings along: public keys, and the heads that an anchor kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.recording.head import Head, read_head
from interlock.recording.reading import UNREAD, read_lines
from interlock.recording.signing import PublicKey
from interlock.recording.verify_session import unreadable
from interlock.recording.walk import Finding

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

__all__ = ["Anchored", "Given", "read_given"]


@dataclass(frozen=True, slots=True)
class Anchored:
    """A head as an anchor kept it, and where it stands there."""

    head: Head
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Given:
    """The keys by id, and the heads by the tree that they are of, in the order of their sizes."""

    keys: Mapping[str, PublicKey]
    heads: Mapping[str, Sequence[Anchored]]
    findings: tuple[Finding, ...]
    brought: bool
    authorities: Sequence[Certificate] = ()


def read_given(
    keys: Iterable[PublicKey],
    files: Sequence[Path],
    gateways: Sequence[str] = (),
    authorities: Sequence[Certificate] = (),
) -> Given:
    """Reads files of heads, each a line as in `heads.jsonl`; what else stands there is passed over. Never raises.

    `gateways` leaves the heads of others out: an anchor may keep those of gateways that record elsewhere.
    """
    findings: list[Finding] = []
    heads: dict[str, dict[tuple[int, str], Anchored]] = {}
    known = {key.id: key for key in keys}
    for file in files:
        found = 0
        try:
            for line in read_lines(file):
                head = read_head(line.event) if line.event is not None and not line.fault else None
                if head is None:
                    if line.fault:
                        grave = line.fault.endswith(UNREAD)
                        findings.append(Finding(str(file), line.number, "head", f"the line {line.fault}", grave))
                    continue
                found += 1
                if gateways and head.gateway not in gateways:
                    continue
                anchored = Anchored(head, str(file), line.number)
                heads.setdefault(head.tree, {})[head.event.seq, head.event.hash] = anchored
        except (OSError, ValueError) as error:
            findings.append(unreadable(str(file), error))
            continue
        if not found:
            findings.append(Finding(str(file), 0, "head", "holds no tree head", True))
    ordered = {tree: sorted(found.values(), key=_order) for tree, found in heads.items()}
    return Given(known, ordered, tuple(findings), bool(files), tuple(authorities))


def _order(anchored: Anchored) -> tuple[int, int]:
    return anchored.head.size, anchored.head.event.seq
