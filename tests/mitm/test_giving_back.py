"""Tokens on their way through a whole gateway: who gets a value back, and who never does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.mitm.harness import RULES, Running
from tests.mitm.upstream import PERSON, Seen, Upstream, answer, events

from interlock.errors import InterlockError
from interlock.store.vault_file import VaultFile

TOKEN = re.compile(r"<email:[A-Z2-7]{16}>")
MASKING = """
masking:
  - id: people
    detect: [email, credit-card]
    with: token
    restore: {to: [docs], at: [$$.to], kinds: [email], from: [warehouse, feed]}
"""
POLICY = """
  - {id: tools, permit: ["tool.use:*", shell.read, shell.write], on: agent, to: {from: demo, groups: [reader]}}
"""
TOKENS = RULES[: RULES.index("\nmasking:")] + POLICY + MASKING


@pytest.fixture
async def tokens(start: Any) -> Any:
    """A gateway whose rules put tokens in the place of addresses."""
    async with start(rules={"text": TOKENS}) as running:
        yield running


def _url(upstream: Upstream, name: str, path: str) -> str:
    return f"http://127.0.0.3:{upstream.ports[name]}{path}"


async def _ask(gateway: Running, upstream: Upstream, text: str, **given: Any) -> httpx.Response:
    """One turn of a model."""
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": text}], **given}
    async with gateway.forward(gateway.token()) as client:
        return await client.post(_url(upstream, "claude", "/v1/messages"), json=body)


def _streamed(tool_input: Callable[[str], dict[str, Any]], size: int) -> Any:
    """A model that puts what it was told into a tool's input, torn every `size` characters."""

    async def reply(seen: Seen, reader: Any, writer: Any) -> None:
        told = TOKEN.findall(json.loads(seen.body)["messages"][-1]["content"])
        text = json.dumps(tool_input(told[0] if told else "nothing"))
        start = {"type": "tool_use", "id": "t1", "name": "Edit", "input": {}}
        found: list[dict[str, Any]] = [{"type": "message_start", "message": {"id": "m", "role": "assistant"}}]
        found.append({"type": "content_block_start", "index": 0, "content_block": start})
        for at in range(0, len(text), size):
            delta = {"type": "input_json_delta", "partial_json": text[at : at + size]}
            found.append({"type": "content_block_delta", "index": 0, "delta": delta})
        found += [{"type": "content_block_stop", "index": 0}, {"type": "message_stop"}]
        writer.write(events(*(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in found)))

    return reply


def _input(response: httpx.Response) -> dict[str, Any]:
    """The input of the tool call in a streamed answer."""
    told = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: ")]
    return json.loads("".join(each["delta"].get("partial_json", "") for each in told if "delta" in each))


@pytest.mark.parametrize("size", [1, 5, 400])
async def test_the_agent_gets_back_what_it_sent(tokens, upstream, size) -> None:
    """In its model's tool inputs, however they are torn; the model and the recording see the token alone."""
    upstream.reply = _streamed(lambda told: {"old_string": f"write to {told}!", "file_path": "/a"}, size)

    response = await _ask(tokens, upstream, f"Mail {PERSON}")

    assert _input(response) == {"old_string": f"write to {PERSON}!", "file_path": "/a"}
    assert PERSON.encode() not in upstream.seen[-1].body
    assert PERSON.encode() not in tokens.recorded()
    assert TOKEN.search(tokens.recorded().decode("utf-8", "replace"))


async def test_whole_answers_too(tokens, upstream) -> None:
    """The same without a stream; the text of the answer keeps the token."""

    async def reply(seen: Seen, reader: Any, writer: Any) -> None:
        told = TOKEN.findall(json.loads(seen.body)["messages"][-1]["content"])[0]
        call = {"type": "tool_use", "id": "t1", "name": "Write", "input": {"content": f"to: {told}", told: 1}}
        message = {"id": "m", "role": "assistant", "content": [{"type": "text", "text": f"I write {told}"}, call]}
        writer.write(answer(json.dumps(message).encode()))

    upstream.reply = reply
    told, call = (await _ask(tokens, upstream, f"Mail {PERSON}")).json()["content"]

    assert call["input"] == {"content": f"to: {PERSON}", PERSON: 1}
    assert TOKEN.search(told["text"])
    assert PERSON not in told["text"]
    assert PERSON.encode() not in tokens.recorded()


