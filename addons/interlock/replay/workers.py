"""Several processes read sessions side by side; each loads the rules itself, from the folder they came from."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from interlock.engine.recording_keys import reach_keys
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.recording.session import EVIDENCE

__all__ = ["ALONE", "Named", "Sized", "handfuls", "largest_first", "load_again", "named", "workers"]

ALONE: Final = 8 << 20
"""Bytes of evidence for which other processes are not worth their start."""
_CHUNK: Final = 4 << 20
"""Bytes of evidence handed over at once, or one session where that is larger."""

type Sized = tuple[int, Path]
"""The size of a session's evidence in bytes, and its folder."""

type Named = tuple[Path, str]
"""A rules folder, and the digest that the rules in it must have."""


def largest_first(folders: Sequence[Path]) -> list[Sized]:
    """Sessions with their sizes: large ones first, so that none of them is what everybody waits for at the end."""
    return sorted(((_size(folder), folder) for folder in folders), key=lambda one: (-one[0], one[1]))


def handfuls(sessions: Sequence[Sized]) -> Iterator[list[Sized]]:
    """Sessions in their order, so many at once as are worth a message to another process."""
    handful: list[Sized] = []
    filled = 0
    for size, folder in sessions:
        handful.append((size, folder))
        filled += size
        if filled >= _CHUNK:
            yield handful
            handful, filled = [], 0
    if handful:
        yield handful


@contextmanager
def workers(processes: int, begin: Callable[..., None], *given: Any) -> Iterator[ProcessPoolExecutor]:
    """So many processes, in each of which `begin` was called first. Raises InterlockError when one ends early."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), begin, given) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            raise InterlockError(
                "a process that read recordings ended early",
                hint="were the rules changed? Is there enough memory? Try --processes 1",
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def named(rules: Rules) -> Named:
    """How other processes find these rules."""
    return rules.folder, rules.digest


def load_again(found: Named) -> Rules:
    """The same rules in another process, which can then open what they encrypt. Raises InterlockError when they were
    changed meanwhile.
    """
    folder, digest = found
    rules = load_rules(folder)
    if rules.digest != digest:
        raise InterlockError("the rules were changed while recordings were read", hint="run it again")
    reach_keys(rules)
    return rules


def _size(folder: Path) -> int:
    try:
        return (folder / EVIDENCE).stat().st_size
    except OSError:
        return 0
