"""Members that are judged by their names, in the one spelling that the API gives them."""

from __future__ import annotations

from typing import Final

from interlock.errors import BodyRejected
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["CONTENT", "MESSAGE", "TOOL", "require_spelling"]

MESSAGE: Final = frozenset(
    (
        "anthropic_beta", "betas", "container", "data_sources", "fallback_models", "fallbacks", "functions", "input",
        "instructions", "max_tokens", "mcp_servers", "messages", "model", "models", "plugins", "prompt", "requests",
        "search_parameters", "stream", "system", "tools", "web_search_options",
    )
)  # fmt: skip
"""Of a request."""
TOOL: Final = frozenset(
    ("custom", "environment", "execution", "function", "name", "server_url", "tools", "type", "url")
)
"""Of a tool or a server that a request offers."""
CONTENT: Final = frozenset(
    ("audio_url", "content", "file", "file_id", "file_url", "image_url", "output", "role", "source", "type", "url",
     "video_url")
)  # fmt: skip
"""Of a part of a message."""


def require_spelling(member: Member, names: frozenset[str]) -> None:
    """Raises BodyRejected (BODY_AMBIGUOUS) where one of `names` stands in other letters, `Tools` for `tools`: servers
    that compare members regardless of case (Go's encoding/json does) would read what was not judged.
    """
    for name in member:
        if name not in names and name.casefold() in names:
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "a member's name is not in the letters of the API")