@pytest.mark.parametrize("glued", ["1{}", "{}9", "x{}y", "{}{}", "no. {}!"])
async def test_what_goes_back_is_found_again_however_it_is_glued(tokens, upstream, glued) -> None:
    """A model may put a token where no detector would find the value: the next turn does not tell it either."""
    card = "4111 1111 1111 1111"

    async def reply(seen: Seen, reader: Any, writer: Any) -> None:
        told = re.findall(r"<credit-card:[A-Z2-7]{16}>", seen.body.decode())[0]
        call = {"type": "tool_use", "id": "t1", "name": "Note", "input": {"a": glued.replace("{}", told)}}
        writer.write(answer(json.dumps({"id": "m", "role": "assistant", "content": [call]}).encode()))

    upstream.reply = reply
    (call,) = (await _ask(tokens, upstream, f"Pay with {card}")).json()["content"]
    history = [{"role": "user", "content": f"Pay with {card}"}, {"role": "assistant", "content": [call]}]
    shown = json.dumps(call["input"])
    history.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": shown}]})
    await _ask(tokens, upstream, "", messages=history)

    assert call["input"]["a"] == glued.replace("{}", card)
    assert b"1111" not in upstream.seen[-1].body
    assert b"4111 1111" not in tokens.recorded()


@pytest.mark.parametrize("size", [40, 490])
async def test_a_file_of_addresses_is_written_as_it_was(tokens, upstream, size) -> None:
    """Every address in a large input is back, and no recording holds one of them."""
    people = "\n".join(f"person{number}@department-of-many-words-{'x' * 30}.example.com" for number in range(size))

    async def reply(seen: Seen, reader: Any, writer: Any) -> None:
        told = json.loads(seen.body)["messages"][-1]["content"]
        call = {"type": "tool_use", "id": "t1", "name": "Write", "input": {"content": told}}
        writer.write(answer(json.dumps({"id": "m", "role": "assistant", "content": [call]}).encode()))

    upstream.reply = reply
    (call,) = (await _ask(tokens, upstream, people)).json()["content"]

    assert call["input"]["content"] == people
    assert b"@department" not in upstream.seen[-1].body + tokens.recorded()


async def test_one_value_has_one_token_in_every_turn(tokens, upstream) -> None:
    """The same bytes each time: the provider's prompt cache depends on it."""
    upstream.reply = _streamed(lambda told: {"a": told}, 9)
    for text in (f"Mail {PERSON}", f"Mail {PERSON}", f"Mail {PERSON} and x@example.org"):
        await _ask(tokens, upstream, text)

    first, second, third = (TOKEN.findall(seen.body.decode()) for seen in upstream.seen)
    assert first == second == third[:1]
    assert len(set(third)) == 2


async def test_what_an_answer_held_is_not_given_back(tokens, upstream, url) -> None:
    """A value first seen in an upstream's answer: not in tool inputs, not even once the agent sends it as well."""
    upstream.reply = answer(json.dumps({"email": PERSON}).encode())
    async with tokens.forward(tokens.token()) as client:
        (shown,) = TOKEN.findall((await client.get(url("docs"))).text)
    upstream.reply = _streamed(lambda told: {"a": told}, 9)

    assert _input(await _ask(tokens, upstream, f"I know {shown}")) == {"a": shown}
    assert _input(await _ask(tokens, upstream, f"It is {PERSON}")) == {"a": shown}


@pytest.mark.parametrize("foreign", [False, True])
async def test_a_token_of_nobody_or_of_another_session_says_nothing(tokens, upstream, foreign) -> None:
    """Invented ones, and those that another agent was given."""
    upstream.reply = _streamed(lambda told: {"a": told}, 9)
    token = "<email:AAAAAAAAAAAAAAAA>"
    if foreign:
        body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": PERSON}]}
        async with tokens.forward(tokens.token(subject="max")) as client:
            await client.post(_url(upstream, "claude", "/v1/messages"), json=body)
        (token,) = TOKEN.findall(upstream.seen[-1].body.decode())
    await _ask(tokens, upstream, f"Mail {PERSON}")

    assert _input(await _ask(tokens, upstream, f"Use {token}")) == {"a": token}


