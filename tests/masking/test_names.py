"""Members chosen by name."""

from __future__ import annotations

from interlock.masking import MaskRule
from interlock.masking.names import NameSet

RULE = MaskRule("r")


def test_names_are_found_at_any_depth_in_any_spelling():
    """Objects in arrays in objects are looked into; what is chosen is not looked into."""
    document = {"Pass-Word": {"password": 1}, "list": [[{"PASSWORD": None}], "password"], "passwords": 1, "": []}
    found = NameSet({"password": RULE}).select(document)
    assert {place for place, _ in found} == {("Pass-Word",), ("list", 0, 0, "PASSWORD")}
    assert NameSet({"password": RULE}).select("password") == []


def test_memory_of_names_is_bounded():
    """Ever new names do not grow the memory without end, and long ones are not kept."""
    names = NameSet({"x": RULE})
    names.select({f"k{number}": 1 for number in range(25_000)})
    names.select({"k" * 10_000: 1})
    assert len(names._known) <= 10_000
    assert all(len(name) <= 200 for name in names._known)
