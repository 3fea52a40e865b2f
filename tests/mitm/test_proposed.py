"""Calls that a model proposes and rules want reviewed: text with a ticket, then the very same call once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from tests.mitm.harness import RULES, until
from tests.mitm.upstream import HOST, Upstream, answer, events

from interlock.model import ApprovalState

POLICY = """
  - id: tools
    permit: ["tool.use:*", shell.read]
    on: agent
    to: {from: demo, groups: [reader]}
  - id: a-person
    review: [shell.admin, shell.write]
    on: agent
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    expires: 1m
    grant: {max: 30m}
"""
ASK = {"model": "m", "max_tokens": 8, "messages": [{"role": "user", "content": "x"}]}
MOUNT = {"command": "mount /dev/sda1 /mnt", "description": "Mount it"}


def call(arguments: Any = MOUNT, name: str = "Bash") -> dict[str, Any]:
    """One proposed call."""
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}


def whole(*blocks: dict[str, Any]) -> bytes:
    """A reply in one document."""
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": list(blocks)}
    return answer(
        json.dumps({**message, "stop_reason": "tool_use", "usage": {"input_tokens": 1, "output_tokens": 1}}).encode()
    )


def streamed(*blocks: dict[str, Any]) -> bytes:
    """The same as a stream."""
    found: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "m", "role": "assistant", "content": []}}
    ]
    for index, block in enumerate(blocks):
        delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        found += [
            {"type": "content_block_start", "index": index, "content_block": {**block, "input": {}}},
            {"type": "content_block_delta", "index": index, "delta": delta},
            {"type": "content_block_stop", "index": index},
        ]
    found += [{"type": "message_delta", "delta": {"stop_reason": "tool_use"}}, {"type": "message_stop"}]
    return events(*(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in found))


SHAPES = {"whole": whole, "streamed": streamed}


async def ask(client: httpx.AsyncClient, upstream: Upstream, reply: bytes) -> str:
    """What the model is made to say, as it reaches the agent."""
    upstream.reply = reply
    response = await client.post(f"http://{HOST}:{upstream.ports['claude']}/v1/messages", json=ASK)
    assert response.status_code == 200, response.text
    return response.text


def passed(text: str) -> bool:
    """Whether the agent may run it."""
    return '"tool_use"' in text and "toolu_1" in text


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_reviewed_call_is_text_until_approved_and_then_passes_once(
    gateway, people, agent, upstream, shape: str
) -> None:
    """With another id, description and place it is the same call; a second time it is another question."""
    say = SHAPES[shape]
    text = await ask(agent, upstream, say(call()))
    assert not passed(text)
    asked = (await people.asked())[0]
    assert asked.id in text
    assert "approval-pending" in text
    assert (asked.connection, asked.shown["tool"], asked.shown["input"]) == ("agent", "Bash", MOUNT)
    assert not passed(await ask(agent, upstream, say(call())))
    assert len(await people.asked()) == 1
    await people.decide(asked)
    again = call({**MOUNT, "description": "Try again"})
    assert passed(await ask(agent, upstream, say(call({"command": "ls"}), again)))
    assert await people.ended(asked.id, "handed to the agent")
    last = await ask(agent, upstream, say(call()))
    assert not passed(last)
    assert asked.id not in last
    events_ = [event["data"] for event in gateway.events() if event["kind"] == "reply"]
    assert ("approved", asked.id) in [(data["reason"], data.get("approval")) for data in events_]


@pytest.mark.parametrize("arguments", [{"command": "mount /dev/sda2 /mnt"}, {**MOUNT, "timeout": 1}])
async def test_any_other_call_is_another_question(people, agent, upstream, arguments: Any) -> None:
    """One argument more, or another word in one; and the lease that was not needed is given back."""
    await ask(agent, upstream, streamed(call()))
    asked = (await people.asked())[0]
    await people.decide(asked)
    assert not passed(await ask(agent, upstream, streamed(call(arguments))))
    await people.stands(asked.id, ApprovalState.APPROVED)
    assert passed(await ask(agent, upstream, streamed(call())))


async def test_of_two_calls_alike_in_one_reply_one_passes(people, agent, upstream) -> None:
    """Each call is one run."""
    await ask(agent, upstream, streamed(call()))
    await people.approve_next()
    text = await ask(agent, upstream, streamed(call(), call()))
    assert text.count("toolu_1") == 1


async def test_an_approval_is_for_who_asked(gateway, people, agent, upstream) -> None:
    """Another principal's model may say the same."""
    await ask(agent, upstream, streamed(call()))
    await people.approve_next()
    async with gateway.forward(gateway.token(subject="max")) as other:
        assert not passed(await ask(other, upstream, streamed(call())))
    assert passed(await ask(agent, upstream, streamed(call())))


async def test_a_no_is_told_with_its_reason(people, agent, upstream) -> None:
    """To the model, when it tries again."""
    await ask(agent, upstream, streamed(call()))
    await people.approve_next(approves=False, reason="not on this machine")
    text = await ask(agent, upstream, streamed(call()))
    assert "approval-denied" in text
    assert "not on this machine" in text
    assert not passed(text)


