"""Canonical JSON (RFC 8785): the one way of writing an event, so that a digest means something.

Members are sorted by UTF-16 code units, no spaces, strings escaped as little as JSON allows. Numbers that other
JSON readers could round (fractions, integers beyond 2^53) become strings, so no reader sees another value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

import msgspec

from interlock.model import JSON

__all__ = ["MAX_DEPTH", "Data", "Uncanonical", "Written", "canonical", "encode", "members", "plain"]

MAX_DEPTH = 64
_EXACT = 1 << 53
_DIGITS = 14_000  # bits; Python refuses to write out longer integers
encode = msgspec.json.Encoder().encode
"""Bytes of a `Written`, as `canonical` gives them; raises ValueError where only that can (lone surrogates)."""
_encode_sorted = msgspec.json.Encoder(order="sorted").encode


class Uncanonical(ValueError):
    """A value that has no place in an event. The message names its type, never the value."""


class Written(msgspec.Struct, kw_only=True, gc=False):
    """An object that is written again and again, and so has its members declared: in the order of their names, which
    are ASCII. Members that are UNSET are left out. The others hold texts, booleans, integers within 2^53, lists of
    these or of `Written`; anything else stands in them as `msgspec.Raw` of its canonical bytes.
    """


type Data = Mapping[str, JSON] | Written
"""What an event says."""


def members(value: Written) -> dict[str, JSON]:
    """The members that are set, by their names in JSON."""
    kind = type(value)
    named = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    return {name: said for name, own in named if (said := getattr(value, own)) is not msgspec.UNSET}


def canonical(value: object) -> bytes:
    """The canonical bytes of a value. Raises Uncanonical for what is not JSON or nested deeper than MAX_DEPTH.

    A `msgspec.Raw` in it is taken for what this made of some part of it before.
    """
    if isinstance(value, Written) or (type(value) is list and value and isinstance(value[0], Written)):
        try:
            return encode(value)
        except ValueError:  # lone surrogates
            return encode(plain(value))
    if (type(value) is dict or type(value) is list) and _is_usual(value):
        try:
            written = _encode_sorted(value)
        except ValueError:  # lone surrogates
            return encode(plain(value))
        if written.isascii():  # sorting names of ASCII is the same in UTF-8 and UTF-16
            return written
    return encode(plain(value))


def _is_usual(value: dict[object, object] | list[object], depth: int = 0) -> bool:
    """Whether there is nothing that `plain` would change, except for what is not ASCII."""
    if depth >= MAX_DEPTH:
        return False
    items: Iterable[object] = value
    if type(value) is dict:
        for key in value:
            if type(key) is not str:
                return False
        items = value.values()
    for item in items:
        kind = type(item)
        if kind is str or item is None or kind is bool or kind is msgspec.Raw:
            continue
        if kind is dict or kind is list:
            if not _is_usual(item, depth + 1):  # type: ignore[arg-type]
                return False
        elif kind is not int or not -_EXACT < item < _EXACT:  # type: ignore[operator]
            return False
    return True


def plain(value: object, depth: int = 0) -> JSON:
    """The value as str, int, bool, None, list and dict with sorted keys. Raises Uncanonical."""
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _text(value)  # type: ignore[attr-defined, return-value, arg-type]
    if value is None or kind is bool:
        return value  # type: ignore[return-value]
    if kind is int:
        return _number(value)  # type: ignore[arg-type]
    if depth >= MAX_DEPTH:
        raise Uncanonical("the event is nested too deeply")
    if kind is dict:
        return _members(value, depth)  # type: ignore[arg-type]
    if kind is list or kind is tuple:
        return [plain(item, depth + 1) for item in value]  # type: ignore[attr-defined]
    return _unusual(value, depth)


def _members(value: Mapping[object, object], depth: int) -> dict[str, JSON]:
    named = {_key(key): item for key, item in value.items()}
    if len(named) != len(value):
        raise Uncanonical("two members of an object have one name")
    keys = sorted(named)
    if not "".join(keys).isascii():
        keys.sort(key=lambda key: key.encode("utf-16-be"))
    depth += 1
    return {key: plain(named[key], depth) for key in keys}


def _key(key: object) -> str:
    if isinstance(key, str):
        return str.__str__(key) if key.isascii() else _text(key)
    raise Uncanonical(f"a member's name is a {type(key).__name__}")


def _text(text: str) -> str:
    """Lone surrogates cannot be written as UTF-8: they are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def _number(value: int) -> int | str:
    if -_EXACT < value < _EXACT:
        return value
    return str(value) if value.bit_length() < _DIGITS else f"an integer of {value.bit_length()} bits"


def _unusual(value: object, depth: int) -> JSON:
    """Subclasses (enums), other mappings and sets; anything else is refused."""
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        return _number(int(value))
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, Mapping):
        return _members(value, depth)
    if isinstance(value, list | tuple):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, Set):
        return sorted((plain(item, depth + 1) for item in value), key=encode)
    if isinstance(value, Written):
        return _members(members(value), depth)  # type: ignore[arg-type]
    if isinstance(value, msgspec.Raw):
        return plain(msgspec.json.decode(value), depth)
    raise Uncanonical(f"a {type(value).__name__} is not JSON")
