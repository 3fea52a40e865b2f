"""Checks recordings offline: has anybody changed, removed, moved or slipped in anything?

A chain shows any change to an event that another event follows. What a chain cannot show, its gateway's tree does:
ends that were cut, sessions that were dropped, files beside the chains. What a tree cannot show, because whoever
writes the folder may write the tree too, the heads do that an anchor kept elsewhere, and the key that signed them.
What came after the last anchored head nobody can vouch for, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from interlock.model import JSON
from interlock.recording.ledger import TREE
from interlock.recording.report import ChainReport, TreeReport, Verification
from interlock.recording.runs import first_event, session_folders
from interlock.recording.session import EVIDENCE
from interlock.recording.signing import PublicKey
from interlock.recording.ties import Ties
from interlock.recording.ulid import is_ulid
from interlock.recording.uncovered import stray, unchecked
from interlock.recording.unexpected import unexpected
from interlock.recording.verify_files import check_files
from interlock.recording.verify_heads import Given, read_given
from interlock.recording.verify_log import check_log
from interlock.recording.verify_pool import Progress, check_sessions
from interlock.recording.verify_session import unreadable
from interlock.recording.verify_tree import TreeFound, check_tree
from interlock.recording.vouching import log_files
from interlock.recording.walk import Finding
from interlock.recording.witness import Witness

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

__all__ = ["ChainReport", "TreeReport", "Verification", "verify"]

type _First = Mapping[str, JSON]


def verify(
    folder: Path,
    *,
    keys: Iterable[PublicKey] = (),
    heads: Sequence[Path] = (),
    gateways: Sequence[str] = (),
    authorities: Sequence[Certificate] = (),
    progress: Progress | None = None,
    workers: int = 0,
) -> Verification:
    """Checks a session's folder or a whole recordings folder. Never raises, whatever the files hold.

    `keys` are the gateways' public keys, `heads` files of heads that anchors kept, both from elsewhere than the
    folder; `gateways` names those whose heads count, where an anchor keeps those of others too; `authorities` those
    that time-stamps must come from. Needs neither rules nor any private key.
    """
    folder, given = Path(folder), read_given(keys, heads, gateways, authorities)
    try:
        single = is_ulid(folder.resolve().name)
        root = folder.resolve().parent if single else folder
        names = [folder.resolve().name] if single else session_folders(root)
        logs = [] if single else log_files(root)
        trees, witness = _trees(root, given)
    except (OSError, ValueError, RuntimeError) as error:
        return Verification((), (*given.findings, unreadable(str(folder), error)))
    findings = [*given.findings, *_missing_trees(given, trees), *unexpected(root, names, single=single)]
    firsts = {} if single else {name: _first(root / name) for name in names}
    later = _later(firsts, witness, findings)
    tasks = [(root / name, _ties(witness.ties(name), later.get(name, {}))) for name in names]
    chains = check_sessions(tasks, progress=progress, workers=workers)
    if not single:
        chains += [_gone(name, witness) for name in sorted(set(witness.sessions) - set(names))]
        chains += _logs(root, {*logs, *witness.logs}, witness)
    if trees and not single:
        findings += [*_named_trees(firsts, trees), *check_files(root, witness.files)]
    if trees or not single:
        chains = [_covered(root, chain, witness, trees) for chain in chains]
    reports = tuple(tree.report for tree in trees)
    return Verification(tuple(chains), tuple(findings), reports, unchecked(reports, chains, given, single=single))


def _logs(root: Path, names: set[str], witness: Witness) -> list[ChainReport]:
    reports = (check_log(root, name, witness.log(name)) for name in sorted(names))
    return [report for report in reports if report is not None]


def _trees(root: Path, given: Given) -> tuple[list[TreeFound], Witness]:
    """Every tree of the folder, and what they say. Raises OSError."""
    witness = Witness()
    if (root / TREE).is_symlink() or not (root / TREE).is_dir():
        return [], witness
    folders = sorted(entry for entry in (root / TREE).iterdir() if entry.is_dir() and not entry.is_symlink())
    return [check_tree(entry, given, witness) for entry in folders], witness


def _missing_trees(given: Given, trees: Sequence[TreeFound]) -> list[Finding]:
    """Anchored heads of trees that are not here."""
    here = {tree.tree for tree in trees}
    found = []
    for name, heads in given.heads.items():
        if name not in here:
            last = heads[-1]
            message = (
                f"the tree {name} of gateway {last.head.gateway}, anchored with {last.head.size} entries"
                f" ({last.file}:{last.line}), is not here; if that gateway records elsewhere, say whose heads count"
            )
            found.append(Finding(f"{TREE}/{name.partition(':')[0]}", 0, "missing", message, True))
    return found


def _first(folder: Path) -> _First:
    """What a session's first event ties it to."""
    event = first_event(folder)
    return {name: event.data.get(name) for name in ("after", "continues", "tree")} if event is not None else {}


def _named_trees(firsts: Mapping[str, _First], trees: Sequence[TreeFound]) -> list[Finding]:
    """Trees that sessions say they are in, and that are not here."""
    here, missing = {tree.tree for tree in trees}, dict[str, str]()
    for name, said in firsts.items():
        tree = said.get("tree")
        if isinstance(tree, str) and tree and tree not in here:
            missing.setdefault(tree, name)
    return [
        Finding(
            f"{TREE}/{tree.partition(':')[0]}", 0, "missing", f"the tree {tree} is not here, which {name} names", True
        )
        for tree, name in missing.items()
    ]


def _later(
    firsts: Mapping[str, _First], witness: Witness, findings: list[Finding]
) -> Mapping[str, Mapping[int, tuple[str, str]]]:
    """What later sessions say about the ends of earlier ones."""
    later: dict[str, dict[int, tuple[str, str]]] = {}
    for name, said in firsts.items():
        after, previous = said.get("after"), said.get("continues")
        if isinstance(previous, str) and isinstance(after, dict):
            seq, digest = after.get("seq"), after.get("hash")
            if previous not in firsts and previous not in witness.sessions:
                message = "the session that this one continues is not here"
                findings.append(Finding(f"{name}/{EVIDENCE}", 1, "continues", message, False))
            elif isinstance(seq, int) and isinstance(digest, str):
                later.setdefault(previous, {})[seq] = digest, f"{name} goes on after it"
    return later


def _ties(ties: Ties | None, later: Mapping[int, tuple[str, str]]) -> Ties | None:
    if ties is None:
        return Ties(events=later) if later else None
    return replace(ties, events={**later, **ties.events})


def _gone(name: str, witness: Witness) -> ChainReport:
    """A session that a tree knows and that is not here."""
    facts = witness.sessions[name]
    if "session" in facts.gone:
        finding = Finding(name, 0, "deleted", f"was deleted on purpose ({facts.gone['session']})", False)
        return ChainReport(name, "deleted", 0, "", (finding,), 0, facts.sure)
    last = max(facts.events, default=0)
    who = facts.events[last][1] if last else "its tombstone"
    message = f"the session is gone, of which {last} events were vouched for ({who})"
    return ChainReport(name, "dropped", 0, "", (Finding(name, 0, "dropped", message, True),), 0, facts.sure)


def _covered(root: Path, chain: ChainReport, witness: Witness, trees: Sequence[TreeFound]) -> ChainReport:
    """A chain that no signed tree knows, though there are trees: added later, or slipped in."""
    known = (witness.logs if chain.state == "log" else witness.sessions).get(chain.name)
    if (known is not None and known.signed) or chain.state == "empty":
        return chain
    finding = stray(root, chain, trees)
    return replace(chain, findings=(*chain.findings, finding)) if finding is not None else chain
