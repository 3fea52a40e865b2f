"""Tests for interlock.engine.inline."""

from __future__ import annotations

from interlock.engine.inline import Inline, analyse_inline
from interlock.model import Access, Operation


class Hand:
    """A clock that is set by hand, and goes on by `step` each time it is asked."""

    def __init__(self) -> None:
        self.now = 100.0
        self.step = 0.0

    def __call__(self) -> float:
        """Seconds."""
        self.now += self.step
        return self.now


def understood(found: tuple[Operation, ...]) -> bool:
    """Whether nothing in it is unknown."""
    return all(part.access is not Access.UNKNOWN for operation in found for part in operation.walk())


def test_a_large_text_is_not_understood() -> None:
    """It would hold up every other agent; its text stays for the blocklist."""
    (found,) = analyse_inline("echo " + "x" * 100_000, "shell", place="/a", agent=True)

    assert (found.access, found.arguments["flags"]) == (Access.UNKNOWN, ["not-understood", "too-large"])
    assert (found.place, found.agent, len(found.text)) == ("/a", True, 100_005)


def test_an_answer_that_costs_too_much_is_not_understood_any_more() -> None:
    """What it already cost is what counts, not how many calls there were."""
    clock = Hand()
    inline = Inline(clock)
    clock.step = 0.2
    verdicts = [understood(inline(f"ls {number}", "shell")) for number in range(8)]

    assert verdicts[:2] == [True, True]
    assert not all(verdicts)


def test_an_answer_that_lasts_may_cost_more() -> None:
    """A share of its time, so that a long stream with many calls is read to its end."""
    clock = Hand()
    inline = Inline(clock)
    for number in range(50):
        clock.now += 2.0
        clock.step = 0.1
        assert understood(inline(f"ls {number}", "shell"))
        clock.step = 0.0


def test_a_spent_answer_recovers() -> None:
    """Its next call is read again when enough time has gone by."""
    clock = Hand()
    inline = Inline(clock)
    clock.step = 1.0
    inline("ls 1", "shell")
    clock.step = 0.0
    assert not understood(inline("ls 2", "shell"))
    clock.now += 10.0
    assert understood(inline("ls 3", "shell"))
