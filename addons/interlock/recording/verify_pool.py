"""Checks many sessions at once, in processes of their own where that is worth starting them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path

from interlock.recording.report import ChainReport
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.ties import Ties
from interlock.recording.verify_session import check_session

__all__ = ["Progress", "check_sessions"]

type Progress = Callable[[int, int], None]
"""Told how many bytes are done, of how many."""

type _Task = tuple[Path, Ties | None]

_WORTH = 16 << 20
_MOST = 16
_PIECES = 8


def check_sessions(tasks: Sequence[_Task], *, progress: Progress | None = None, workers: int = 0) -> list[ChainReport]:
    """The reports, in the order of the tasks. `workers` 0: one a core, if there is much to do. Never raises."""
    sizes = [_size(folder) for folder, _ in tasks]
    total, done = sum(sizes), 0
    workers = workers or (min(_cores(), _MOST) if total >= _WORTH and len(tasks) > 1 else 1)
    reports: dict[int, ChainReport] = {}

    def note(number: int, report: ChainReport) -> None:
        nonlocal done
        reports[number] = report
        done += sizes[number]
        if progress is not None:
            progress(done, total)

    if workers > 1:
        with suppress(OSError, BrokenExecutor):  # no processes to be had: this one does what is left
            for piece in _in_processes(tasks, list(_pieces(sizes, total // (workers * _PIECES) + 1)), workers):
                for number, report in piece:
                    note(number, report)
    for number, task in enumerate(tasks):
        if number not in reports:
            note(number, check_session(*task))
    return [reports[number] for number in range(len(tasks))]


def _in_processes(
    tasks: Sequence[_Task], pieces: Sequence[Sequence[int]], workers: int
) -> Iterator[list[tuple[int, ChainReport]]]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, as_completed

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(pieces)), mp_context=context) as pool:
        waiting = [pool.submit(_work, [(number, *tasks[number]) for number in piece]) for piece in pieces]
        for future in as_completed(waiting):
            yield future.result()


def _work(tasks: list[tuple[int, Path, Ties | None]]) -> list[tuple[int, ChainReport]]:
    return [(number, check_session(folder, ties)) for number, folder, ties in tasks]


def _pieces(sizes: Sequence[int], most: int) -> Iterator[list[int]]:
    """Numbers of tasks, the largest first, in pieces of about so many bytes."""
    piece: list[int] = []
    held = 0
    for number in sorted(range(len(sizes)), key=lambda number: -sizes[number]):
        piece.append(number)
        held += sizes[number]
        if held >= most:
            yield piece
            piece, held = [], 0
    if piece:
        yield piece


def _size(folder: Path) -> int:
    found = 0
    for name in (EVIDENCE, FLOWS):
        try:
            found += (folder / name).stat().st_size
        except OSError:
            continue
    return found


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
