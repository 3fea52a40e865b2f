"""Everything that recordings say was used, counted by as many processes as it is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from interlock.access.tallies import Usage
from interlock.access.usage import Counting
from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.model import Principal
from interlock.replay.backtest import sessions_of
from interlock.replay.walk import Window
from interlock.replay.workers import ALONE, Named, Sized, handfuls, largest_first, load_again, named, workers

__all__ = ["gather"]


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
    sizes = largest_first(folders)
    total, done, found = sum(size for size, _ in sizes), 0, Usage()
    told = progress or (lambda done, of: None)
    if processes > 1 and len(folders) > 1 and total > ALONE:
        for size, part in _together(sizes, rules, window, processes):
            found.add(part)
            done += size
            told(done, total)
        return found
    counting = Counting(rules, window)
    for size, folder in sizes:
        counting.session(found, folder)
        done += size
        told(done, total)
    return _plain(found)


_counting: list[Counting] = []


def _together(sizes: Sequence[Sized], rules: Rules, window: Window, processes: int) -> Iterator[tuple[int, Usage]]:
    with workers(processes, _begin, named(rules), window) as pool:
        yield from pool.map(_count, handfuls(sizes))


def _begin(found: Named, window: Window) -> None:
    _counting[:] = [Counting(load_again(found), window)]


def _count(handful: Sequence[Sized]) -> tuple[int, Usage]:
    found = Usage()
    for _, folder in handful:
        _counting[0].session(found, folder)
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
