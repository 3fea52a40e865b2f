"""A scripted Anthropic Messages API: JSON and SSE, torn streams, thinking blocks that it signs and checks.

Which turn answers follows from the request alone (how many assistant messages it holds), so that retries need
no state. Like the real one, it refuses a thinking block that came back changed, and a wrong or missing key.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from interlock.demo.model_stream import events, pieces
from interlock.demo.serving import Reply, Request, Served

__all__ = ["LAST_RESULT", "MENTIONED_EMAIL", "ModelApi", "Turn", "text", "thinking", "tool"]

LAST_RESULT = "$LAST_TOOL_RESULT"
"""In a scripted text: replaced by the newest tool result that the request carries."""

MENTIONED_EMAIL = "$MENTIONED_EMAIL"
"""In a scripted text or tool input: replaced by the newest `<email:...>` that the request mentions."""
_EMAIL = re.compile(r"<email:[^<>\s]{1,64}>")

type Block = dict[str, Any]


def text(words: str) -> Block:
    """A text block."""
    return {"type": "text", "text": words}


def tool(name: str, **arguments: Any) -> Block:
    """A tool_use block; its id is made when it is sent."""
    return {"type": "tool_use", "name": name, "input": arguments}


def thinking(words: str) -> Block:
    """A thinking block; it is signed when it is sent."""
    return {"type": "thinking", "thinking": words}


@dataclass(frozen=True, slots=True)
class Turn:
    """What the model says at one turn.

    `split` is the size of a delta in characters (0: uneven), `wire` that of a write in bytes (0: an event).
    Another `status` than 200 is an error reply. `cut` ends the stream after so many events, without its end.
    """

    content: tuple[Block, ...] = ()
    split: int = 12
    wire: int = 0
    status: int = 200
    stop_reason: str = ""
    compress: bool = False
    cut: int = 0


_SIDE = Turn((text("ok"),))
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    529: "overloaded_error",
}


class ModelApi(Served):
    """`with ModelApi(key, turns) as api`; `api.requests` are the bodies that reached /v1/messages."""

    def __init__(self, key: str, turns: Sequence[Turn] = (), *, port: int = 0, **server: Any) -> None:
        super().__init__(port=port, **server)
        self.turns: tuple[Turn, ...] = tuple(turns)
        self._key = key
        self._signing = secrets.token_bytes(32)
        self._number = 0

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The JSON bodies of all message requests, in order."""
        return [request.json() for request in self.seen if request.path == "/v1/messages"]

    def script(self, *turns: Turn) -> None:
        """Replace the script and forget what was seen."""
        self.turns = turns
        self.seen.clear()

    def answer(self, request: Request) -> Reply:
        """A scripted message, or an error in the API's own shape."""
        self._number += 1
        if not hmac.compare_digest(request.header("x-api-key").encode(), self._key.encode()):
            return self._error(401, "invalid x-api-key")
        document = request.json()
        if (request.method, request.path) == ("POST", "/v1/messages/count_tokens"):
            return Reply.of({"input_tokens": max(1, len(request.body) // 4)})
        if (request.method, request.path) != ("POST", "/v1/messages"):
            return self._error(404, "Not found")
        if not isinstance(document, dict) or not isinstance(document.get("messages"), list):
            return self._error(400, "messages: Field required")
        if changed := self._changed(document["messages"]):
            return self._error(400, f"{changed}: Invalid `signature` in `thinking` block")
        return self._speak(document, self._turn(document))

    def _turn(self, document: dict[str, Any]) -> Turn:
        said = sum(1 for message in document["messages"] if message.get("role") == "assistant")
        side = (
            self.turns and any(turn.content and _wants_tools(turn) for turn in self.turns) and not document.get("tools")
        )
        return _SIDE if side or said >= len(self.turns) else self.turns[said]

    def _speak(self, document: dict[str, Any], turn: Turn) -> Reply:
        if turn.status != 200:
            return self._error(turn.status, f"scripted {turn.status}")
        message = self._message(document, turn)
        named = {"request-id": f"req_demo{self._number:06d}"}
        if not document.get("stream"):
            return replace(Reply.of(message), headers=named)
        sent = list(events(message, turn.split))
        whole = b"".join(sent)
        if turn.compress:
            named["content-encoding"] = "gzip"
            sent = [gzip.compress(whole)]
        stream = pieces(whole, turn.wire) if turn.wire and not turn.compress else iter(sent)
        if turn.cut:
            stream = _cut(sent[: turn.cut])
        return Reply(content_type="text/event-stream; charset=utf-8", headers=named, pieces=stream)

    def _message(self, document: dict[str, Any], turn: Turn) -> dict[str, Any]:
        content = [self._finish(block, index, document) for index, block in enumerate(turn.content)]
        stop = turn.stop_reason or ("tool_use" if _wants_tools(turn) else "end_turn")
        return {
            "id": f"msg_demo{self._number:06d}", "type": "message", "role": "assistant",
            "model": document.get("model", "claude-demo"), "content": content,
            "stop_reason": stop, "stop_sequence": None,
            "usage": {"input_tokens": 10, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                      "output_tokens": 10},
        }  # fmt: skip

    def _finish(self, block: Block, index: int, document: dict[str, Any]) -> Block:
        block = _mentioning(block, document)
        if block["type"] == "tool_use":
            return {"id": f"toolu_demo{self._number:06d}{index:02d}", **block}
        if block["type"] == "thinking":
            return {**block, "signature": self._sign(block["thinking"])}
        if block["type"] == "text" and LAST_RESULT in block["text"]:
            return {**block, "text": block["text"].replace(LAST_RESULT, last_result(document["messages"]))}
        return block

    def _sign(self, words: str) -> str:
        return base64.b64encode(hmac.digest(self._signing, words.encode(), hashlib.sha256)).decode()

    def _changed(self, messages: list[Any]) -> str:
        for number, message in enumerate(messages):
            content = message.get("content") if isinstance(message, dict) else None
            for index, block in enumerate(content if isinstance(content, list) else []):
                if not isinstance(block, dict) or block.get("type") != "thinking":
                    continue
                right = self._sign(str(block.get("thinking")))
                if not hmac.compare_digest(str(block.get("signature")).encode(), right.encode()):
                    return f"messages.{number}.content.{index}"
        return ""

    def _error(self, status: int, message: str) -> Reply:
        kind = _ERRORS.get(status, "api_error")
        return Reply.of({"type": "error", "error": {"type": kind, "message": message}}, status)


def last_result(messages: Sequence[Any]) -> str:
    """The text of the newest tool_result in a conversation."""
    for message in reversed(messages):
        content = message.get("content")
        for block in reversed(content if isinstance(content, list) else []):
            if isinstance(block, dict) and block.get("type") == "tool_result":
                inner = block.get("content", "")
                return inner if isinstance(inner, str) else "".join(part.get("text", "") for part in inner)
    return ""


def _mentioning(block: Block, document: dict[str, Any]) -> Block:
    """The block with what the conversation calls an address."""
    if MENTIONED_EMAIL not in json.dumps(block):
        return block
    known = _EMAIL.findall(json.dumps(document["messages"], ensure_ascii=False))
    told: Block = json.loads(json.dumps(block).replace(MENTIONED_EMAIL, known[-1] if known else "nobody"))
    return told


def _wants_tools(turn: Turn) -> bool:
    return any(block["type"] == "tool_use" for block in turn.content)


def _cut(sent: list[bytes]) -> Any:
    yield from sent
    raise InterruptedError
