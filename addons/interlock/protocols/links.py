"""What a client says a request belongs to: its session, the call it carries out, the turn, what it brings back.

All of it is the client's word (invariant 10): it is kept as claims, and what it names is believed only where the
gateway itself saw the other end with the same principal (`interlock.recording.graph`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from interlock.model import JSON, Exchange

__all__ = ["request_claims"]

_HEADERS: Final[Mapping[str, str]] = {
    "x-claude-code-session-id": "session",
    "x-claude-code-prompt-id": "prompt",
    "mcp-session-id": "mcp_session",
    "x-client-request-id": "request",
    "traceparent": "trace",
}
_NAMES: Final = frozenset(_HEADERS)
_META: Final = "claudecode/toolUseId"
_ROLES: Final = ("assistant", "model")
_ITEMS: Final = ("function_call", "custom_tool_call", "reasoning", "local_shell_call", "shell_call", "computer_call")
"""Of a conversation the model's own parts."""
_MAX_ID: Final = 200
_MAX_IDS: Final = 200


def request_claims(exchange: Exchange, document: JSON, protocol: str, *, model: bool) -> dict[str, JSON]:
    """`session`, `prompt`, `mcp_session`, `request`, `trace` by its headers; `tool_use` (ids) of an MCP call;
    of a request to a model `turn` (counted from 1), `results` (ids of calls whose outcome comes with it), `after` (the
    id of the answer it goes on from). Linear; never raises.
    """
    found: dict[str, JSON] = {}
    if not _NAMES.isdisjoint(dict(exchange.headers)):
        for name, value in exchange.headers:
            told = _HEADERS.get(name)
            if told is not None and value:
                found[told] = value[:_MAX_ID]
    if model and type(document) is dict:
        _conversation(document, found)
    elif protocol == "mcp" and (ids := _ids(_asked(document))):
        found["tool_use"] = ids
    return found


def _asked(document: JSON) -> Iterator[JSON]:
    for message in document if type(document) is list else (document,):
        params = message.get("params") if type(message) is dict else None
        meta = params.get("_meta") if type(params) is dict else None
        if type(meta) is dict:
            yield meta.get(_META)


def _conversation(document: Mapping[str, JSON], found: dict[str, JSON]) -> None:
    entries = next(
        (told for name in ("messages", "input", "contents") if type(told := document.get(name)) is list), None
    )
    if type(entries) is list:
        own = [
            index
            for index, entry in enumerate(entries)
            if type(entry) is dict and (entry.get("role") in _ROLES or entry.get("type") in _ITEMS)
        ]
        follows = {index + 1 for index in own}  # items that follow each other are one answer
        found["turn"] = 1 + sum(1 for index in own if index not in follows)
        if results := _ids(_results(entries[own[-1] + 1 if own else 0 :])):
            found["results"] = results
    after = document.get("previous_response_id")
    if type(after) is str and after:
        found["after"] = after[:_MAX_ID]


def _results(entries: Iterable[JSON]) -> Iterator[JSON]:
    """Ids of the calls whose outcomes these entries hold, in the shape of any API."""
    for entry in entries:
        if type(entry) is not dict:
            continue
        yield entry.get("tool_call_id")
        if str(entry.get("type")).endswith("_output"):
            yield entry.get("call_id")
        for name in ("content", "parts"):
            blocks = entry.get(name)
            for block in blocks if type(blocks) is list else ():
                if type(block) is dict:
                    yield block.get("tool_use_id")
                    answer = block.get("functionResponse")
                    yield answer.get("id") if type(answer) is dict else None


def _ids(values: Iterable[JSON]) -> list[JSON]:
    """The texts among these, each once."""
    found = dict.fromkeys(value[:_MAX_ID] for value in values if type(value) is str and value)
    return [*[*found][:_MAX_IDS]]
