"""The evasions of tests/bypasses, counted: what the README says of them is true."""

from __future__ import annotations

import re

from tests.bypasses.attacks import ATTACKS, counts, named
from tests.bypasses.attacks import tests_here as _tests_here
from tests.house.project import nothing, readme

SPREAD = 400
"""By how much the README may lag behind."""


def test_every_bypass_is_of_a_kind() -> None:
    """A test of that folder without a kind would not be counted."""
    nothing(f"{test}: name it in tests/bypasses/attacks.py" for test in _tests_here() - named())


def test_every_kind_has_vectors() -> None:
    """Several, each with a look-alike somewhere, unless nothing can look alike."""
    nothing(attack.what for attack in ATTACKS if counts(attack)[0] < 3)


def test_the_readme_counts_them() -> None:
    """At least as many as it says, and not many more."""
    said = re.search(r"more than (\d+) vectors of (\d+) kinds.*?more than (\d+) look-alikes", readme(), re.DOTALL)
    assert said is not None
    vectors, twins = counts(*ATTACKS)

    assert int(said[1]) < vectors <= int(said[1]) + SPREAD
    assert int(said[2]) == len(ATTACKS)
    assert int(said[3]) < twins <= int(said[3]) + SPREAD
