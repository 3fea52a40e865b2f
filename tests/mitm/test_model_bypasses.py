"""Every evasion of the model APIs' streams, through the whole gateway: none passes, and no look-alike is broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.mitm.harness import Running
from tests.mitm.test_model_clients import NAMES, POLICY
from tests.mitm.upstream import HOST, Upstream, answer
from tests.protocols import test_gemini_reader as gemini
from tests.protocols import test_openai_chat_stream as chat
from tests.protocols import test_openai_responses_stream as responses

ASKED = {
    "chat": ("openai", "/v1/chat/completions", {"model": "m", "messages": [], "stream": True}),
    "responses": ("openai", "/v1/responses", {"model": "m", "input": "x", "stream": True}),
    "gemini": ("gemini", "/v1beta/models/m:streamGenerateContent?alt=sse", {"contents": []}),
}
EVIL = b"rm -rf"


def said(told: list[dict[str, Any]]) -> list[Any]:
    """Texts joined, since masking may cut them elsewhere, and calls as they are."""
    texts: list[str] = []
    others: list[Any] = []
    for part in told:
        if set(part) <= {"text", "thought"}:
            texts.append(str(part["text"]))
        else:
            others.append(part)
    return ["".join(texts), *others]


READ: Mapping[str, Callable[[bytes], Any]] = {
    "chat": lambda body: [choice.to_dict() for choice in chat.client(body)],
    "responses": lambda body: responses.client(body).to_dict(),
    "gemini": lambda body: said(gemini.parts(body)),
}
TWINS: Mapping[str, Mapping[str, bytes]] = {
    "chat": {name: body for name, body in chat.PERMITTED.items() if "old" not in name and "custom" not in name},
    "responses": responses.PERMITTED,
    "gemini": gemini.PERMITTED,
}
EVASIONS: Mapping[str, Mapping[str, bytes]] = {
    "chat": {
        **chat.ODD,
        **chat.BROKEN,
        "plain": chat.ROLE + chat.called() + chat.END + chat.DONE,
        "no end": chat.ROLE + chat.called(),
        "no end but DONE": chat.ROLE + chat.called() + chat.DONE,
        "CR": (chat.ROLE + chat.called() + chat.END + chat.DONE).replace(b"\n", b"\r"),
        "no blank behind the colon": (chat.ROLE + chat.called() + chat.END).replace(b"data: ", b"data:"),
        "fields in another case": (chat.ROLE + chat.called() + chat.END).replace(b"data: ", b"Data: "),
        "a name of another event": (chat.ROLE + chat.called() + chat.END).replace(b"data: ", b"event: error\ndata: "),
        "comments between": (chat.ROLE + chat.called() + chat.END).replace(b"data: ", b": x\ndata: "),
        "several data lines": (chat.ROLE + chat.called() + chat.END).replace(b', "choices"', b'\ndata: , "choices"'),
        "line separators": (
            chat.ROLE + chat.chunk({"content": "a\u2028data: " + chat.called()[6:].decode()}) + chat.STOP
        ),
        "plain JSON": json.dumps(
            {
                "choices": [
                    {
                        "index": 0,
                        "message": {
                            "tool_calls": [
                                {"id": "c", "type": "function", "function": {"name": "Bash", "arguments": chat.EVIL}}
                            ]
                        },
                    }
                ]
            }
        ).encode(),
    },
    "responses": {
        **responses.AMBIGUOUS,
        **responses.BROKEN,
        "plain": responses.Script().begin().call().end(),
        "no end": responses.Script().begin().call().out,
        "shell": responses.Script().begin().item(responses.SHELL).end(),
        "local shell": responses.Script().begin().item(responses.LOCAL).end(),
        "free text": responses.Script().begin().item(responses.CUSTOM).end(),
        "CR": responses.Script().begin().call().end().replace(b"\n", b"\r"),
        "plain JSON": responses.Script().begin().call().end().split(b"data: ")[-1].strip(),
    },
    "gemini": {
        **{name: gemini.events(gemini.piece(told, finish="STOP")) for name, told in gemini.ODD.items()},
        **{name: gemini.events(told) for name, told in gemini.BROKEN.items()},
        "plain": gemini.events(gemini.piece(gemini.EVIL)),
        "an array": json.dumps([gemini.piece(gemini.EVIL)]).encode(),
        "plain JSON": json.dumps(gemini.piece(gemini.EVIL)).encode(),
        "beside data": b"data: {}\nid: " + gemini.events(gemini.piece(gemini.EVIL))[6:],
        "a comment": b": " + gemini.events(gemini.piece(gemini.EVIL))[6:],
    },
}
KINDS = ("text/event-stream", "application/json", "text/plain", "application/octet-stream", "")


async def passed(running: Running, upstream: Upstream, api: str, body: bytes, kind: str) -> bytes:
    """What the agent gets for an answer with this body and type."""
    name, path, asked = ASKED[api]
    upstream.reply = answer(body, kind=kind)
    async with running.reverse(running.token()) as client:
        try:
            return (await client.post(f"/connections/{name}{path}", json=asked)).content
        except Exception as error:  # an answer that breaks off is one that was stopped
            return type(error).__name__.encode()


@pytest.mark.parametrize("api", ASKED)
async def test_no_evasion_passes_and_no_twin_is_broken(start: Any, upstream: Upstream, api: str) -> None:
    """Whatever type the answer says it is of."""
    await upstream.open(NAMES)
    lines = "\n".join(
        f'  - {{name: {name}, protocol: {name}, hosts: ["http://{HOST}:{upstream.ports[name]}"], '
        "addresses: [127.0.0.0/8]}"
        for name in NAMES
    )
    found: list[str] = []
    async with start(rules={"connections": lines, "policy": POLICY}) as running:
        for name, body in EVASIONS[api].items():
            for kind in KINDS:
                if EVIL in await passed(running, upstream, api, body, kind):
                    found.append(f"passed: {name} as {kind or 'nothing'}")
        for name, body in TWINS[api].items():
            if READ[api](await passed(running, upstream, api, body, KINDS[0])) != READ[api](body):
                found.append(f"broken: {name}")

    assert found == []
