"""What of a Messages document is never rewritten, decided by place."""

from __future__ import annotations

from collections.abc import Callable

from interlock.protocols.body import read_json
from interlock.protocols.protected import protected


def test_signed_encrypted_and_structural_parts_stay() -> None:
    """In requests."""
    blocks = [
        {"type": "thinking", "thinking": "t", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {"type": "tool_use", "id": "i", "name": "n", "input": {"signature": "x", "id": "y", "thinking": "z"}},
        {"type": "text", "text": "t", "citations": [{"encrypted_index": "e", "cited_text": "c"}]},
        {"type": "web_search_tool_result", "content": [{"encrypted_content": "e", "title": "t"}]},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "plain"}},
    ]
    at = ("messages", 0, "content")
    stays = protected(
        {"model": "m", "messages": [{"role": "assistant", "content": blocks}], "metadata": {"user_id": "u"}}
    )

    for location in (
        ("model",),
        ("messages", 0, "role"),
        (*at, 0, "thinking"),
        (*at, 0, "signature"),
        (*at, 1, "data"),
        (*at, 2, "id"),
        (*at, 2, "name"),
        (*at, 3, "citations", 0, "encrypted_index"),
        (*at, 4, "content", 0, "encrypted_content"),
        (*at, 5, "source", "data"),
        (*at, 5, "source", "media_type"),
    ):
        assert stays(location), location
    for location in (
        (),
        ("metadata", "user_id"),
        (*at, 2, "input", "signature"),
        (*at, 2, "input", "id"),
        (*at, 2, "input", "thinking"),
        (*at, 3, "text"),
        (*at, 3, "citations", 0, "cited_text"),
        (*at, 4, "content", 0, "title"),
        (*at, 6, "source", "data"),
    ):
        assert not stays(location), location


def test_a_name_protects_strings_only() -> None:
    """An object called `id` is no id."""
    stays = protected({"content": [{"type": "text", "id": {"ssn": "1"}}]})

    assert not stays(("content", 0, "id", "ssn"))


def test_replies_and_stream_events_are_known() -> None:
    """Signatures in either."""
    reply = protected({"type": "message", "id": "m", "content": [{"type": "thinking", "signature": "s"}]})
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "s"}}
    start = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": "t"}}

    assert reply(("content", 0, "signature"))
    assert reply(("id",))
    assert protected(delta)(("delta", "signature"))
    assert not protected(start)(("content_block", "text"))


def test_a_batch_is_many_requests() -> None:
    """Each one's parts are known."""
    item = {"custom_id": "c", "params": {"model": "m", "messages": [{"role": "user", "content": "x"}]}}
    stays = protected({"requests": [item, "odd"]})

    assert stays(("requests", 0, "custom_id"))
    assert stays(("requests", 0, "params", "model"))
    assert not stays(("requests", 0, "params", "messages", 0, "content"))


def test_the_input_of_a_tool_is_free() -> None:
    """A document of the agent's own has no members of the API's."""
    for document in ({"id": "x", "thinking": "y", "type": "z"}, {"type": 7}, [1], "x", None):
        stays = protected(document)
        assert not any(stays((name,)) for name in ("id", "thinking", "type"))


def test_captured_personal_data_is_free(capture: Callable[[str], bytes]) -> None:
    """The tool result that holds it is masked; the images beside others are not."""
    document = read_json(capture("claude-code-pii-tool-result/03.POST.request.json"))
    images = read_json(capture("claude-code-file-tools/04.POST.request.json"))

    assert not protected(document)(("messages", 3, "content", 0, "content"))
    assert protected(images)(("messages", 5, "content", 1, "content", 0, "source", "data"))
