"""The flat lists of format 1."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.model import Access
from interlock.recording.format_1 import is_old, old_operation


def test_a_list_without_the_later_members_is_old() -> None:
    """One such member is enough for it not to be."""
    flat: list[Any] = [{"name": "sql.read", "access": "read", "place": "/q", "tables": ["t"]}, {"more": True}]
    assert is_old(flat)
    assert not is_old([*flat, {"name": "sql.read", "arguments": {}}])


@pytest.mark.parametrize("value", [None, 7, [], {}, ["x"]])
def test_what_is_not_kept_is_of_the_most_dangerous_kind(value: Any) -> None:
    """Whatever the members claim."""
    found = old_operation({"name": "model.message", "access": value, "model": value, "place": value}, (), True, True)
    assert (found.access, found.resource, found.place, found.agent, found.covered) == (
        Access.UNKNOWN,
        "",
        "",
        True,
        False,
    )
