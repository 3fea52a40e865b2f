"""Checks the small files of a recordings folder that trees vouch for: indexes of runs, kept rules, wrapped keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from interlock.errors import InterlockError
from interlock.recording.kept_rules import KEPT, rules_digest
from interlock.recording.verify_session import digests
from interlock.recording.vouching import whole_files
from interlock.recording.walk import Finding
from interlock.recording.witness import FileFact

__all__ = ["check_files"]

_MOST = 1000


def check_files(folder: Path, facts: Mapping[str, Sequence[FileFact]]) -> tuple[Finding, ...]:
    """What is not as it was, what is gone, and what no tree knows. Never raises."""
    found = [finding for fact in facts.values() if (finding := _check(folder, fact)) is not None]
    found += _other_rules(folder)
    strange = [name for name in _names(folder) if name not in facts]
    found += [Finding(name, 0, "uncovered", "no tree knows this file", False) for name in strange[:_MOST]]
    if len(strange) > _MOST:
        found.append(Finding(".", 0, "more", f"{len(strange) - _MOST} more files that no tree knows", False))
    return tuple(found)


def _check(folder: Path, facts: Sequence[FileFact]) -> Finding | None:
    """The file against all that is known of it, the largest last."""
    fact = facts[-1]
    path = folder / fact.name
    if not path.exists() and not path.is_symlink():
        return Finding(fact.name, 0, "missing", f"the file is gone ({fact.who})", True)
    size, _, known = digests(path, [one.size for one in facts])
    for one in facts:
        if known.get(one.size) != one.digest:
            if 0 <= size < one.size:
                return Finding(one.name, 0, "truncated", f"ends after {size} of {one.size} bytes ({one.who})", True)
            return Finding(one.name, 0, "changed", f"is not as it was ({one.who})", True)
    if size == fact.size:
        return None
    if fact.whole:
        return Finding(fact.name, 0, "changed", f"{size - fact.size} bytes stand after its end ({fact.who})", True)
    message = f"{size - fact.size} bytes were added after the tree's last word ({fact.who})"
    return Finding(fact.name, 0, "uncovered", message, False)


def _other_rules(folder: Path) -> list[Finding]:
    """Kept rules that are not those of their name, whoever vouches for them."""
    kept = sorted({"/".join(path.relative_to(folder).parts[:2]) for path in whole_files(folder) if KEPT in path.parts})
    message = "holds other rules than those that its name is the digest of"
    return [Finding(name, 0, "changed", message, True) for name in kept if not _is_itself(folder / name)]


def _is_itself(kept: Path) -> bool:
    try:
        return not any(path.is_symlink() for path in kept.rglob("*")) and rules_digest(kept) == kept.name
    except (OSError, InterlockError):
        return False


def _names(folder: Path) -> list[str]:
    try:
        indexed = (folder / ".runs").is_dir() and not (folder / ".runs").is_symlink()
        runs = sorted(entry.name for entry in (folder / ".runs").iterdir()) if indexed else []
        return [*(f".runs/{name}" for name in runs), *(str(path.relative_to(folder)) for path in whole_files(folder))]
    except OSError:
        return []