async def test_a_connection_gets_values_back_only_where_a_rule_says_so(tokens, upstream, url) -> None:
    """At its place, as a whole; its echo is a token again, everywhere; nothing of it in the recording."""
    upstream.reply = answer(json.dumps({"email": PERSON}).encode())
    async with tokens.forward(tokens.token()) as client:
        (token,) = TOKEN.findall((await client.get(url("feed"))).text)
        echo = f"sent to {PERSON}, {PERSON}x"
        upstream.reply = answer(json.dumps({"said": echo}).encode())
        body = {"to": token, "text": f"Dear {token}", "cc": [token]}
        said = (await client.post(url("docs", f"/open/mail?to={token}"), json=body, headers={"x-to": token})).json()
        elsewhere = (await client.get(url("sockets"))).json()

    sent = upstream.seen[-2]
    assert json.loads(sent.body) == {**body, "to": PERSON}
    assert PERSON not in sent.target + str(sent.headers)
    assert said == elsewhere
    assert said["said"].startswith(f"sent to {token}, ")
    assert PERSON not in str(said)
    assert PERSON.encode() not in tokens.recorded()
    restored = [event["data"]["restored"] for event in tokens.events() if event["data"].get("restored")]
    assert restored == [[{"kind": "email", "place": "/to"}]]


async def test_another_origin_is_not_restored(tokens, upstream, url) -> None:
    """The rule names feed and warehouse; what docs itself or the agent said is not for it."""
    async with tokens.forward(tokens.token()) as client:
        upstream.reply = answer(json.dumps({"email": PERSON}).encode())
        (token,) = TOKEN.findall((await client.get(url("docs"))).text)
        await client.post(url("docs", "/open/mail"), json={"to": token})

    assert json.loads(upstream.seen[-1].body) == {"to": token}


async def test_two_gateways_with_one_master_key_give_one_token(start, upstream, url, monkeypatch) -> None:
    """And each gives back what the other gave out, from the vault that they share; without it values are redacted."""
    monkeypatch.setenv("MITM_MASTER", "m" * 44)
    text = TOKENS.replace("  trust:", "  master_key: env:MITM_MASTER\n  trust:")
    seen = []
    for _ in range(2):
        async with start(rules={"text": text}) as gateway, gateway.forward(gateway.token()) as client:
            upstream.reply = answer(json.dumps({"email": PERSON}).encode())
            if not seen:
                seen += TOKEN.findall((await client.get(url("feed"))).text)
            await client.post(url("docs", "/open/mail"), json={"to": seen[0]})
            upstream.reply = _streamed(lambda told: {"a": told}, 9)
            assert _input(await _ask(gateway, upstream, f"Mail x@example.org {seen[0]}")) == {"a": "x@example.org"}
            seen += TOKEN.findall(upstream.seen[-1].body.decode())[:1]
            assert PERSON.encode() not in gateway.recorded()
            assert b"x@example.org" not in gateway.recorded()

    assert [json.loads(each.body)["to"] for each in upstream.seen if each.target == "/open/mail"] == [PERSON, PERSON]
    assert seen[1] == seen[2] != seen[0]


async def test_without_its_store_a_gateway_redacts(start, upstream, monkeypatch, tmp_path) -> None:
    """New values only, and the evidence says why."""
    monkeypatch.setenv("MITM_MASTER", "m" * 44)
    text = TOKENS.replace("  trust:", "  master_key: env:MITM_MASTER\n  trust:")
    async with start(rules={"text": text}) as gateway:
        upstream.reply = _streamed(lambda told: {"a": told}, 9)
        await _ask(gateway, upstream, f"Mail {PERSON}")
        gateway.services.keeper.close()
        gateway.services.keeper.store = VaultFile(tmp_path, lambda: 0.0)
        await _ask(gateway, upstream, f"Mail {PERSON} and x@example.org")
        body = upstream.seen[-1].body.decode()

        assert (len(TOKEN.findall(body)), body.count("[redacted:email]")) == (1, 1)
        alarms = {event["data"]["what"] for event in gateway.events() if event["kind"] == "masking"}
        assert alarms == {"vault-unavailable"}


