"""What verification could not check, in sentences: no one is to take silence for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from interlock.recording.reading import read_lines
from interlock.recording.report import ChainReport, TreeReport
from interlock.recording.runs import first_event
from interlock.recording.session import EVIDENCE
from interlock.recording.shipment import COPIED_HEADS, SHIP
from interlock.recording.verify_heads import Given
from interlock.recording.verify_tree import TreeFound
from interlock.recording.walk import Finding

__all__ = ["stray", "unchecked"]

_NO_TREE = (
    "No tree of heads vouches for this (an older version recorded it, or the tree is not here): events cut off the end"
    " of a session, a session dropped as a whole, and a chain written anew by somebody who can write the folder do not"
    " show."
)
_COPY = (
    "These are shipped copies, without the tree that vouches for them: a session cut at its end, or dropped as a whole,"
    " does not show here; the heads beside them show it in the folder that they were recorded in (--head)."
)
_NO_KEY = (
    "No public key was given: whether the heads were signed by the gateway, or by somebody who can write the folder,"
    " was not checked."
)
_NO_KEY_BUT_HEADS = (
    "No public key was given: heads after the last anchored one count when a key signed them that signed an anchored"
    " one; whose key that is was not checked."
)
_NO_HEAD = (
    "No anchored head was given: somebody who can write the folder could have cut sessions and tree back together, to"
    " any earlier head, or dropped the tree's end with all that it vouched for; that does not show."
)
_AFTER = "After it, events could be cut off and whole sessions dropped unseen"


def stray(root: Path, chain: ChainReport, trees: Sequence[TreeFound]) -> Finding | None:
    """What is to be said of a chain that no tree knows; None for one of a time before there were trees, with none."""
    log = chain.state == "log"
    file = f"{chain.name}.jsonl" if log else f"{chain.name}/{EVIDENCE}"
    at, tree = _began(root, chain.name, log=log)
    if tree and not trees and (root / COPIED_HEADS).is_dir():
        return Finding(file, 1, "copy", f"is a shipped copy; the tree {tree} lies elsewhere", False)
    if tree and tree not in {found.tree for found in trees}:
        what = (
            f"says that it belongs to the tree {tree}, which is not here: it is another gateway's, or the tree is gone"
        )
        return Finding(file, 1, "spliced", what, True)
    if not trees or not at:
        return None
    own = [found.due for found in trees if log or found.tree == tree]
    due = max(own or [found.first_at for found in trees])
    if at < due and not chain.name.startswith(SHIP):  # older versions did not vouch for what was shipped
        message = f"began at {at}, and the tree that was signed at {due} does not know it: it was slipped in"
        return Finding(file, 1, "spliced", message, True)
    return Finding(file, 0, "uncovered", "is in no tree yet: it began after the last head, or was slipped in", False)


def _began(root: Path, name: str, *, log: bool) -> tuple[str, str]:
    """When a chain says that it began, and in which tree."""
    if not log:
        event = first_event(root / name)
        return (event.at, str(event.data.get("tree", ""))) if event is not None else ("", "")
    try:
        line = next(iter(read_lines(root / f"{name}.jsonl")), None)
    except OSError:
        line = None
    return (line.event.at, "") if line is not None and line.event is not None else ("", "")


def unchecked(
    trees: Sequence[TreeReport], chains: Sequence[ChainReport], given: Given, *, single: bool
) -> tuple[str, ...]:
    """The sentences, the gravest first."""
    if not trees:
        copied = any(finding.what == "copy" for chain in chains for finding in chain.findings)
        return (_COPY if copied else _NO_TREE,)
    found = [] if given.keys else [_NO_KEY_BUT_HEADS if given.brought else _NO_KEY]
    found += [
        f"The tree {tree.name} is signed by {', '.join(tree.strange[:5])}, and no anchored head is: what it says there"
        " counts for nothing (--key)."
        for tree in trees
        if tree.strange
    ]
    if not given.brought:
        found.append(_NO_HEAD)
    if single:
        found.append("Only this session was checked: whether others were dropped does not show.")
    for tree in trees if given.brought else ():
        if tree.anchored_at:
            found.append(f"The tree {tree.name} is anchored up to {tree.anchored_at}. {_AFTER}.")
        else:
            found.append(
                f"No anchored head of the tree {tree.name} was given: {_AFTER.lower()}, from its beginning on."
            )
    found += _turned(chains)
    stamped = [tree for tree in trees if tree.stamps]
    if stamped and not given.authorities:
        found.append(f"{sum(tree.stamps for tree in stamped)} time-stamps: whose they are was not checked (--tsa).")
    elif any(not tree.stamped_at for tree in stamped):
        found.append("Time-stamps were not checked: that needs the extra `timestamps`.")
    late = [chain for chain in chains if chain.last > chain.sure]
    if given.brought and late:
        shown = ", ".join(f"{chain.name} ({_span(chain)})" for chain in late[:5])
        more = f", and {len(late) - 5} more" if len(late) > 5 else ""
        found.append(f"Not covered by an anchored head: {shown}{more}.")
    return tuple(found)


def _span(chain: ChainReport) -> str:
    return f"event {chain.last}" if chain.last == chain.sure + 1 else f"events {chain.sure + 1} to {chain.last}"


def _turned(chains: Sequence[ChainReport]) -> list[str]:
    return [
        f"The log {chain.name} turned over: its events 1 to {chain.first - 1} are not here any more, as is meant to be."
        for chain in chains
        if chain.first > 1
    ]
