"""Texts that may be commands."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.protocols.perhaps_commands import perhaps_commands, speaks_shell
from interlock.reasons import Reason


@pytest.mark.parametrize(
    ("tool", "speaks"),
    [("Bash", True), ("run_in_terminal", True), ("exec", True), ("Look", False), ("brunch", False)],
)
def test_a_name_says_what_a_tool_is(tool: str, speaks: bool) -> None:
    """Whole words of it."""
    assert speaks_shell(tool) is speaks


@pytest.mark.parametrize(
    ("tool", "members", "places"),
    [
        ("look", {"runScript": "rm -rf /"}, ["/a/runScript"]),
        ("look", {"script": {"on": ["rm", "-rf", "/"]}}, ["/a/script/on/0"]),
        ("look", {"text": "rm -rf /"}, []),
        ("look", {"description": "rm -rf /"}, []),
        ("shell", {"text": "rm -rf /"}, ["/a/text"]),
        ("shell", {"description": "rm -rf /"}, []),
        ("shell", {"command": "rm -rf /"}, []),
        ("shell", {"text": "ls -l"}, []),
        ("shell", {"text": 5, "more": None}, []),
    ],
)
def test_what_would_do_harm_is_an_operation(tool: str, members: dict[str, JSON], places: list[str]) -> None:
    """What a known member holds was judged already; prose and what only reads are none."""
    assert [found.place for found in perhaps_commands(tool, members, ("a",), analyse)] == places


def test_what_is_read_is_bounded() -> None:
    """More than that is a file, or a trick."""
    with pytest.raises(BodyRejected):
        perhaps_commands("shell", {"x": [f"ls a; rm b{at} " + "c" * 9000 for at in range(20)]}, (), analyse)


def test_more_texts_than_are_read_are_refused() -> None:
    """However short each of them is; what was read until then is not told as all there is."""
    asked: list[str] = []

    def analyse(text: str, language: str, dialect: str = "", **more: object) -> tuple[Operation, ...]:
        asked.append(text)
        return ()

    with pytest.raises(BodyRejected) as told:
        perhaps_commands("run", {"items": [f"x;rm {n}" for n in range(20_000)]}, ("a",), analyse)
    assert told.value.reason is Reason.BODY_UNPARSABLE
    assert "more commands than can be read" in str(told.value)
    assert len(asked) <= 500
