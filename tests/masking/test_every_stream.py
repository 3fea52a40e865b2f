"""Every detector, however its values are cut: masked in a stream as in the whole, as text and as partial JSON."""

from __future__ import annotations

import json

import pytest

from interlock.masking import Masker, MaskRule, known_detectors
from interlock.protocols.message_stream import MessageStream
from interlock.protocols.sse import encode_event

DETECTORS = known_detectors()
SIZES = (1, 2, 3, 7, 16, 64)


def _texts(name: str) -> list[str]:
    """Its own examples, alone and one after the other."""
    hits = [hit.replace("«", "").replace("»", "") for hit in DETECTORS[name].hits]
    return [*hits[:4], "Before. " + " and\n".join(hits[:3]) + ' "after"']


def _masker(name: str) -> Masker:
    return Masker([MaskRule("all", detect=(name,), min_confidence="low")], b"k" * 32)


def _cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def _event(kind: str, **members: object) -> bytes:
    return encode_event(kind, json.dumps({"type": kind, **members}).encode())


def _sent(masker: Masker, block: dict[str, object], deltas: list[dict[str, object]]) -> list[dict[str, object]]:
    """What an agent gets of one content block."""
    stream = MessageStream(
        lambda block, place: None,
        mask_text=masker.stream,
        mask_json=lambda data: masker.json(data).body,
        mask_event=lambda data: masker.json(data).body,
    )
    passed = stream.feed(_event("message_start", message={"content": []}))
    passed += stream.feed(_event("content_block_start", index=0, content_block=block))
    for delta in deltas:
        passed += stream.feed(_event("content_block_delta", index=0, delta=delta))
    passed += stream.feed(_event("content_block_stop", index=0)) + stream.close()
    data = [line[6:] for line in passed.decode().split("\n") if line.startswith("data: ")]
    return [event["delta"] for event in map(json.loads, data) if event["type"] == "content_block_delta"]


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_any_chunks_are_masked_like_the_whole(name):
    """Text alone, at every size up to 64."""
    masker = _masker(name)
    for text in _texts(name):
        whole = masker.text(text).text
        for size in range(1, 65):
            stream = masker.stream()
            assert "".join(map(stream.feed, _cut(text, size))) + stream.close() == whole, size


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_text_of_a_models_answer_is_masked_like_the_whole(name):
    """In the deltas of a text block."""
    masker = _masker(name)
    text = _texts(name)[-1]
    whole = masker.text(text).text
    for size in SIZES:
        deltas = _sent(
            masker, {"type": "text", "text": ""}, [{"type": "text_delta", "text": p} for p in _cut(text, size)]
        )
        assert "".join(str(delta["text"]) for delta in deltas) == whole, size


@pytest.mark.parametrize("name", sorted(DETECTORS))
@pytest.mark.parametrize(("kind", "sizes"), [("tool_use", SIZES), ("server_tool_use", (1, 7))])
def test_a_tools_input_is_masked_like_the_whole(name, kind, sizes):
    """Whoever runs it: in partial JSON that is cut anywhere, in escapes too, however its letters are written."""
    masker = _masker(name)
    document = {"text": _texts(name)[-1]}
    escaped = '{"text":"' + "".join(f"\\u{ord(char):04x}" for char in document["text"] if ord(char) < 0xD800) + '"}'
    for written in (json.dumps(document), escaped):
        whole = json.loads(masker.json(written.encode()).body)
        for size in sizes:
            pieces = [{"type": "input_json_delta", "partial_json": piece} for piece in _cut(written, size)]
            deltas = _sent(masker, {"type": kind, "id": "t", "name": "web_search", "input": {}}, pieces)
            assert json.loads("".join(str(delta["partial_json"]) for delta in deltas)) == whole, size
