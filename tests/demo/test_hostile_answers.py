"""What is too much to be read at once is refused, and what is merely long is read."""

from __future__ import annotations

import pytest

from interlock.demo.hostile_answers import ANSWERS

REFUSED = {
    "20,000 events that nothing announces",
    "tools/list of 100,000 texts",
    "a call with 100,000 texts",
    "a call with 50,000 commands",
}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_each_is_read_or_refused(name: str) -> None:
    """For what is refused there is a bound; a stream comes in pieces and has none but for what is held."""
    assert ANSWERS[name]() is (name in REFUSED)
