"""What of Gemini documents is not rewritten."""

from __future__ import annotations

import pytest

from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.protected_gemini import protected_gemini

PARTS: tuple[str | int, ...] = ("contents", 0, "parts", 0)


@pytest.mark.parametrize(
    ("part", "member", "stays"),
    [
        ({"text": "x"}, ("text",), False),
        ({"text": "x", "thoughtSignature": "s"}, ("thoughtSignature",), True),
        ({"thought_signature": "s"}, ("thought_signature",), True),
        ({"inlineData": {"mimeType": "image/png", "data": "x"}}, ("inlineData", "data"), True),
        ({"functionCall": {"name": "f", "args": {"name": "x"}}}, ("functionCall", "name"), True),
        ({"functionCall": {"name": "f", "args": {"name": "x"}}}, ("functionCall", "args", "name"), False),
        ({"functionResponse": {"name": "f", "response": {"id": "x"}}}, ("functionResponse", "response", "id"), False),
    ],
)
def test_by_place(part: JSON, member: Location, stays: bool) -> None:
    """Signatures and structure stay; arguments and results are the agent's own."""
    assert protected_gemini({"contents": [{"parts": [part]}]})((*PARTS, *member)) is stays
