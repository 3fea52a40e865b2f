"""Several processes judge sessions side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait

from interlock.engine.rules import Rules
from interlock.replay.rejudge import Rejudge
from interlock.replay.rules_then import RulesThen
from interlock.replay.tally import Tally
from interlock.replay.walk import Walk, Window
from interlock.replay.workers import Named, Sized, handfuls, load_again, named, workers

__all__ = ["judge_together"]

_walk: list[Walk] = []


def judge_together(
    sessions: Sequence[Sized], rules: Rules, then: Rules | None, window: Window, processes: int
) -> Iterator[Tally]:
    """The counts of one handful of sessions after the other, as they are done.

    Raises InterlockError when a process ends early, or the rules were changed meanwhile.
    """
    found = [named(one) for one in (rules, then) if one is not None]
    with workers(processes, _begin, found, window) as pool:
        running: set[Future[Tally]] = set()
        for handful in handfuls(sessions):
            running.add(pool.submit(_judge, handful))
            if len(running) > processes * 2:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (one.result() for one in done)


def _begin(found: Sequence[Named], window: Window) -> None:
    loaded = [load_again(one) for one in found]
    _walk[:] = [Walk(Rejudge(loaded[0]), Tally(), RulesThen(*loaded), window)]


def _judge(handful: Sequence[Sized]) -> Tally:
    return _walk[0].several([folder for _, folder in handful])