async def test_two_replies_at_a_time_share_what_is_approved(gateway, people, agent, upstream) -> None:
    """A title that is made beside it does not take the approval away from the reply that needs it."""
    await ask(agent, upstream, streamed(call()))
    asked = await people.approve_next()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: wait\n\n")
        await writer.drain()
        begun.set()
        await go_on.wait()
        writer.close()

    upstream.reply = slow  # type: ignore[assignment]
    target = f"http://{HOST}:{upstream.ports['claude']}/v1/messages"
    beside = asyncio.create_task(agent.post(target, json=ASK))
    await begun.wait()
    await until(lambda: len(gateway.services.proposed._leases) == 1)
    assert passed(await ask(agent, upstream, streamed(call())))
    go_on.set()
    await asyncio.gather(beside, return_exceptions=True)
    assert await people.ended(asked.id, "handed to the agent")


async def test_a_no_while_the_reply_is_read(gateway, people, agent, upstream) -> None:
    """A yes is taken back for as long as the call was not handed over: the model is told, and the agent has nothing."""
    await ask(agent, upstream, streamed(call()))
    asked = await people.approve_next()
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        head, body = streamed(call()).split(b"\r\n\r\n", 1)
        writer.write(head + b"\r\n\r\n")
        await writer.drain()
        begun.set()
        await go_on.wait()
        writer.write(body)
        await writer.drain()
        writer.close()

    upstream.reply = slow  # type: ignore[assignment]
    target = f"http://{HOST}:{upstream.ports['claude']}/v1/messages"
    reading = asyncio.create_task(agent.post(target, json=ASK))
    await begun.wait()
    await people.stands(asked.id, ApprovalState.USED)
    await people.decide(asked, approves=False, reason="on second thoughts")
    await until(lambda: gateway.services.approvals.desk.board.taken_back(asked.id) is not None)
    go_on.set()
    text = (await reading).text
    assert not passed(text)
    assert "on second thoughts" in text
    await people.stands(asked.id, ApprovalState.DENIED)


async def test_a_client_that_leaves_gives_its_lease_back(gateway, people, upstream) -> None:
    """Nothing is used up by a reply that nobody read."""
    async with gateway.forward(gateway.token()) as agent:
        await ask(agent, upstream, streamed(call()))
        asked = await people.approve_next()
        begun = asyncio.Event()

        async def slow(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n: wait\n\n")
            await writer.drain()
            begun.set()
            await asyncio.sleep(5)

        upstream.reply = slow  # type: ignore[assignment]
        target = f"http://{HOST}:{upstream.ports['claude']}/v1/messages"
        waiting = asyncio.create_task(agent.post(target, json=ASK))
        await begun.wait()
        await people.stands(asked.id, ApprovalState.USED)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await people.stands(asked.id, ApprovalState.APPROVED)


async def test_a_grant_lets_more_of_the_same_pass(people, agent, upstream) -> None:
    """What the agent runs, by its name."""
    await ask(agent, upstream, streamed(call()))
    await people.grant_next(60)
    for number in range(2):
        assert passed(await ask(agent, upstream, streamed(call({"command": f"mount /dev/sdb{number} /mnt"}))))


async def test_without_a_store_the_text_says_so(gateway, people, agent, upstream) -> None:
    """And what is permitted passes."""
    gateway.clock.ahead += 2.5
    people.desk.board._follow = None
    text = await ask(agent, upstream, streamed(call()))
    assert "approval-unavailable" in text or "approval-pending" in text
    assert passed(await ask(agent, upstream, streamed(call({"command": "ls"}))))


async def test_what_cannot_be_asked_is_told_the_next_time(gateway, people, agent, upstream) -> None:
    """Six questions are one too many."""
    for number in range(6):
        await ask(agent, upstream, streamed(call({"command": f"mount /dev/sd{number} /mnt"})))
    await until(lambda: not any(one.opening for one in gateway.services.proposed._asked.values()))
    assert "approvals-full" in await ask(agent, upstream, streamed(call({"command": "mount /dev/sd5 /mnt"})))


async def test_nothing_passes_that_cannot_be_recorded(gateway, people, agent, upstream, monkeypatch) -> None:
    """The word on a call is written before the call goes on."""
    await ask(agent, upstream, streamed(call()))
    await people.approve_next()
    approvals = gateway.services.approvals

    def full(*_: Any, **__: Any) -> None:
        from interlock.errors import Refused
        from interlock.reasons import Reason

        raise Refused(Reason.RECORDING_UNAVAILABLE)

    monkeypatch.setattr(approvals, "note", full)
    assert not passed(await ask(agent, upstream, streamed(call())))


async def test_what_a_mask_would_hide_is_not_asked(start, upstream) -> None:
    """A command that could not be shown cannot be approved."""
    text = RULES + "  - {id: notes, path: $$.command, with: redact, where: [recordings]}\n"
    async with start(rules={"policy": POLICY, "text": text}) as gateway, gateway.forward(gateway.token()) as client:
        await gateway.services.approvals.opened()
        assert "approval-hidden" in await ask(client, upstream, streamed(call()))
