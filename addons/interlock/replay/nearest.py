"""What of a recording comes nearest to a request that is not in it, and where they differ; never what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

import msgspec

from interlock.model import JSON
from interlock.paths.location import pointer
from interlock.replay.entry import Entry

__all__ = ["Nearest", "differing", "nearest"]

_LOOKED_AT: Final = 200
_LEAVES: Final = 5000
_PLACES: Final = 10


@dataclass(frozen=True, slots=True)
class Nearest:
    """`places` are JSON Pointers into the body, or `method`, `path`, `query NAME`; `more` counts further ones.

    `given` says that this answer was given already.
    """

    reference: str
    method: str
    path: str
    places: tuple[str, ...] = ()
    more: int = 0
    given: bool = False


def nearest(method: str, target: str, candidates: Iterable[tuple[Entry, JSON, JSON, bool]]) -> Nearest | None:
    """The candidate with the most in common. Each comes with its body, the body asked for, and whether it was given."""
    best: tuple[tuple[int, int, int, float], Nearest] | None = None
    for number, (entry, recorded, asked, given) in enumerate(candidates):
        if number >= _LOOKED_AT:
            break
        path, found = target.partition("?"), entry.flow.path.partition("?")
        same_path, same_method = path[0] == found[0], method == entry.flow.method
        places, share = differing(recorded, asked)
        outer = [] if same_method else ["method"]
        outer += [] if same_path else ["path"]
        outer += sorted(f"query {name}" for name in _names(path[2], found[2]))
        all_places = [*outer, *places]
        rank = (same_path, same_method, not given, share)
        if best is None or rank > best[0]:
            best = rank, Nearest(
                entry.reference, entry.flow.method, found[0], tuple(all_places[:_PLACES]),
                max(0, len(all_places) - _PLACES), given,
            )  # fmt: skip
    return best[1] if best is not None else None


def differing(one: JSON, other: JSON) -> tuple[list[str], float]:
    """The places at which two documents differ, and which share of them is alike."""
    here, there = dict(_leaves(one)), dict(_leaves(other))
    names = {*here, *there}
    places = sorted(name for name in names if here.get(name) != there.get(name) or (name in here) != (name in there))
    return places, 1 - len(places) / max(1, len(names))


def _leaves(value: JSON) -> Iterator[tuple[str, bytes]]:
    todo: list[tuple[str, JSON]] = [("", value)]
    count = 0
    while todo and count < _LEAVES:
        place, inner = todo.pop()
        if isinstance(inner, dict) and inner:
            todo.extend((place + pointer((name,)), member) for name, member in inner.items())
        elif isinstance(inner, list) and inner:
            todo.extend((f"{place}/{index}", item) for index, item in enumerate(inner))
        else:
            count += 1
            yield place, msgspec.json.encode(inner)


def _names(one: str, other: str) -> set[str]:
    here, there = (set(parse_qsl(query, keep_blank_values=True)) for query in (one, other))
    return {name for name, _ in here ^ there}
