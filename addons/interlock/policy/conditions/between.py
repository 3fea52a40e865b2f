"""`between: "08:00-18:00"`, `days: [mon-fri]`, `zone: Europe/Berlin`: the time on a wall clock in that zone.

The end is not included. `22:00-06:00` runs over midnight; its days are those on which it begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from interlock.model import Effect
from interlock.policy.condition import Condition
from interlock.policy.context import Context, Test
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["PART"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\Z", re.ASCII)
_FULL_DAY = 24 * 60


def _read(members: Mapping[str, Node], effect: Effect, reader: Reader) -> Test | None:
    first = next(iter(members.values()))
    if "zone" not in members:
        reader.error(first, "a time needs a zone", "add zone: Europe/Berlin (or zone: UTC)")
        return None
    if len(members) == 1:
        reader.error(first, "zone alone says nothing", "add between: or days:")
        return None
    zone = _zone(members["zone"], reader)
    days = _days(members["days"], reader) if "days" in members else frozenset(range(7))
    window = _window(members["between"], reader) if "between" in members else (0, _FULL_DAY)
    if zone is None or window is None or not days:
        return None
    return _test(zone, window[0], window[1], days)


def _test(zone: ZoneInfo, start: int, end: int, days: frozenset[int]) -> Test:
    def within(context: Context) -> bool:
        local = datetime.fromtimestamp(context.now, zone)
        minute = local.hour * 60 + local.minute
        return start <= minute < end and local.weekday() in days

    def over_midnight(context: Context) -> bool:
        local = datetime.fromtimestamp(context.now, zone)
        minute, day = local.hour * 60 + local.minute, local.weekday()
        return (minute >= start and day in days) or (minute < end and (day - 1) % 7 in days)

    return within if start < end else over_midnight


def _zone(node: Node, reader: Reader) -> ZoneInfo | None:
    name = reader.text(node, "zone")
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):
        hint = "as in Europe/Berlin or UTC; the machine needs the time zone database (tzdata)"
        reader.error(node, f"zone {name!r} does not exist", hint)
        return None


def _window(node: Node, reader: Reader) -> tuple[int, int] | None:
    text = reader.text(node, "between")
    match = _WINDOW.match(text)
    if match:
        hour, minute, until_hour, until_minute = (int(part) for part in match.groups())
        start, end = hour * 60 + minute, until_hour * 60 + until_minute
        if max(minute, until_minute) < 60 and start < _FULL_DAY and end <= _FULL_DAY and start != end:
            return start, end
    reader.error(node, f"between {text!r} is not a window of time", 'as in "08:00-18:00" or "22:00-06:00"')
    return None


def _days(node: Node, reader: Reader) -> frozenset[int]:
    found: set[int] = set()
    for text in reader.texts(node, "days"):
        first, dash, last = text.partition("-")
        if first not in _DAYS or (dash and last not in _DAYS):
            reader.error(node, f"{text!r} is not a day", "mon, tue, wed, thu, fri, sat, sun, or a range: mon-fri")
            continue
        day, until = _DAYS.index(first), _DAYS.index(last or first)
        found.update((day + step) % 7 for step in range((until - day) % 7 + 1))
    return frozenset(found)


PART = Condition("between", "when", ("between", "days", "zone"), _read)