async def test_a_master_key_that_is_none_stops_the_start(start, monkeypatch) -> None:
    """Missing, or too short: said with what to do, and without the key."""
    text = TOKENS.replace("  trust:", "  master_key: env:MITM_MASTER\n  trust:")
    for value in (None, "short-key-7f3a"):
        if value:
            monkeypatch.setenv("MITM_MASTER", value)
        with pytest.raises(InterlockError) as error:
            async with start(rules={"text": text}):
                raise LookupError
        assert "MITM_MASTER" in str(error.value)
        assert "7f3a" not in str(error.value) + str(error.value.hint)


async def test_beyond_the_budget_values_are_redacted_and_the_evidence_says_so(tokens, upstream) -> None:
    """Nobody tries out more than 500 guesses; the event names the kind."""
    upstream.reply = _streamed(lambda told: {"a": told}, 9)
    await _ask(tokens, upstream, " ".join(f"p{number}@example.com" for number in range(502)))

    body = upstream.seen[-1].body.decode()
    assert (len(set(TOKEN.findall(body))), body.count("[redacted:email]")) == (500, 2)
    alarms = [event["data"] for event in tokens.events() if event["kind"] == "masking"]
    assert [(alarm["what"], alarm["kind"]) for alarm in alarms] == [("budget-spent", "email")]


_CALL = {"id": "c", "type": "function", "function": {"name": "note", "arguments": '{"a": "to TOKEN"}'}}
_ITEM = {"type": "function_call", "id": "f", "call_id": "c", "name": "note", "arguments": '{"a": "to TOKEN"}',
         "status": "completed"}  # fmt: skip
_SAID = {"type": "message", "id": "m", "role": "assistant", "status": "completed",
         "content": [{"type": "output_text", "text": "I know TOKEN", "annotations": []}]}  # fmt: skip
