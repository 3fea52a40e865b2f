"""Parts that nobody can search."""

from __future__ import annotations

import json

import pytest

from interlock.errors import BodyRejected
from interlock.masking.binary import binary_parts, without_binary

NOTE = "[image/png left out: it cannot be searched]"
PARTS = [
    ({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}, "text"),
    ({"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}, "text"),
    ({"type": "input_image", "image_url": "DATA:image/png;base64,AA=="}, "input_text"),
    ({"type": "image", "mimeType": "image/png", "data": "AA=="}, "text"),
    ({"inlineData": {"mimeType": "image/png", "data": "AA=="}}, None),
    ({"inline_data": {"mime_type": "image/png", "data": "AA=="}}, None),
]
FILES = [
    {"type": "file", "file": {"file_data": "AA=="}},
    {"type": "input_file", "file_data": "AA=="},
    {"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}},
]
OTHERS = [
    {"type": "text", "text": "data:image/png;base64,AA=="},
    {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
    {"type": "tool_use", "input": {"data": "AA=="}},
]


@pytest.mark.parametrize(("part", "kind"), PARTS)
def test_a_part_is_left_out_with_a_note_in_its_place(part, kind):
    """Wherever it stands; everything around it keeps its bytes."""
    document = {"messages": [{"content": [{"type": "text", "text": "a"}, part]}]}
    body = json.dumps(document, indent=1).encode()
    left = json.loads(without_binary(body, document, "drop"))
    note = {"text": NOTE} if kind is None else {"type": kind, "text": NOTE}
    assert left == {"messages": [{"content": [{"type": "text", "text": "a"}, note]}]}
    assert without_binary(body, document, "pass") is body
    with pytest.raises(BodyRejected) as caught:
        without_binary(body, document, "forbid")
    assert "image/png" in str(caught.value)
    assert "binary: drop" in caught.value.hint


@pytest.mark.parametrize("part", FILES)
def test_files_and_sound_are_parts_too(part):
    """Whatever they hold."""
    assert [found.location for found in binary_parts([part])] == [(0,)]


@pytest.mark.parametrize("part", OTHERS)
def test_what_holds_no_data_is_none(part):
    """Texts, addresses and a tool's own members."""
    assert binary_parts(part) == []
    assert without_binary(b"{}", part, "forbid") == b"{}"
