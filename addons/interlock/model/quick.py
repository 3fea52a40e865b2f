"""Frozen dataclasses that are made as fast as others.

A frozen dataclass sets each field through `object.__setattr__`, which takes longer than all else that making one
takes. `quick` gives it a constructor that fills the same slots while the object is of an open twin of its class, and
then makes it what it is. Nobody meets it open: it is handed out by its constructor alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any

__all__ = ["quick"]


def quick[T](kind: type[T]) -> type[T]:
    """The same frozen, slotted dataclass with a fast constructor. Raises TypeError for one that is built otherwise."""
    parameters: Any = getattr(kind, "__dataclass_params__", None)
    slots = vars(kind).get("__slots__")
    if parameters is None or not parameters.frozen or not parameters.init or slots is None:
        raise TypeError(f"{kind.__name__} is no frozen dataclass with slots")
    members = fields(kind)  # type: ignore[arg-type]
    if any(not member.init for member in members) or hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} does more than set its fields when it is made")
    twin = type(f"_{kind.__name__}", kind.__bases__, {"__slots__": slots})
    kind.__init__ = _constructor(kind, twin, members)  # type: ignore[method-assign]
    return kind


def _constructor(kind: Any, twin: type, members: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Written out as `dataclasses` does it: names alone go into the source, values into its namespace."""
    space: dict[str, Any] = {"_set": object.__setattr__, "_open": twin, "_kind": kind, "_slow": kind.__init__}
    space["_missing"] = MISSING
    plain: list[str] = []
    named: list[str] = []
    made_anew: list[str] = []
    body = ["if self.__class__ is not _kind:", f"  return _slow(self, {', '.join(_passed(one) for one in members)})"]
    body += ["_set(self, '__class__', _open)"]
    for member in members:
        name, default = member.name, ""
        if member.default is not MISSING:
            space[f"_default_{name}"], default = member.default, f"=_default_{name}"
        elif member.default_factory is not MISSING:
            space[f"_make_{name}"], default = member.default_factory, "=_missing"
            made_anew.append(f"if {name} is _missing: {name} = _make_{name}()")
        (named if member.kw_only else plain).append(name + default)
        body.append(f"self.{name} = {name}")
    body.append("self.__class__ = _kind")
    head = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    exec("\n ".join([f"def __init__({head}):", *made_anew, *body]), space)  # noqa: S102
    made: Callable[..., None] = space["__init__"]
    made.__qualname__ = f"{kind.__qualname__}.__init__"
    made.__annotations__ = {**space["_slow"].__annotations__}
    return made


def _passed(member: Field[Any]) -> str:
    return f"{member.name}={member.name}" if member.kw_only else member.name
