"""States and the moves between them."""

from __future__ import annotations

from interlock.paths.automaton import Automaton
from interlock.paths.compile import read_steps


def _automaton(*texts):
    return Automaton([read_steps(text)[0] for text in texts])


def test_no_paths_have_no_states():
    """Where nothing can be selected, nothing begins."""
    assert _automaton().start is None


def test_a_state_knows_what_matters_of_a_value():
    """Names, and whether a child that has none of them can be chosen itself."""
    automaton = _automaton("$..a", "$.b.c")
    start = automaton.start
    automaton.expand(start)
    assert set(start.names) == {"a", "b"}
    assert start.plain
    assert start.other is start.element
    every = _automaton("$..*")
    every.expand(every.start)
    assert not every.start.plain


def test_a_move_is_worked_out_once():
    """What a filter said is folded into the move, which is the same the next time."""
    automaton = _automaton("$[?@.a].b")
    automaton.expand(automaton.start)
    first = automaton.move(automaton.start, None, 1)
    assert first is automaton.move(automaton.start, None, 1)
    assert automaton.move(automaton.start, None, 0) is None
    automaton.expand(first)
    assert set(first.names) == {"b"}
