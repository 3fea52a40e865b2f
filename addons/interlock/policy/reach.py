"""Which operations can happen where: a rule that could never match is an error, not a comfort."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from interlock.policy.pattern import ANY, Pattern
from interlock.settings import Connection

__all__ = ["AGENT", "MODELS", "why_never"]

AGENT = "agent"
MODELS = ("anthropic", "bedrock", "gemini", "openai", "vertex")
_NESTS: Mapping[str, Collection[str]] = {"shell": ("shell", "sql"), "sql": ("sql",)}

_ASKED = ("sample", "elicit", "roots")


def why_never(pattern: Pattern, place: str, connections: Mapping[str, Connection]) -> str:
    """Why an operation of this pattern can never happen on a connection (or on `agent`); empty if it can."""
    protocol = pattern.protocol
    if protocol == ANY:
        return ""
    if place == AGENT:
        return f"{protocol} operations never happen on agent" if protocol in ("model", "graphql") else ""
    connection = connections.get(place)
    if connection is None or protocol == "http":
        return ""
    if protocol == "tool":
        return "a tool_use is what the agent runs itself: write on: agent"
    if protocol == "model":
        return "" if connection.protocol in MODELS else f"{place} is no model API"
    if protocol == "mcp" and pattern.action in _ASKED:
        return f"mcp.{pattern.action} is what a server asks of the agent: write on: agent"
    if protocol in ("mcp", "graphql"):
        return "" if connection.protocol == protocol else f"{place} speaks {connection.protocol}"
    return _why_no_command(protocol, connection)


def _why_no_command(language: str, connection: Connection) -> str:
    """MCP's tools carry commands at known places; elsewhere `commands:` must say where they lie."""
    if connection.protocol in ("mcp", "graphql"):
        return ""
    for place in connection.commands:
        if language in _NESTS.get(place.language, (place.language, *_NESTS)):
            return ""
    return f"{connection.name} has no commands: in {language}"
