"""The real clients of other model APIs through the gateway: calls judged, texts masked both ways, refusals shown."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import openai
import pytest
from google import genai
from google.genai import errors, types
from tests.mitm.harness import PATIENCE, REVERSE, Running
from tests.mitm.upstream import HOST, PERSON, Upstream, answer, events

from interlock.protocols.aws_event_stream import FrameParser
from interlock.protocols.bedrock_stream import encode_chunk

NAMES = ("openai", "gemini", "bedrock", "vertex")
EVIL = "rm -rf /srv"
MODEL = "anthropic.claude-x-v1:0"
POLICY = """
  - id: models
    permit: [model.message]
    on: [openai, gemini, bedrock, vertex]
    to: {from: demo, groups: [reader]}
  - id: tools
    permit: ["tool.use:*", shell.read]
    on: agent
    to: {from: demo, groups: [reader]}
"""


@pytest.fixture
async def models(start: Any, upstream: Upstream) -> AsyncIterator[Running]:
    """A gateway with a connection for each protocol."""
    await upstream.open(NAMES)
    lines = [
        f'  - {{name: {name}, protocol: {name}, hosts: ["http://{HOST}:{upstream.ports[name]}"], '
        "addresses: [127.0.0.0/8]" + (", passthrough: true}" if name == "bedrock" else "}")
        for name in NAMES
    ]
    async with start(rules={"connections": "\n".join(lines), "policy": POLICY}) as running:
        yield running


def at(gateway: Running, name: str) -> str:
    """The base URL of a connection."""
    return f"http://{REVERSE}:{gateway.port('reverse')}/connections/{name}"


def chatting(gateway: Running) -> openai.AsyncOpenAI:
    """The real client, which knows nothing but its base URL and key."""
    return openai.AsyncOpenAI(api_key=gateway.token(), base_url=f"{at(gateway, 'openai')}/v1", max_retries=2)


def generating(gateway: Running) -> Any:
    """The real client of Gemini; it sends its key in a header of its own."""
    options = types.HttpOptions(base_url=at(gateway, "gemini"))
    return genai.Client(api_key=gateway.token(), http_options=options).aio


def tool(command: str) -> dict[str, Any]:
    """A call of an agent's shell."""
    return {
        "index": 0,
        "id": "c",
        "type": "function",
        "function": {"name": "bash", "arguments": json.dumps({"command": command})},
    }


def chunks(*deltas: tuple[dict[str, Any], str | None]) -> list[str]:
    """Events of a streamed completion."""
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    told = [{**head, "choices": [{"index": 0, "delta": delta, "finish_reason": end}]} for delta, end in deltas]
    return [f"data: {json.dumps(given)}\n\n" for given in told] + ["data: [DONE]\n\n"]


