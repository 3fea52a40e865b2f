"""Finds one-file parts: every module of a package that defines `PART`, by name, sorted.

A folder of parts (detectors, languages, adapters, conditions, sources, schemes) needs no list: a file is enough.
A module without `PART`, or two parts of one name, stops the start.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

from interlock.errors import InterlockError

__all__ = ["parts"]


def parts[T](package: ModuleType, kind: type[T]) -> dict[str, T]:
    """All parts of `package`, keyed by their `name`, in order of name.

    Each module holds `PART`, an instance of `kind` with a `name`. Raises InterlockError for a module without one,
    a part of another kind, or two of one name.
    """
    found: dict[str, T] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda entry: entry.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        part = getattr(module, "PART", None)
        if not isinstance(part, kind):
            raise InterlockError(
                f"{module.__name__} defines no PART of type {kind.__name__}",
                hint="every file in this folder is one part; helpers begin with an underscore",
            )
        name: str = part.name  # type: ignore[attr-defined]
        if name in found:
            raise InterlockError(f"two parts are named {name!r} in {package.__name__}", hint="rename one of them")
        found[name] = part
    return dict(sorted(found.items()))
