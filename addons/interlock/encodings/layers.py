"""Encodings around encodings: every text that somebody could get out of a value, within bounds.

JSON inside strings, base64 (both alphabets, padded or not, UTF-8 or UTF-16, gzip or zlib inside), hexadecimal, URL
escapes, HTML entities and backslash escapes, up to six of them around each other. Time and output grow with the
length of the value; where a bound cuts something off, the result says that it is not complete.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from interlock.encodings.decoders import Budget, Step, could_hide, steps

__all__ = ["MAX_DEPTH", "Layer", "Layers", "unwrap"]

MAX_DEPTH = 6
_ROOM = 64 << 10
_GROWTH = 8
_MAX_TEXT = 4 << 20
_TRIES = 20_000  # of the strings and runs in one value; a data file may hold more, and is one


@dataclass(frozen=True, slots=True)
class Layer:
    """One text found inside another. `how` names the encodings, outermost first, joined by ` > `.

    `at` is where in the outermost text the first of them begins, in characters. `whole` means that each of them was
    the whole of what it stood in. `document` is what JSON held (numbers as their digits); `text` is then its strings.
    """

    text: str
    how: str
    at: int
    whole: bool
    document: object = None


@dataclass(frozen=True, slots=True)
class Layers:
    """What was found; not `complete` if a bound cut something off, or some JSON can be read in two ways.

    `too_deep`: something is encoded more often than is looked into. `cut`: a bound was met, so that more may be hidden.
    """

    found: tuple[Layer, ...] = ()
    complete: bool = True
    too_deep: bool = False
    cut: bool = False


_NOTHING = Layers()


def unwrap(text: str, budget: Budget | None = None) -> Layers:
    """Every text inside `text`; nothing for most texts. Never raises. Several values may share a budget's tries."""
    if len(text) > _MAX_TEXT:
        hides = could_hide(text)
        return Layers((), not hides, cut=hides)
    if not could_hide(text):
        return _NOTHING
    if budget is not None and not budget.spend():
        return Layers((), False, cut=True)
    budget = budget or Budget(0, _TRIES)
    budget.size = _GROWTH * len(text) + _ROOM
    undone = steps(text, budget)
    first = next(undone, None)
    if first is None:  # so it is for most: words, names, numbers
        return Layers((), False, cut=True) if budget.spent else _NOTHING
    found: list[Layer] = []
    complete, too_deep, cut = True, False, False
    todo: deque[tuple[Layer, int]] = deque([(Layer(text, "", 0, True), 0)])
    seen = {text}
    while todo:
        outer, depth = todo.popleft()
        for step in steps(outer.text, budget) if depth else chain((first,), undone):
            layer = _inside(outer, step)
            budget.size -= len(layer.text)
            if budget.size < 0:
                return Layers(tuple(found), False, cut=True)
            complete, cut = complete and not step.cut, cut or (step.cut and step.document is None)
            if step.document is None and layer.text in seen:
                continue
            seen.add(layer.text)
            found.append(layer)
            hiding = _hiding(layer, budget)
            if depth + 1 < MAX_DEPTH:
                todo.extend((one, depth + 1) for one in hiding)
            elif any(next(steps(one.text, budget), None) for one in hiding):
                complete, too_deep = False, True
    cut = cut or budget.spent
    return Layers(tuple(found), complete and not cut, too_deep, cut)


def _hiding(layer: Layer, budget: Budget) -> list[Layer]:
    """What of a layer may hide something again: its text, or the strings of its document."""
    if layer.document is None:
        return [layer] if could_hide(layer.text) else []
    strings = (text for text in _strings(layer.document) if could_hide(text) and budget.spend())
    return [Layer(text, layer.how, layer.at, False) for text in strings]


def _inside(outer: Layer, step: Step) -> Layer:
    text = step.text if step.document is None else "\n".join(_strings(step.document))
    how = f"{outer.how} > {step.how}" if outer.how else step.how
    return Layer(text, how, outer.at if outer.how else step.at, outer.whole and step.whole, step.document)


def _strings(document: object) -> Iterator[str]:
    todo = [document]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, dict):
            for name, member in reversed(value.items()):
                todo += (member, name)