_CHAT = {"role": "assistant", "content": "I know TOKEN", "tool_calls": [_CALL]}
_PARTS = [{"text": "I know TOKEN"}, {"functionCall": {"name": "note", "args": {"a": "to TOKEN"}}}]
_GEMINI = {"candidates": [{"index": 0, "content": {"role": "model", "parts": _PARTS}, "finishReason": "STOP"}]}
_DONE = {"id": "r", "object": "response", "status": "completed", "output": [_SAID, _ITEM]}
_OTHERS: dict[str, tuple[str, str, list[Any]]] = {
    "chat": ("openai", "/v1/chat/completions", [
        {"id": "x", "choices": [{"index": 0, "message": _CHAT, "finish_reason": "tool_calls"}]},
    ]),
    "chat-stream": ("openai", "/v1/chat/completions", [
        {"id": "x", "choices": [{"index": 0, "delta": {"role": "assistant", "content": "I know TOKEN"}}]},
        {"id": "x", "choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, **_CALL}]}}]},
        {"id": "x", "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
    ]),
    "responses": ("openai", "/v1/responses", [_DONE]),
    "responses-stream": ("openai", "/v1/responses", [
        {"type": "response.created", "sequence_number": 0, "response": {**_DONE, "status": "queued", "output": []}},
        {"type": "response.output_item.added", "sequence_number": 1, "output_index": 1,
         "item": {**_ITEM, "arguments": "", "status": "in_progress"}},
        {"type": "response.function_call_arguments.delta", "sequence_number": 2, "item_id": "f", "output_index": 1,
         "delta": '{"a": "to TOKEN"}'},
        {"type": "response.function_call_arguments.done", "sequence_number": 3, "item_id": "f", "output_index": 1,
         "arguments": '{"a": "to TOKEN"}'},
        {"type": "response.output_item.done", "sequence_number": 4, "output_index": 1, "item": _ITEM},
        {"type": "response.completed", "sequence_number": 5, "response": _DONE},
    ]),
    "gemini": ("gemini", "/v1beta/models/m:generateContent", [_GEMINI]),
    "gemini-stream": ("gemini", "/v1beta/models/m:streamGenerateContent?alt=sse", [_GEMINI]),
}  # fmt: skip


@pytest.mark.parametrize("case", _OTHERS)
async def test_every_model_api_gives_back_in_calls_alone(start, upstream, case) -> None:
    """Wherever the API shows a call, once or again; its texts keep the token, and so does the recording."""
    protocol, path, told = _OTHERS[case]
    await upstream.open((protocol,))
    host = f"http://127.0.0.3:{upstream.ports[protocol]}"
    connection = f'  - {{name: {protocol}, protocol: {protocol}, hosts: ["{host}"], addresses: [127.0.0.0/8]}}'
    policy = f"  - {{id: more, permit: [model.message], on: [{protocol}], to: {{from: demo, groups: [reader]}}}}"
    said = {"model": "m", "messages": [{"role": "user", "content": f"Mail {PERSON}"}]}
    if case.startswith("responses"):
        said = {"model": "m", "input": f"Mail {PERSON}"}
    if protocol == "gemini":
        said = {"contents": [{"role": "user", "parts": [{"text": f"Mail {PERSON}"}]}]}

    async def reply(seen: Seen, reader: Any, writer: Any) -> None:
        (token,) = TOKEN.findall(seen.body.decode())
        texts = [json.dumps(each).replace("TOKEN", token) for each in told]
        streamed = "stream" in case
        lines = [f"event: {each['type']}\ndata: " if "type" in each else "data: " for each in told]
        pieces = (f"{line}{text}\n\n" for line, text in zip(lines, texts, strict=True))
        writer.write(events(*pieces) if streamed else answer(texts[0].encode()))

    upstream.reply = reply
    async with start(rules={"text": TOKENS, "connections": connection, "policy": policy}) as gateway:
        async with gateway.forward(gateway.token()) as client:
            body = json.dumps(said | ({"stream": True} if case.endswith("-stream") and protocol == "openai" else {}))
            headers = {"content-type": "application/json"}
            given = (await client.post(host + path, content=body, headers=headers)).text

        expected = json.dumps(told).count("to TOKEN") - (2 if case == "responses-stream" else 0)
        assert given.count(f"to {PERSON}") >= expected > 0, given
        assert "to <" not in given
        assert "I know <email:" in given
        assert f"I know {PERSON}" not in given
        assert PERSON.encode() not in gateway.recorded()


@pytest.mark.parametrize(("value", "status"), [(PERSON, 200), ("mallory@evil.example", 403)])
async def test_what_is_restored_is_judged_with_its_value(start, upstream, url, value, status) -> None:
    """A rule about addresses sees the address; the refusal, the evidence and the recording do not tell it."""
    policy = """
  - {id: sends, permit: ["mcp.call:send"], on: [tickets], to: {from: demo, groups: [reader]}}
  - {id: not-there, forbid: ["mcp.call:send"], on: [tickets], where: {to: ["*@evil.example"]}}
"""
    text = TOKENS.replace("to: [docs], at: [$$.to]", "to: [tickets], at: [$$.params.arguments.to]")
    upstream.reply = answer(json.dumps({"email": value}).encode())
    async with start(rules={"text": text, "policy": policy}) as gateway:
        async with gateway.forward(gateway.token()) as client:
            (token,) = TOKEN.findall((await client.get(url("feed"))).text)
            said = {"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": f"to {value}"}]}}
            upstream.reply = answer(json.dumps(said).encode())
            call = {"name": "send", "arguments": {"to": token, "text": token}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
            response = await client.post(url("tickets", "/mcp"), json=body)

        sent = [json.loads(seen.body)["params"]["arguments"] for seen in upstream.seen if seen.target == "/mcp"]
        assert sent == ([{"to": value, "text": token}] if status == 200 else [])
        assert ("error" in response.json()) is (status != 200), response.text
        assert value not in response.text
        assert value.encode() not in gateway.recorded()
