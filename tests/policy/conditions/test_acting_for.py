"""`acting_for:` in `to:`."""

from __future__ import annotations

from interlock.model import Principal


def test_who_an_agent_acts_for(condition, moment) -> None:
    """The person behind an agent counts, not the agent; acting for nobody matches nobody."""
    test = condition("to", "acting_for: [erika]")

    assert test(moment(who=Principal("corp", "i", "bot", acting_for="erika")))
    assert not test(moment(who=Principal("corp", "i", "erika")))
