"""The evidence about tools."""

from __future__ import annotations

from interlock.mitm.call import Call
from interlock.mitm.tool_event import tool_event
from interlock.reasons import Reason
from interlock.recording.pin_store import Verdict


def test_a_change_names_members_and_digests() -> None:
    """A member that the protocol does not know is only counted: its name is the server's own text."""
    verdict = Verdict("changed", Reason.TOOL_CHANGED, "d2", "d1", "erika", ("title", "x\x1b[2J", "y"))
    found = tool_event(Call(reference="s/1"), "search", verdict, ["changed", "shadow"], [("docs", "search")])

    assert found == {
        "connection": "",
        "decision": "s/1",
        "tool": "search",
        "findings": ["changed", "shadow"],
        "effect": "forbid",
        "reason": "tool-changed",
        "digest": "d2",
        "pinned": "d1",
        "members": ["another", "title"],
        "by": "erika",
        "twins": ["docs/search"],
    }


def test_what_is_let_pass_says_so() -> None:
    """The first description, or one with hidden text taken out."""
    found = tool_event(Call(), "search", Verdict("first", digest="d"), ["first"], [])

    assert (found["effect"], found["reason"]) == ("permit", "permitted")
    assert "members" not in found
