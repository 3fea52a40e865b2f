"""JSON from traffic, as much of it as an event has room for. Numbers that JSON readers would round are kept exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from interlock.model import JSON
from interlock.recording.canonical import canonical

__all__ = ["Bounded", "restore_numbers"]

_MAX_CHARACTERS = 40_000
_MAX_TEXT = 4096
_MAX_DEPTH = 16
_A_VALUE = 4  # characters that a value takes besides its own
_EXACT = 1 << 53
_MAX_NUMBERS = 1000


class Bounded:
    """`members` as far as there is room: `size` in characters, `cut` where something was left out.

    `kept` marks one that will be asked for again. `numbers` are the places (names and indexes) of fractions and large
    integers, kept as text.
    """

    __slots__ = ("_left", "_written", "cut", "kept", "members", "numbers", "size")

    def __init__(self, members: Mapping[str, JSON] | None) -> None:
        self.cut = members is None
        self.kept = False
        self._written: msgspec.Raw | None = None
        self.numbers: list[JSON] = []
        self._left = _MAX_CHARACTERS
        self.members = self._mapping(members or {}, ())
        self.size = _MAX_CHARACTERS - self._left

    def written(self) -> msgspec.Raw:
        """The members as the bytes that they become in an event, made once."""
        if self._written is None:
            self._written = msgspec.Raw(canonical(self.members))
        return self._written

    def _value(self, value: JSON, at: tuple[str | int, ...]) -> JSON:
        kind = type(value)
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]
        self._left -= _A_VALUE
        if value is None or kind is bool:
            return value
        if kind is int or kind is float:
            return self._number(value, at)  # type: ignore[arg-type]
        if len(at) >= _MAX_DEPTH:
            self.cut = True
            return None
        if isinstance(value, Mapping):
            return self._mapping(value, at)
        if isinstance(value, list | tuple):
            return self._list(value, at)
        return self._text(str(value))

    def _text(self, text: str) -> str:
        room = min(_MAX_TEXT, max(self._left, 0))
        if len(text) > room:
            self.cut = True
            text = text[:room]
        self._left -= len(text) + _A_VALUE
        return text

    def _number(self, value: float, at: tuple[str | int, ...]) -> JSON:
        if type(value) is int and -_EXACT < value < _EXACT:
            return value
        if len(self.numbers) >= _MAX_NUMBERS or (type(value) is int and value.bit_length() > _MAX_TEXT):
            self.cut = True
            return None
        self.numbers.append([*at])
        return self._text(repr(value))

    def _mapping(self, value: Mapping[str, JSON], at: tuple[str | int, ...]) -> dict[str, JSON]:
        found: dict[str, JSON] = {}
        for name, member in value.items():
            if self._left <= 0 or len(name) > _MAX_TEXT:
                self.cut = True
                break
            self._left -= len(name)
            found[name] = self._value(member, (*at, name))
        return found

    def _list(self, value: Sequence[JSON], at: tuple[str | int, ...]) -> list[JSON]:
        found: list[JSON] = []
        for index, item in enumerate(value):
            if self._left <= 0:
                self.cut = True
                break
            found.append(self._value(item, (*at, index)))
        return found


def restore_numbers(members: dict[str, JSON], numbers: Sequence[JSON]) -> dict[str, JSON]:
    """A copy of members in which the texts at these places are numbers again; what is no number stays. Never raises."""
    found = _copied(members)
    for steps in numbers[:_MAX_NUMBERS]:
        if isinstance(steps, list) and 0 < len(steps) <= _MAX_DEPTH:
            _restore(found, steps)
    return found if isinstance(found, dict) else {}


def _copied(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {name: _copied(member) for name, member in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _restore(value: JSON, steps: list[JSON]) -> None:
    """Follows the steps and replaces what stands at their end, in place."""
    for step in steps[:-1]:
        if not _has(value, step):
            return
        value = value[step]  # type: ignore[index]
    if _has(value, steps[-1]):
        value[steps[-1]] = _read(value[steps[-1]])  # type: ignore[index]


def _has(value: JSON, step: JSON) -> bool:
    if isinstance(value, dict):
        return isinstance(step, str) and step in value
    return isinstance(value, list) and type(step) is int and 0 <= step < len(value)


def _read(value: JSON) -> JSON:
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        return value
    try:
        return int(value)
    except ValueError:
        pass
    try:
        found = float(value)
    except ValueError:
        return value
    return found if math.isfinite(found) else value
