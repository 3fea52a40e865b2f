"""Parts are found by being there; what is wrong with one stops the start."""

from __future__ import annotations

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from interlock.errors import InterlockError
from interlock.policy.condition import Condition
from interlock.registry import parts

_numbers = itertools.count()
_PART = """
from interlock.policy.condition import Condition
PART = Condition({name!r}, "to", (), lambda members, effect, reader: None)
"""

type Make = Callable[[dict[str, str]], ModuleType]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """A package of the given files."""
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)

    def made(files: dict[str, str]) -> ModuleType:
        name = f"parts_of_a_test_{next(_numbers)}"
        (tmp_path / name).mkdir()
        for file, text in {"__init__.py": "", **files}.items():
            (tmp_path / name / file).write_text(text)
        return importlib.import_module(name)

    yield made
    for name in set(sys.modules) - known:
        if name.startswith("parts_of_a_test_"):
            del sys.modules[name]


def test_parts_are_sorted_by_name(make: Make) -> None:
    """By their own name, not by their file's, so that the order is the same everywhere."""
    package = make({"a.py": _PART.format(name="zebra"), "b.py": _PART.format(name="ape"), "_helper.py": "1"})
    assert list(parts(package, Condition)) == ["ape", "zebra"]


def test_an_empty_folder_holds_none(make: Make) -> None:
    """No part is no error here; whoever needs one says so."""
    assert parts(make({}), Condition) == {}


@pytest.mark.parametrize("text", ["", "PART = None", "PART = 'a condition'"])
def test_a_file_without_a_part_stops_the_start(make: Make, text: str) -> None:
    """A file that is no part of this kind is a mistake, and the message names it."""
    with pytest.raises(InterlockError, match=r"\.odd defines no PART of type Condition") as caught:
        parts(make({"odd.py": text}), Condition)
    assert "underscore" in caught.value.hint


def test_two_parts_of_one_name_stop_the_start(make: Make) -> None:
    """Which of them would count must not depend on the order of files."""
    package = make({"a.py": _PART.format(name="same"), "b.py": _PART.format(name="same")})
    with pytest.raises(InterlockError, match="two parts are named 'same'"):
        parts(package, Condition)


def test_a_broken_part_is_not_skipped(make: Make) -> None:
    """What cannot be imported raises: the start fails instead of going on with one detector less."""
    with pytest.raises(ZeroDivisionError):
        parts(make({"broken.py": "1 / 0"}), Condition)
