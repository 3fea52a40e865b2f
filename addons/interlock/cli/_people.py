"""Options that say who somebody is, and the identities that mint or read tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from interlock.errors import InterlockError

if TYPE_CHECKING:
    from interlock.model import JSON

__all__ = ["parse_claims", "parse_groups", "parse_lifetime"]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def parse_groups(text: str) -> list[str]:
    """The names in `a,b`."""
    return [name.strip() for name in text.split(",") if name.strip()]


def parse_claims(items: Iterable[str]) -> Mapping[str, JSON]:
    """Claims from `name=value`; a value that is JSON is taken as such, any other as text. Raises InterlockError."""
    import msgspec

    found: dict[str, JSON] = {}
    for item in items:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise InterlockError(f"{item!r} is not a claim", hint="as in --claim department=finance")
        try:
            found[name] = msgspec.json.decode(value)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            found[name] = value
    return found


def parse_lifetime(text: str) -> float:
    """Seconds from `50s`, `15m` or `1h`. Raises InterlockError."""
    number, unit = text[:-1], text[-1:]
    if not number.isascii() or not number.isdigit() or unit not in _UNITS or len(number) > 9:
        raise InterlockError(f"{text!r} is not a duration", hint="a number and a unit, as in 50s, 15m or 1h")
    return int(number) * _UNITS[unit]
