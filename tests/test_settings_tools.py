"""`tools:` of an MCP connection."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.settings_tools import ToolSettings, read_tools
from interlock.source import read_yaml_text


def read(text: str, protocol: str = "mcp") -> ToolSettings:
    """The settings of this text. Raises RulesInvalid."""
    reader = Reader()
    found = read_tools(read_yaml_text(text, "x.yaml"), reader, protocol)
    reader.finish()
    return found


def test_defaults() -> None:
    """Changes are forbidden; what comes later is reported, unless there is a reviewed file."""
    assert read_tools(None, Reader(), "http") == ToolSettings("", "forbid", "report")
    assert read("{changed: report}") == ToolSettings("", "report", "report")
    assert read("{pins: pins/t.json}") == ToolSettings("pins/t.json", "forbid", "forbid")
    assert read("{pins: pins/t.json, added: report}").added == "report"


@pytest.mark.parametrize(
    ("text", "protocol", "said"),
    [
        ("{changed: no}", "mcp", "changed"),
        ("{pins: t.yaml}", "mcp", "not a JSON file"),
        ("{pins: ../t.json}", "mcp", "not a JSON file"),
        ("{pin: t.json}", "mcp", "no member 'pin'"),
        ("{}", "http", "speaks http"),
    ],
)
def test_what_is_wrong_is_said(text: str, protocol: str, said: str) -> None:
    """With its place."""
    with pytest.raises(RulesInvalid, match=said):
        read(text, protocol)
