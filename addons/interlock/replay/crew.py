"""Several processes judge sessions side by side; each loads the rules itself, from the folder they came from."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from interlock.engine.recording_keys import reach_keys
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.replay.rejudge import Rejudge
from interlock.replay.rules_then import RulesThen
from interlock.replay.tally import Tally
from interlock.replay.walk import Walk, Window

__all__ = ["judge_together"]

_CHUNK: Final = 4 << 20
"""Bytes of evidence handed over at once, or one session where that is larger."""

type _Named = tuple[str, str]
"""A rules folder and the digest it must have."""

_walk: list[Walk] = []


def judge_together(
    sessions: Sequence[tuple[int, Path]], rules: Rules, then: Rules | None, window: Window, processes: int
) -> Iterator[Tally]:
    """The counts of one handful of sessions after the other. `sessions` come with their size.

    Raises InterlockError when a process ends early, or the rules were changed meanwhile.
    """
    named = [(str(one.folder), one.digest) for one in (rules, then) if one is not None]
    todo = iter(_handfuls(sessions))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, _begin, (named, window)) as pool:
        running: set[Future[Tally]] = set()
        try:
            for handful in todo:
                running.add(pool.submit(_judge, handful))
                if len(running) > processes * 2:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        except BrokenProcessPool:
            raise InterlockError(
                "a process that judged recordings ended early", hint="is there enough memory? Try --processes 1"
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _handfuls(sessions: Sequence[tuple[int, Path]]) -> Iterator[list[str]]:
    """Large ones first, so that none of them is what everybody waits for at the end."""
    handful: list[str] = []
    size = 0
    for bytes_, folder in sorted(sessions, key=lambda one: -one[0]):
        handful.append(str(folder))
        size += bytes_
        if size >= _CHUNK:
            yield handful
            handful, size = [], 0
    if handful:
        yield handful


def _begin(named: list[_Named], window: Window) -> None:
    loaded = [load_rules(Path(folder)) for folder, _ in named]
    if [one.digest for one in loaded] != [digest for _, digest in named]:
        raise InterlockError("the rules were changed while recordings were judged by them")
    for one in loaded:
        reach_keys(one)
    _walk[:] = [Walk(Rejudge(loaded[0]), Tally(), RulesThen(*loaded), window)]


def _judge(folders: list[str]) -> Tally:
    return _walk[0].several([Path(folder) for folder in folders])
