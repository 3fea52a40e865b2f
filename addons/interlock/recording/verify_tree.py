"""Checks one gateway's tree: its entries against its heads, its heads against keys and anchors.

Roots are computed anew at the size of every head, so the first that does not fit says between which
entries somebody changed something.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.errors import InterlockError
from interlock.recording.event import Event
from interlock.recording.head import read_head
from interlock.recording.ledger import HEADS, LEAVES
from interlock.recording.reading import read_lines
from interlock.recording.report import TreeReport
from interlock.recording.signing import read_public
from interlock.recording.tree import Tree
from interlock.recording.verify_heads import Anchored, Given
from interlock.recording.verify_session import unreadable
from interlock.recording.verify_signed import Known, TreeCheck, check_anchored, check_signatures, check_stamps
from interlock.recording.walk import Walk
from interlock.recording.witness import Witness

__all__ = ["TreeFound", "check_tree"]


@dataclass(slots=True)
class TreeFound:
    """One tree: its report, its name for good, and when sessions that it should know were opened at the latest."""

    report: TreeReport
    tree: str
    first_at: str
    due: str


def check_tree(folder: Path, given: Given, witness: Witness) -> TreeFound:
    """The tree in one folder under `.tree`; what it says goes to the witness. Never raises."""
    check = TreeCheck(f".tree/{folder.name}", given)
    _read_heads(folder / HEADS, check)
    tree, gateway = _names(folder / LEAVES, check)
    anchored = given.heads.get(tree, ())
    check_anchored(anchored, check)
    signed, stamped = check_signatures(check, anchored), check_stamps(check)
    sure = max((entry.head.size for entry in anchored), default=0)
    size = _read_leaves(folder / LEAVES, check, anchored, witness, sure, signed)
    heads = check.known
    final = bool(heads) and heads[-1].head.final
    report = TreeReport(
        name=folder.name,
        gateway=gateway,
        entries=size,
        heads=len(heads),
        head_at=heads[-1].head.at if heads else "",
        anchored_at=anchored[-1].head.at if anchored else "",
        final=final,
        keys=tuple(dict.fromkeys(entry.head.key for entry in heads)),
        checked=bool(given.keys),
        stamps=len(check.stamps),
        stamped_at=stamped,
        findings=tuple(check.findings),
        strange=tuple(dict.fromkeys(check.strange)),
    )
    due = heads[-1] if final else heads[-2] if len(heads) > 1 else None
    return TreeFound(report, tree, heads[0].head.at if heads else "", due.head.at if due else "")


# -- heads


def _read_heads(path: Path, check: TreeCheck) -> None:
    walk = Walk(f"{check.folder}/{HEADS}", lambda event: _starts(event, "started"))
    found = 0
    for number, event in _walked(path, walk):
        if event.kind == "started":
            size = event.data.get("size")
            found = size if type(size) is int else 0
            _remember_key(event, number, check)
        elif event.kind == "stamp":
            check.stamps.append((number, event))
        elif event.kind == "head":
            head = read_head(event)
            if head is None:
                check.find(HEADS, number, "head", "does not say what a tree head says")
            elif check.known and head.size < check.known[-1].head.size:
                check.find(HEADS, number, "head", "its tree is smaller than that of the head before")
            else:
                before = check.known[-1].head.size if check.known else 0
                check.unsigned += [range(before + 1, min(found, head.size) + 1)] if found > before else []
                found = 0
                check.known.append(Known(number, head))
    check.findings += walk.findings


def _walked(path: Path, walk: Walk) -> list[tuple[int, Event]]:
    """Every event that the walk accepted, with its line."""
    found: list[tuple[int, Event]] = []
    try:
        for line in read_lines(path):
            walk.feed(line)
            if walk.last is not None and walk.last is line.event:
                found.append((line.number, walk.last))
    except FileNotFoundError:
        walk.find(0, "missing", "the file is gone")
    except OSError as error:
        walk.findings.append(unreadable(path.name, error))
    walk.finish()
    return found


def _starts(event: Event, kind: str) -> str:
    return "" if event.kind == kind else "the first event is not the one that begins such a file"


def _remember_key(event: Event, number: int, check: TreeCheck) -> None:
    try:
        key = read_public(str(event.data.get("public", "")))
    except InterlockError:
        key = None
    if key is None or key.id != event.data.get("key"):
        check.find(HEADS, number, "key", "the public key is not the one that its name says")
    else:
        check.keys[key.id] = key


# -- entries


def _names(path: Path, check: TreeCheck) -> tuple[str, str]:
    """The tree's name and its gateway's, by its first entry, or by its heads where that cannot be read."""
    try:
        first = next(iter(read_lines(path)), None)
    except OSError:
        first = None
    if first is not None and first.event is not None and not first.fault:
        said = first.event.data
        return str(said.get("tree", "")), str(said.get("gateway", ""))
    head = check.known[-1].head if check.known else None
    return (head.tree, head.gateway) if head else ("", "")


def _read_leaves(
    path: Path, check: TreeCheck, anchored: Sequence[Anchored], witness: Witness, sure: int, signed: int
) -> int:
    """Walks the entries, and compares the root at the size of every head. Returns how many there are."""
    wanted: dict[int, list[tuple[str, str]]] = {}
    for known in check.known:
        wanted.setdefault(known.head.size, []).append((known.head.root, f"{check.folder}/{HEADS}:{known.line}"))
    for entry in anchored:
        wanted.setdefault(entry.head.size, []).append((entry.head.root, f"{entry.file}:{entry.line}"))
    walk, tree = Walk(f"{check.folder}/{LEAVES}", lambda event: _starts(event, "opened")), Tree()
    fits, wrong = 0, False
    lines = [0]
    try:
        for line in read_lines(path):
            walk.feed(line)
            if line.event is None or walk.last is not line.event:
                continue
            tree.add(line.raw[:-1])
            lines[0] = line.number
            place = f"{check.folder}/{LEAVES}:{line.number}"
            own = not any(tree.size in entries for entries in check.unsigned)
            anchor = tree.size <= sure and own if check.given.brought else None
            witness.hear(line.event, place, anchored=anchor, signed=tree.size <= signed and own)
            for root, who in wanted.pop(tree.size, ()):
                if root == tree.root().hex():
                    fits = tree.size
                elif not wrong and not _is_grave(walk):
                    wrong = True
                    message = f"entries {fits + 1} to {tree.size} are not those that were signed ({who})"
                    check.find(LEAVES, line.number, "changed", message)
    except FileNotFoundError:
        walk.find(0, "missing", "the file is gone")
    except OSError as error:
        walk.findings.append(unreadable(f"{check.folder}/{LEAVES}", error))
    walk.finish()
    check.findings += walk.findings
    if wanted and not _is_grave(walk) and max(wanted) > tree.size:
        size, who = max(wanted), wanted[max(wanted)][0][1]
        check.find(LEAVES, lines[0], "truncated", f"entries {tree.size + 1} to {size} are missing at the end ({who})")
    return tree.size


def _is_grave(walk: Walk) -> bool:
    """Whether the lines themselves were changed: then roots cannot fit, and that is said already."""
    return any(finding.grave for finding in walk.findings)