@pytest.mark.parametrize(("command", "calls"), [("ls", 1), (EVIL, 0)])
async def test_openai_completions(models: Running, upstream: Upstream, command: str, calls: int) -> None:
    """A benign call arrives, a dangerous one as text; what was said of people is masked in both directions."""
    message = {"role": "assistant", "content": f"for {PERSON}", "tool_calls": [tool(command)]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    upstream.reply = answer(
        json.dumps({"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}).encode()
    )
    async with chatting(models) as client:
        given = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": f"mail {PERSON}"}]
        )
    said = given.choices[0]

    assert len(said.message.tool_calls or ()) == calls
    assert said.finish_reason == ("tool_calls" if calls else "stop")
    assert ("Interlock stopped shell.destroy" in (said.message.content or "")) is not bool(calls)
    assert PERSON not in given.to_json()
    assert PERSON.encode() not in upstream.seen[-1].body


@pytest.mark.parametrize(("command", "calls"), [("ls", 1), (EVIL, 0)])
async def test_openai_streamed_completions(models: Running, upstream: Upstream, command: str, calls: int) -> None:
    """The same, in pieces that cut the name of a person."""
    first = tool("")
    first["function"]["arguments"] = ""
    pieces = [
        {"tool_calls": [{"index": 0, "function": {"arguments": piece}}]}
        for piece in tool(command)["function"]["arguments"]
    ]
    upstream.reply = events(
        *chunks(
            ({"role": "assistant", "content": f"for {PERSON[:9]}"}, None),
            ({"content": PERSON[9:]}, None),
            ({"tool_calls": [first]}, None),
            *((piece, None) for piece in pieces),
            ({}, "tool_calls"),
        )
    )
    async with (
        chatting(models) as client,
        client.chat.completions.stream(model="m", messages=[{"role": "user", "content": "x"}]) as stream,
    ):
        said = (await stream.get_final_completion()).choices[0]

    assert len(said.message.tool_calls or ()) == calls
    assert PERSON not in (said.message.content or "")
    assert ("Interlock stopped shell.destroy" in (said.message.content or "")) is not bool(calls)


@pytest.mark.parametrize(("command", "kinds"), [("ls", ["message", "function_call"]), (EVIL, ["message", "message"])])
async def test_openai_responses(models: Running, upstream: Upstream, command: str, kinds: list[str]) -> None:
    """Whole and streamed, for the same client."""
    call = {
        "type": "function_call",
        "id": "fc_1",
        "call_id": "c",
        "name": "bash",
        "arguments": json.dumps({"command": command}),
    }
    part = {"type": "output_text", "text": f"for {PERSON}", "annotations": [], "logprobs": []}
    said = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [part]}
    base = {
        "id": "r",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "status": "completed",
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    whole = {**base, "output": [said, call]}
    script = [
        {"type": "response.created", "response": {**base, "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": {**said, "content": []}},
        {
            "type": "response.content_part.added",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "part": {**part, "text": ""},
        },
        {
            "type": "response.output_text.delta",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "delta": part["text"],
            "logprobs": [],
        },
        {"type": "response.output_item.done", "output_index": 0, "item": said},
        {"type": "response.output_item.added", "output_index": 1, "item": {**call, "arguments": ""}},
        {
            "type": "response.function_call_arguments.delta",
            "item_id": "fc_1",
            "output_index": 1,
            "delta": call["arguments"],
        },
        {"type": "response.output_item.done", "output_index": 1, "item": call},
        {"type": "response.completed", "response": whole},
    ]
    async with chatting(models) as client:
        upstream.reply = answer(json.dumps(whole).encode())
        given = await client.responses.create(model="m", input="x")
        numbered = [json.dumps({**told, "sequence_number": number}) for number, told in enumerate(script)]
        upstream.reply = events(*(f"event: {json.loads(told)['type']}\ndata: {told}\n\n" for told in numbered))
        async with client.responses.stream(model="m", input="x") as stream:
            streamed = await stream.get_final_response()

    assert [item.type for item in given.output] == kinds
    assert [item.type for item in streamed.output] == kinds
    assert PERSON not in given.to_json() + streamed.to_json()
    assert ("Interlock stopped" in given.output_text) is (kinds[1] == "message")


@pytest.mark.parametrize(("command", "calls"), [("ls", 1), (EVIL, 0)])
async def test_gemini(models: Running, upstream: Upstream, command: str, calls: int) -> None:
    """Whole and streamed, by the real client."""

    def piece(*parts: Any, **more: Any) -> dict[str, Any]:
        return {"candidates": [{"content": {"role": "model", "parts": [*parts]}, "index": 0, **more}]}

    call = {"functionCall": {"name": "bash", "args": {"command": command}}}
    upstream.reply = answer(json.dumps(piece({"text": f"for {PERSON}"}, call, finishReason="STOP")).encode())
    told = [piece({"text": f"for {PERSON[:9]}"}), piece({"text": PERSON[9:]}, call, finishReason="STOP")]
    async with generating(models) as client:
        given = await client.models.generate_content(model="gemini-x", contents=f"mail {PERSON}")
        assert PERSON.encode() not in upstream.seen[-1].body
        upstream.reply = events(*(f"data: {json.dumps(part)}\r\n\r\n" for part in told))
        stream = await client.models.generate_content_stream(model="gemini-x", contents="x")
        streamed = [part async for part in stream]

    parts = [
        [*given.candidates[0].content.parts],
        [part for one in streamed for part in one.candidates[0].content.parts],
    ]
    for found in parts:
        assert len([part for part in found if part.function_call]) == calls
        text = "".join(part.text or "" for part in found)
        assert PERSON not in text
        assert ("Interlock stopped shell.destroy" in text) is not bool(calls)


async def test_refusals_are_shown_and_not_tried_again(models: Running, upstream: Upstream) -> None:
    """A tool at the provider that nobody permitted."""
    async with chatting(models) as client:
        with pytest.raises(openai.PermissionDeniedError) as told:
            await client.responses.create(model="m", input="x", tools=[{"type": "web_search"}])
    search = types.GenerateContentConfig(tools=[types.Tool(google_search=types.GoogleSearch())])
    async with generating(models) as client:
        with pytest.raises(errors.ClientError) as said:
            await client.models.generate_content(model="gemini-x", contents="x", config=search)

    assert "model.provider-tool:web_search" in str(told.value)
    assert (said.value.code, "model.provider-tool:googleSearch" in str(said.value)) == (403, True)
    assert upstream.seen == []


async def test_a_stream_that_cannot_be_read_ends_in_an_error(models: Running, upstream: Upstream) -> None:
    """Each client raises it, with the reference."""
    broken = events('data: {"choices": [{"index": 0, "delta": {"content": "a"}}]}\n\n', "data: x\n\n")
    upstream.reply = broken
    async with chatting(models) as client:
        with pytest.raises(openai.APIError, match="stream-unreadable"):
            async for _ in await client.chat.completions.create(model="m", messages=[], stream=True):
                pass
    upstream.reply = events('data: {"candidates": []}\n\n', "data: x\n\n")
    async with generating(models) as client:
        with pytest.raises(errors.ClientError, match="stream-unreadable"):
            async for _ in await client.models.generate_content_stream(model="gemini-x", contents="x"):
                pass


def message_events(command: str) -> list[dict[str, Any]]:
    """A streamed Messages reply."""
    block = {"type": "tool_use", "id": "t", "name": "Bash", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": json.dumps({"command": command})}
    return [
        {"type": "message_start", "message": {"id": "m", "type": "message", "role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"for {PERSON[:9]}"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": PERSON[9:]}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": block},
        {"type": "content_block_delta", "index": 1, "delta": delta},
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
        {"type": "message_stop"},
    ]


def framed(body: bytes) -> bytes:
    """A chunked answer of AWS frames."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [body[start : start + 50] for start in range(0, len(body), 50)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(("command", "passes"), [("ls", True), (EVIL, False)])
async def test_bedrock_frames(models: Running, upstream: Upstream, command: str, passes: bool) -> None:
    """Judged and masked inside their base64."""
    upstream.reply = framed(b"".join(encode_chunk("", json.dumps(told).encode()) for told in message_events(command)))
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": []}
    async with models.reverse(models.token()) as client:
        given = await client.post(f"/connections/bedrock/model/{MODEL}/invoke-with-response-stream", json=body)
    said = [base64.b64decode(json.loads(frame.payload)["bytes"]) for frame in FrameParser().feed(given.content)]

    assert given.status_code == 200
    assert (b"tool_use" in b"".join(said)) is passes
    assert (b"Interlock stopped shell.destroy" in b"".join(said)) is not passes
    assert "mustermann" not in b"".join(said).decode()


async def test_a_signed_request_that_must_be_masked_is_refused(models: Running, upstream: Upstream, url: Any) -> None:
    """Its signature would not fit; one with nothing to mask goes on as it is."""
    base = url("bedrock", f"/model/{MODEL}/invoke")
    upstream.reply = answer(b'{"type": "message", "content": []}')
    signed = {"authorization": "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=y"}
    async with models.forward(models.token()) as client:
        words = {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 9,
            "messages": [{"role": "user", "content": "hi"}],
        }
        well = await client.post(base, json=words, headers=signed)
        words["messages"][0]["content"] = PERSON
        told = await client.post(base, json=words, headers=signed)

    assert (well.status_code, upstream.seen[-1].header("authorization")) == (200, signed["authorization"])
    assert (told.status_code, len(upstream.seen)) == (403, 1)
    assert "body-signed" in told.json()["message"]


@pytest.mark.parametrize(("command", "passes"), [("ls", True), (EVIL, False)])
async def test_vertex_streams(models: Running, upstream: Upstream, command: str, passes: bool) -> None:
    """Messages at a cloud that names the model in the path."""
    upstream.reply = events(
        *(f"event: {told['type']}\ndata: {json.dumps(told)}\n\n" for told in message_events(command))
    )
    path = "/connections/vertex/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict"
    body = {"anthropic_version": "vertex-2023-10-16", "max_tokens": 9, "messages": [], "stream": True}
    async with models.reverse(models.token()) as client:
        given = await client.post(path, json=body)

    assert given.status_code == 200
    assert ("tool_use" in given.text) is passes
    assert ("Interlock stopped shell.destroy" in given.text) is not passes
    assert "mustermann" not in given.text


def begun(api: str) -> tuple[str, dict[str, Any], str, bytes, bytes]:
    """Connection, request, type, the first text of a streamed answer, and a call that begins after it."""
    words = "Here is what I found. "
    call = chunks(({"tool_calls": [tool("ls")]}, None))[0].encode()
    text = chunks(({"role": "assistant", "content": words}, None))[0].encode()
    if api == "openai":
        return (
            "/connections/openai/v1/chat/completions",
            {"model": "m", "messages": []},
            "text/event-stream",
            text,
            call,
        )
    block, delta, *_ = message_events("ls")[5:]
    head = message_events("ls")[:2]
    said = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": words}}
    held = [{"type": "content_block_stop", "index": 0}, block, delta]
    body: dict[str, Any] = {"max_tokens": 9, "messages": [], "anthropic_version": "x"}
    if api == "bedrock":
        first, second = (
            b"".join(encode_chunk("", json.dumps(told).encode()) for told in part) for part in ([*head, said], held)
        )
        path = f"/connections/bedrock/model/{MODEL}/invoke-with-response-stream"
        return path, body, "application/vnd.amazon.eventstream", first, second
    first, second = (
        "".join(f"data: {json.dumps(told)}\n\n" for told in part).encode() for part in ([*head, said], held)
    )
    path = "/connections/vertex/v1/projects/p/locations/l/publishers/anthropic/models/claude-x:streamRawPredict"
    return path, body, "text/event-stream", first, second


@pytest.mark.parametrize("api", ["openai", "bedrock", "vertex"])
async def test_text_goes_on_while_a_call_is_held(models: Running, upstream: Upstream, api: str) -> None:
    """The upstream says no more until the agent has read the text; and of the call nothing has come by then."""
    path, body, kind, text, call = begun(api)
    heard = asyncio.Event()

    async def reply(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for piece in (text, call):
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        await writer.drain()
        await asyncio.wait_for(heard.wait(), PATIENCE)
        writer.write(b"0\r\n\r\n")

    upstream.reply = reply
    got = b""
    async with models.reverse(models.token()) as client, client.stream("POST", path, json=body) as given:
        async for piece in given.aiter_raw():
            got += piece
            if b"found" in got or len(got) >= len(text) // 2:
                heard.set()

    assert heard.is_set()
    assert b"tool_calls" not in got
    assert b"tool_use" not in got
    assert base64.b64encode(b"tool_use")[:8] not in got
