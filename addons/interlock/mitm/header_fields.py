"""Header fields as text, without some of them, and by name: pure functions, each worked out once for the same head.

A client sends the same head again and again, and one request's head is looked at by every stage. What is kept is
bounded; fields are the tuples of mitmproxy's `Headers.fields`, names and values in order and as spelled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

__all__ = ["Fields", "fields_of", "lowered", "named", "pairs", "remembered", "without"]

type Fields = tuple[tuple[bytes, bytes], ...]
type Pairs = tuple[tuple[str, str], ...]

_KEPT = 128


def remembered[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """A pure function of fields that remembers its last results; what it raises is raised anew."""
    return functools.lru_cache(maxsize=_KEPT)(function)  # type: ignore[return-value]


@remembered
def pairs(fields: Fields) -> Pairs:
    """Names and values as text; bytes outside UTF-8 survive as surrogates."""
    return tuple((_text(name), _text(value)) for name, value in fields)


@remembered
def lowered(fields: Fields) -> Pairs:
    """The same with names in lower case."""
    return tuple((name.lower(), value) for name, value in pairs(fields))


@remembered
def named(fields: Fields) -> Mapping[str, str]:
    """Values by name in lower case; those of one name are joined by commas (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, value in lowered(fields):
        found[name] = f"{found[name]}, {value}" if name in found else value
    return MappingProxyType(found)


@remembered
def without(fields: Fields, names: frozenset[str]) -> Fields:
    """The fields that have none of these names (lower case)."""
    return fields_of(pair for pair in pairs(fields) if pair[0].lower() not in names)


def fields_of(pairs: Iterable[tuple[str, str]]) -> Fields:
    """The reverse of `pairs`."""
    return tuple((_octets(name), _octets(value)) for name, value in pairs)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
