"""What of an MCP message is never rewritten."""

from __future__ import annotations

from interlock.protocols.protected_mcp import protected


def test_the_envelope_and_base64_stay_and_text_does_not() -> None:
    """Both forms of a result are free to be masked."""
    content = [{"type": "text", "text": "t"}, {"type": "image", "data": "AAAA", "mimeType": "image/png"}]
    result = {
        "content": content,
        "structuredContent": {"result": "t", "id": "i"},
        "contents": [{"uri": "u", "blob": "B"}],
    }
    message = {"jsonrpc": "2.0", "id": "e@example.com", "result": result}
    for document, at in ((message, ()), ([message], (0,))):
        stays = protected(document)

        assert stays((*at, "id"))
        assert stays((*at, "jsonrpc"))
        assert stays((*at, "result", "content", 1, "data"))
        assert stays((*at, "result", "contents", 0, "blob"))
        assert not stays((*at, "result", "content", 0, "text"))
        assert not stays((*at, "result", "structuredContent", "result"))
        assert not stays((*at, "result", "structuredContent", "id"))


def test_a_tool_name_stays_and_its_arguments_do_not() -> None:
    """In requests."""
    stays = protected({"method": "tools/call", "params": {"name": "n", "arguments": {"name": "Erika"}}})

    assert stays(("method",))
    assert stays(("params", "name"))
    assert not stays(("params", "arguments", "name"))
    assert not protected(["x", 1, None])((0,))
