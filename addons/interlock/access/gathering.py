"""Everything that recordings say was used, counted by as many processes as it is worth."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from interlock.access.tallies import Usage
from interlock.access.usage import Counting
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.model import Principal
from interlock.recording.session import EVIDENCE
from interlock.replay.backtest import sessions_of
from interlock.replay.walk import Window

__all__ = ["gather"]

_CHUNK = 4 << 20
_ALONE = 8 << 20
"""Bytes of evidence for which other processes are not worth their start."""


def gather(
    recordings: Sequence[Path],
    rules: Rules,
    window: Window,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Usage:
    """Everything that was counted. Raises InterlockError where there is nothing to read, OSError for a bad folder."""
    folders = sessions_of(recordings)
    if not folders:
        raise InterlockError("there are no sessions to read", hint="name a recordings folder, or one session's")
    sizes = sorted(((_size(folder), str(folder)) for folder in folders), reverse=True)
    total, done, found = sum(size for size, _ in sizes), 0, Usage()
    told = progress or (lambda done, of: None)
    if processes > 1 and len(folders) > 1 and total > _ALONE:
        for size, part in _together(sizes, rules, window, processes):
            found.add(part)
            done += size
            told(done, total)
        return found
    counting = Counting(rules, window)
    for size, folder in sizes:
        counting.session(found, Path(folder))
        done += size
        told(done, total)
    return _plain(found)


def _size(folder: Path) -> int:
    try:
        return (folder / EVIDENCE).stat().st_size
    except OSError:
        return 0


_counting: list[Counting] = []


def _together(
    sizes: Sequence[tuple[int, str]], rules: Rules, window: Window, processes: int
) -> Iterator[tuple[int, Usage]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (str(rules.folder), rules.digest, window)) as pool:
        try:
            yield from pool.map(_count, _handfuls(sizes))
        except BrokenProcessPool:
            raise InterlockError(
                "a process that read recordings ended early", hint="is there enough memory? Try --processes 1"
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _begin(folder: str, digest: str, window: Window) -> None:
    rules = load_rules(Path(folder))
    if rules.digest != digest:
        raise InterlockError("the rules were changed while recordings were read")
    _counting[:] = [Counting(rules, window)]


def _count(handful: Sequence[tuple[int, str]]) -> tuple[int, Usage]:
    found = Usage()
    for _, folder in handful:
        _counting[0].session(found, Path(folder))
    return sum(size for size, _ in handful), _plain(found)


def _plain(found: Usage) -> Usage:
    """What is not known of a principal does not travel; nor does it serve anybody who reads what was counted."""
    for known in found.people.values():
        one = known.principal
        acting_for = one.acting_for if isinstance(one.acting_for, str) else ""
        known.principal = Principal(
            one.identity, one.issuer, one.subject, groups=known.groups, acting_for=acting_for, claims={}
        )
    return found


def _handfuls(sizes: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    found: list[list[tuple[int, str]]] = [[]]
    filled = 0
    for size, folder in sizes:
        found[-1].append((size, folder))
        filled += size
        if filled >= _CHUNK:
            found.append([])
            filled = 0
    return [handful for handful in found if handful]
