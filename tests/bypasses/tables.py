"""The rows of this folder as data: every test with every set of its parameters, to be counted or tried elsewhere."""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

__all__ = ["TRIED", "Row", "rows", "rows_of"]

TRIED = (
    "test_bodies",
    "test_commands",
    "test_everyday",
    "test_model_requests",
    "test_padding",
    "test_readers",
    "test_requests",
)
"""The modules whose tests do nothing but ask `shipped` for verdicts: they hold for whatever decides."""


@dataclass(frozen=True, slots=True)
class Row:
    """A test with one set of parameters."""

    name: str
    test: Callable[..., None]
    given: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self) -> None:
        """Try it; raises what the test raises."""
        self.test(**self.given)


def rows(modules: tuple[str, ...] = TRIED) -> list[Row]:
    """All rows of these modules of this folder."""
    loaded = (importlib.import_module(f"tests.bypasses.{name}") for name in modules)
    return [row for module in loaded for row in _of_module(module)]


def rows_of(test: Callable[..., None]) -> list[Row]:
    """A test with each set of its parameters, as pytest would run it; one row where it has none."""
    marks = [mark for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    found = []
    for number, sets in enumerate(itertools.product(*(_sets(*mark.args[:2]) for mark in marks))):
        given = {name: value for one in sets for name, value in one.items()}
        found.append(Row(f"{test.__name__}[{number}]", test, given))
    return found


def _of_module(module: ModuleType) -> Iterator[Row]:
    for name, test in vars(module).items():
        if name.startswith("test_") and inspect.isfunction(test) and test.__module__ == module.__name__:
            yield from rows_of(test)


def _sets(names: str | tuple[str, ...] | list[str], values: Any) -> list[dict[str, Any]]:
    if isinstance(names, str):
        names = [name.strip() for name in names.split(",")]
    if len(names) == 1:
        return [{names[0]: value} for value in values]
    return [dict(zip(names, value, strict=True)) for value in values]
