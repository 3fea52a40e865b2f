"""Text inside base64 is text."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from interlock.model import JSON
from interlock.protocols.mcp_blobs import mask_blobs
from interlock.protocols.replies import Treatment

SECRET = "call Erika: 4242"


class Masking:
    """Masks one number."""

    def feed(self, text: str) -> str:
        """Without it."""
        return text.replace("4242", "****")

    def close(self) -> str:
        """Nothing was held."""
        return ""


def encoded(text: bytes) -> str:
    """As base64."""
    return base64.b64encode(text).decode()


@pytest.fixture
def masked(treatment: Callable[..., Treatment]) -> Callable[[JSON], JSON]:
    """What becomes of a result."""

    def run(result: dict[str, JSON]) -> JSON:
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}, indent=1).encode()
        found = mask_blobs(body, result, replace(treatment(), text=Masking))
        return json.loads(found)["result"]

    return run  # type: ignore[return-value]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda blob: {"contents": [{"uri": "u"}, {"uri": "u", "mimeType": "image/png", "blob": blob}]},
        lambda blob: {"content": [{"type": "resource", "resource": {"uri": "u", "blob": blob}}]},
        lambda blob: {"messages": [{"role": "user", "content": {"type": "resource", "resource": {"blob": blob}}}]},
    ],
)
@pytest.mark.parametrize("shape", [str, lambda text: text.rstrip("="), lambda text: text[:4] + "\n" + text[4:]])
def test_text_in_a_blob_is_masked(
    masked: Callable[[JSON], JSON], wrap: Callable[[str], JSON], shape: Callable[[str], str]
) -> None:
    """Wherever resources stand, whatever they say they are, however the base64 is written."""
    found = json.dumps(masked(wrap(shape(encoded(SECRET.encode())))))

    assert encoded(SECRET.replace("4242", "****").encode()) in found


@pytest.mark.parametrize("blob", [encoded(b"\x89PNG\xff4242"), encoded(b"4242\0"), "4242!", "A", "", 7, None])
def test_what_is_no_text_stays(masked: Callable[[JSON], JSON], blob: JSON) -> None:
    """Binary data, and what is no base64."""
    result: JSON = {"contents": [{"uri": "u", "blob": blob}, 7], "content": "x", "messages": [{"content": []}]}

    assert masked(result) == result
