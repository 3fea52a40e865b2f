"""What is replaced inside mitmproxy where no hook reaches, and that it still is what the replacement was made for.

Methods without an underscore's promise can change in any release. A replacement that no longer fits would not fail, it
would let pass: so everything is looked at before anything is replaced, and another shape stops the start.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from interlock.errors import InterlockError

__all__ = ["Replacement", "changed", "check", "check_attributes", "put_in"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One function of a class or module. `make` is given what stands there and returns what takes its place.

    `parameters` are the names of the original's; `uses` are attributes of the owner's objects that the new one needs.
    """

    owner: Any
    name: str
    parameters: tuple[str, ...]
    make: Callable[[Any], Any]
    uses: tuple[str, ...] = ()


def put_in(*replacements: Replacement) -> Callable[[], None]:
    """Replace all of them; what it returns puts the originals back. Raises InterlockError, with nothing replaced."""
    for entry in replacements:
        check(entry.owner, entry.name, *entry.parameters)
        check_attributes(entry.owner, *entry.uses)
    before = [(entry.owner, entry.name, getattr(entry.owner, entry.name)) for entry in replacements]
    for entry, (_, _, original) in zip(replacements, before, strict=True):
        setattr(entry.owner, entry.name, entry.make(original))

    def restore() -> None:
        for owner, name, original in reversed(before):
            setattr(owner, name, original)

    return restore


def check(owner: Any, name: str, *parameters: str) -> None:
    """Raises InterlockError unless there is such a function, with exactly these parameters."""
    function = getattr(owner, name, None)
    if not callable(function) or tuple(inspect.signature(function).parameters) != parameters:
        raise changed(owner, name)


def check_attributes(kind: Any, *names: str) -> None:
    """Raises InterlockError for the first that objects of this class do not have: declared, or set when they begin."""
    if not names:
        return
    known = set(dir(kind))
    for base in inspect.getmro(kind):
        known |= set(vars(base).get("__annotations__", ()))
        begin = vars(base).get("__init__")
        if inspect.isfunction(begin):
            known |= set(begin.__code__.co_names)
    for name in names:
        if name not in known:
            raise changed(kind, name)


def changed(owner: Any, name: str) -> InterlockError:
    """The error that stops the start: what is different, and what to do."""
    place = f"{getattr(owner, '__name__', owner)}.{name}"
    return InterlockError(
        f"this version of mitmproxy is not the one that Interlock was built for: {place} has changed",
        hint="install the version that requirements.lock names: pip install --require-hashes -r requirements.lock",
    )
