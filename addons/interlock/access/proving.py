"""Proof of a proposal: everything that was recorded is decided again by it, in a copy of the rules folder.

Nothing may newly pass. What bodies and texts decide is told only here: a rule by which something would newly pass is
left out, and the proof is made anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from interlock.access.patch import patch_text
from interlock.access.proposing import Left, Proposal, compiled
from interlock.access.written import copy_with
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.replay.backtest import compare
from interlock.replay.differences import Differences
from interlock.replay.walk import Window

__all__ = ["Proof", "prove", "summary"]

_ROUNDS = 4
_WHY = "by its body or text, something like it was forbidden"


@dataclass(frozen=True, slots=True)
class Proof:
    """`ok`: nothing newly passes, and nothing is newly unmasked. `differences` says what newly does not pass."""

    differences: Differences
    ok: bool


def prove(
    recordings: Sequence[Path],
    rules: Rules,
    written: Mapping[str, Mapping[str, JSON]],
    found: Proposal,
    window: Window,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Proof:
    """Decide everything again by the proposal; what would newly pass by one of its rules is taken out of it.

    Raises InterlockError and OSError as `compare` does.
    """
    enforced = Window(window.since, window.until, enforced=True)
    for _ in range(_ROUNDS):
        differences = _compared(recordings, rules, found, enforced, processes, progress)
        wrong = {change.rule for change in differences.of("permitted", "unmasked")} & {rule.id for rule in found.rules}
        if not wrong:
            break
        for rule in found.rules:
            if rule.id in wrong:
                found.left += [Left(need, _WHY) for need in rule.needs]
        found.rules = [rule for rule in found.rules if rule.id not in wrong]
        found.policy = compiled(rules, written, found)
    newly = differences.count("permitted") + differences.count("unmasked")
    return Proof(differences, not newly and not differences.uncounted)


def summary(proof: Proof) -> list[str]:
    """The proof in a few lines."""
    found = proof.differences
    said = "Proven by backtest" if proof.ok else "NOT proven by backtest"
    lines = [
        f"{said}: of {found.decisions} recorded decisions {found.judged} were decided again; newly permitted "
        f"{found.count('permitted')}, forbidden {found.count('forbidden')}, reviewed {found.count('reviewed')}, "
        f"unmasked {found.count('unmasked')}."
    ]
    if found.undecided:
        lines.append("Not decided again: " + ", ".join(f"{one.count} ({one.why})" for one in found.undecided) + ".")
    return lines


def _compared(
    recordings: Sequence[Path],
    rules: Rules,
    found: Proposal,
    window: Window,
    processes: int,
    progress: Callable[[int, int], None] | None,
) -> Differences:
    """In a folder beside the rules, so that what they name beside themselves is found."""
    target = _beside(rules.folder)
    try:
        copy_with(rules.folder, target, found.dropped, patch_text(found))
        return compare(
            recordings, load_rules(target), then=rules, window=window, processes=processes, progress=progress
        )
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _beside(folder: Path) -> Path:
    """A name that is free, beside the rules where one may write there."""
    for parent in (folder.absolute().parent, None):
        try:
            found = Path(tempfile.mkdtemp(prefix=".proposal-", dir=parent))
            found.rmdir()
        except OSError:
            continue
        return found
    raise InterlockError("there is no place for a copy of the rules", hint="is the disk full?")
