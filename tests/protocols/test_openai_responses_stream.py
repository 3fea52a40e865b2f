"""Streamed Responses answers: calls pass whole and judged, or as a message; what repeats the answer agrees."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

import httpx2
import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.model import JSON, Operation
from interlock.protocols.openai_responses_stream import ResponsesStream
from interlock.protocols.replies import Treatment
from interlock.protocols.sse import EventParser
from interlock.reasons import Reason

type Make = Callable[..., Treatment]

EVIL = '{"command": "rm -rf /"}'
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
BASE = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "model": "gpt-x",
    "status": "in_progress",
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [{"type": "function", "name": "Bash", "parameters": {}}],
    "output": [],
}


class Script:
    """Writes a stream with rising numbers."""

    def __init__(self) -> None:
        self.out = b""
        self.number = 0
        self.output: list[JSON] = []

    def say(self, kind: str, **members: JSON) -> Script:
        """One event."""
        document = {"type": kind, "sequence_number": self.number, **members}
        self.number += 1
        self.out += f"event: {kind}\n".encode() + b"data: " + json.dumps(document).encode() + b"\n\n"
        return self

    def begin(self) -> Script:
        """The first event."""
        return self.say("response.created", response=BASE)

    def text(self, *pieces: str, index: int = 0) -> Script:
        """A message in pieces."""
        at: dict[str, Any] = {"item_id": f"msg_{index}", "output_index": index, "content_index": 0}
        item = {"type": "message", "id": f"msg_{index}", "role": "assistant", "status": "in_progress", "content": []}
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        told = {**part, "text": "".join(pieces), "logprobs": [{"token": "cle", "logprob": -1}]}
        self.say("response.output_item.added", output_index=index, item=item)
        self.say("response.content_part.added", **at, part=part)
        for piece in pieces:
            self.say("response.output_text.delta", **at, delta=piece, logprobs=[{"token": piece, "logprob": -1}])
        self.say("response.output_text.done", **at, text="".join(pieces), logprobs=told["logprobs"])
        self.say("response.content_part.done", **at, part=told)
        self.output.append({**item, "status": "completed", "content": [told]})
        return self.say("response.output_item.done", output_index=index, item=self.output[-1])

    def call(
        self, arguments: str = EVIL, name: str = "Bash", index: int = 0, *, end: bool = True, **more: JSON
    ) -> Script:
        """A function call in pieces."""
        item = {"type": "function_call", "id": f"fc_{index}", "call_id": f"call_{index}", "name": name}
        at: dict[str, Any] = {"item_id": f"fc_{index}", "output_index": index}
        self.say(
            "response.output_item.added", output_index=index, item={**item, "status": "in_progress", "arguments": ""}
        )
        for start in range(0, len(arguments), 7):
            self.say("response.function_call_arguments.delta", **at, delta=arguments[start : start + 7])
        self.say("response.function_call_arguments.done", **at, name=name, arguments=arguments)
        if not end:
            return self
        done = {**item, "status": "completed", "arguments": arguments, **more}
        self.output.append(done)
        return self.say("response.output_item.done", output_index=index, item=done)

    def item(self, item: JSON, index: int = 0) -> Script:
        """An item of another kind, begun and ended at once."""
        self.say("response.output_item.added", output_index=index, item=item)
        self.output.append(item)
        return self.say("response.output_item.done", output_index=index, item=item)

    def end(self, **more: JSON) -> bytes:
        """The last event, and all of it."""
        response = {**BASE, "status": "completed", "output": self.output, **more}
        return self.say("response.completed", response=response).out


def run(treatment: Treatment, body: bytes, sizes: list[int] | None = None) -> tuple[bytes, str]:
    """What goes on, and why it ended early."""
    stream, out, at = ResponsesStream(treatment), b"", 0
    try:
        for size in [*(sizes or []), len(body)]:
            out += stream.feed(body[at : at + size])
            at += size
        return out + stream.close(), ""
    except InterlockError as error:
        return out, str(error.reason)


def client(body: bytes) -> Any:
    """The answer that the real client ends up with, of a stream; it reads every event."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body, request=request)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    api = openai.OpenAI(api_key="k", base_url="http://model.invalid/v1", http_client=http, max_retries=0)
    with api.responses.stream(model="m", input="x") as stream:
        return stream.get_final_response()


def datas(body: bytes) -> list[dict[str, Any]]:
    """The documents of a stream."""
    return [json.loads(event.data) for event in EventParser().feed(body) if event.data]


def numbers(body: bytes) -> list[int]:
    """The sequence numbers of a stream."""
    return [told["sequence_number"] for told in datas(body)]


SHELL = {
    "type": "shell_call",
    "id": "sh_0",
    "call_id": "c",
    "status": "completed",
    "action": {"commands": ["rm -rf /"]},
}
LOCAL = {
    "type": "local_shell_call",
    "id": "ls_0",
    "call_id": "c",
    "status": "completed",
    "action": {"type": "exec", "command": ["rm", "-rf", "/"], "env": {}},
}
CUSTOM = {"type": "custom_tool_call", "id": "ct_0", "call_id": "c", "name": "bash", "input": "rm -rf /"}
WELL = '{"command": "ls"}'
PERMITTED = {
    "text": Script().begin().text("Hel", "lo").end(),
    "one call": Script().begin().call(WELL, "Look").end(),
    "text and two calls": Script().begin().text("so").call(WELL, "Look", 1).call("{}", "Look", 2).end(),
    "reasoning": Script()
    .begin()
    .item({"type": "reasoning", "id": "rs", "summary": [], "encrypted_content": "x"})
    .end(),
    "tools at the provider": Script()
    .begin()
    .item({"type": "mcp_call", "id": "m", "name": "x", "arguments": "{}"})
    .item({"type": "web_search_call", "id": "w", "status": "completed"}, 1)
    .end(),
    "no arguments": Script().begin().call("", "Look").end(),
    "CRLF": Script().begin().call(WELL, "Look").end().replace(b"\n", b"\r\n"),
}


@pytest.mark.parametrize("name", PERMITTED)
def test_what_is_permitted_goes_on_untouched(treatment: Make, name: str) -> None:
    """The very bytes that came, however they were cut."""
    body = PERMITTED[name]

    assert run(treatment("tool.use:Bash"), body) == (body, "")
    assert run(treatment("tool.use:Bash"), body, [1] * len(body)) == (body, "")


def test_a_forbidden_call_becomes_a_message(treatment: Make) -> None:
    """Also where the whole answer is repeated at the end, and for the client that reads every event."""
    seen: list[tuple[Operation, ...]] = []
    out, reason = run(treatment("tool.use:Bash", seen=seen), Script().begin().text("so").call(index=1).end())
    final = client(out)

    assert reason == ""
    assert [item.type for item in final.output] == ["message", "message"]
    assert "It is forbidden." in final.output_text
    assert len(seen) == 1
    assert b"rm -rf" not in out
    assert numbers(out) == sorted(set(numbers(out)))
    assert {told.get("output_index") for told in datas(out)} == {None, 0, 1}
    assert datas(out)[-1]["response"]["output"][1] == datas(out)[-2]["item"]


@pytest.mark.parametrize(("item", "name"), [(SHELL, "shell"), (LOCAL, "local_shell"), (CUSTOM, "bash")])
def test_other_kinds_of_calls_are_judged(treatment: Make, item: JSON, name: str) -> None:
    """With the command in them."""
    seen: list[tuple[Operation, ...]] = []
    out, _ = run(treatment(f"tool.use:{name}", seen=seen), Script().begin().item(item).end())

    assert [[part.text for part in found.nested] for (found,) in seen] == [["rm -rf /"]]
    assert b"rm" not in out
    assert run(treatment(), Script().begin().item(item).end())[0] == Script().begin().item(item).end()


def test_the_others_of_parallel_calls_still_run(treatment: Make) -> None:
    """Their events keep their bytes, but for numbers that would not rise."""
    body = Script().begin().call(index=0).call(WELL, "Look", 1).end()
    out, _ = run(treatment("tool.use:Bash"), body)
    final = client(out)

    assert [item.type for item in final.output] == ["message", "function_call"]
    assert numbers(out) == sorted(set(numbers(out)))


def test_interleaved_calls(treatment: Make) -> None:
    """Each by its own output_index; text goes on meanwhile."""
    script = Script().begin()
    for index, name in enumerate(("Bash", "Look")):
        item = {"type": "function_call", "id": f"fc_{index}", "call_id": "c", "name": name, "arguments": ""}
        script.say("response.output_item.added", output_index=index, item=item)
    for piece in ('{"command":', ' "ls"}'):
        for index in (0, 1):
            script.say("response.function_call_arguments.delta", item_id=f"fc_{index}", output_index=index, delta=piece)
    for index, name in ((1, "Look"), (0, "Bash")):
        item = {
            "type": "function_call",
            "id": f"fc_{index}",
            "call_id": "c",
            "name": name,
            "arguments": '{"command": "ls"}',
        }
        script.say("response.output_item.done", output_index=index, item=item)
        script.output.insert(0, item)
    out, reason = run(treatment("tool.use:Bash"), script.end())

    assert reason == ""
    assert [item.type for item in client(out).output] == ["message", "function_call"]
    assert numbers(out) == sorted(set(numbers(out)))


def test_nothing_of_a_call_passes_before_its_end(treatment: Make) -> None:
    """A stream that is cut inside one releases nothing of it."""
    begun = Script().begin()
    cut = Script().begin().call(WELL, "Look", end=False)

    assert run(treatment(), cut.out) == (begun.out, "")
    assert run(treatment(), cut.end())[1] == Reason.STREAM_UNREADABLE


def other(**changes: JSON) -> JSON:
    """A permitted call's item, changed."""
    return {"type": "function_call", "id": "fc_0", "call_id": "call_0", "name": "Look", "arguments": WELL, **changes}


AMBIGUOUS = {
    "other arguments at the end": Script()
    .begin()
    .call(WELL, "Look", arguments_=1)
    .end()
    .replace(
        b'"status": "completed", "arguments": "{\\"command\\": \\"ls\\"}"',
        b'"status": "completed", "arguments": "{\\"command\\": \\"rm -rf /\\"}"',
        1,
    ),
    "another name at the end": Script()
    .begin()
    .call(EVIL, "Bash", name_=1)
    .end()
    .replace(b'"name": "Bash", "status": "completed"', b'"name": "Look", "status": "completed"', 1),
    "no end of the arguments": Script().begin().call(EVIL[:-1]).end(),
    "a member in two cases": Script().begin().call('{"command": "ls", "Command": "rm -rf /"}').end(),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_call_told_in_two_ways_becomes_a_message(treatment: Make, name: str) -> None:
    """Whatever the client believes, it believes no call."""
    out, reason = run(treatment(), AMBIGUOUS[name])
    calls = [told for told in datas(out) if "function_call" in str(told.get("type"))]

    assert reason == ""
    assert calls == []
    assert not any(told.get("item", {}).get("type") == "function_call" for told in datas(out))


def test_a_call_that_only_the_last_event_holds_is_judged(treatment: Make) -> None:
    """The whole answer is repeated there, and some clients read nothing else."""
    script = Script().begin().text("so")
    script.output.append(other(name="Bash", arguments=EVIL))
    out, _ = run(treatment("tool.use:Bash"), script.end())

    assert [item["type"] for item in datas(out)[-1]["response"]["output"]] == ["message", "message"]
    assert b"rm -rf" not in out


BROKEN = {
    "pieces of no call": Script()
    .begin()
    .say("response.function_call_arguments.done", item_id="x", output_index=0, name="Bash", arguments=EVIL)
    .end(),
    "pieces of a message": Script()
    .begin()
    .text("x")
    .say("response.function_call_arguments.delta", item_id="x", output_index=0, delta=EVIL)
    .end(),
    "an end without a start": Script()
    .begin()
    .say("response.output_item.done", output_index=0, item=other(name="Bash", arguments=EVIL))
    .end(),
    "a message that becomes a call": Script()
    .begin()
    .say("response.output_item.added", output_index=0, item={"type": "message", "id": "m"})
    .say("response.output_item.done", output_index=0, item=other(name="Bash", arguments=EVIL))
    .end(),
    "an index twice": Script().begin().call(WELL, "Look").call(EVIL).end(),
    "no index": Script().begin().say("response.output_item.added", item=other(name="Bash", arguments=EVIL)).end(),
    "another case": Script()
    .begin()
    .say("response.Output_Item.done", output_index=0, item=other(name="Bash", arguments=EVIL))
    .end(),
    "an unknown event with an item": Script()
    .begin()
    .say("response.output_item.updated", output_index=0, item=other(name="Bash", arguments=EVIL))
    .end(),
    "an unknown event with a call": Script()
    .begin()
    .say("response.call", function={"name": "Bash", "arguments": EVIL})
    .end(),
    "another name than type": Script()
    .begin()
    .call()
    .end()
    .replace(b"event: response.output_item.done", b"event: response.created"),
    "output as an object": Script().begin().end(output={"0": other(name="Bash", arguments=EVIL)}),
    "a call beside the output": Script().begin().end(calls=[{"name": "Bash", "arguments": EVIL}]),
    "arguments of an unknown event": Script().begin().say("Bash", output_index=0, arguments=EVIL).end(),
    "another call in a piece": Script()
    .begin()
    .say("response.output_item.added", output_index=0, item={"type": "function_call", "name": "Look"})
    .say("response.function_call_arguments.delta", output_index=0, item_id={"name": "Bash", "input": EVIL}, delta="")
    .end(),
    "no JSON": Script().begin().out + b"data: x\n\n" + Script().call().end(),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_client_expects_ends_the_stream(treatment: Make, name: str) -> None:
    """And nothing of the call has passed by then."""
    out, reason = run(treatment(), BROKEN[name])

    assert reason in (Reason.STREAM_UNREADABLE, Reason.BODY_UNPARSABLE)
    assert b"rm -rf" not in out


@pytest.mark.parametrize("kind", ["Function_Call", "new_call", "client_tool", None, ["function_call"]])
def test_what_looks_like_a_call_is_stopped(treatment: Make, kind: JSON) -> None:
    """A type that nobody knows cannot be read."""
    item = other(type=kind, name="Bash", arguments=EVIL)
    out, _ = run(treatment(), Script().begin().item(item).end())

    assert b"rm -rf" not in out


def test_text_is_masked_wherever_it_is_told(masking: Make) -> None:
    """In pieces, at the end of the part, of the item and of the answer; without its probabilities."""
    script = Script().begin().text("to cle", "an up").call('{"a": "clean"}', "Look", 1)
    out, _ = run(masking(), script.end())
    final = client(out)

    assert b"clean" not in out
    assert b'"cle"' not in out
    assert final.output_text == "to ***** up"
    assert final.output[1].arguments == '{"a": "*****"}'
    assert (
        "".join(told["delta"] for told in datas(out) if told["type"] == "response.output_text.delta") == "to ***** up"
    )
    assert numbers(out) == sorted(set(numbers(out)))


def test_thoughts_are_masked_and_encrypted_ones_are_not_touched(masking: Make) -> None:
    """Each run of text has its own masker."""
    script = Script().begin()
    for piece in ("cle", "an"):
        script.say("response.reasoning_summary_text.delta", item_id="r", output_index=0, summary_index=0, delta=piece)
    script.say("response.reasoning_summary_text.done", item_id="r", output_index=0, summary_index=0, text="clean")
    out, _ = run(masking(), script.out)

    assert [told.get("delta") for told in datas(out)][1:] == ["", "", "*****", None]
    assert b"clean" not in out


def test_a_call_larger_than_may_be_held_ends_the_stream(treatment: Make) -> None:
    """Rather than memory."""
    script = Script().begin()
    script.say("response.output_item.added", output_index=0, item=other(arguments=""))
    script.say("response.function_call_arguments.delta", output_index=0, delta="x" * (2 << 20))

    assert run(treatment(), script.out)[1] == Reason.BODY_TOO_LARGE


def test_many_calls_together_are_bounded(treatment: Make) -> None:
    """Each alone would be small enough."""
    script = Script().begin()
    for index in range(100):
        script.call(json.dumps({"a": "x" * 1000}), "Look", index, end=False)

    assert run(dataclasses.replace(treatment(), max_held=4000), script.out)[1] == Reason.BODY_TOO_LARGE


def test_numbers_are_left_out_where_there_are_none(treatment: Make) -> None:
    """Some servers write none."""
    body = b"".join(
        b"data: "
        + json.dumps({key: value for key, value in told.items() if key != "sequence_number"}).encode()
        + b"\n\n"
        for told in datas(Script().begin().call().end())
    )
    out, _ = run(treatment("tool.use:Bash"), body)

    assert not any("sequence_number" in told for told in datas(out))


ALL = PERMITTED | AMBIGUOUS | BROKEN


@SLOW
@given(
    name=st.sampled_from(sorted(ALL)),
    sizes=st.lists(st.integers(1, 200), max_size=60),
    word=st.sampled_from(["", "tool.use:Bash", "tool.use:Look"]),
)
def test_any_chunking_gives_the_same(masking: Make, name: str, sizes: list[int], word: str) -> None:
    """The same operations and the same bytes."""
    one: list[tuple[Operation, ...]] = []
    two: list[tuple[Operation, ...]] = []

    assert run(masking(word, seen=one), ALL[name]) == run(masking(word, seen=two), ALL[name], sizes)
    assert one == two


MEMBERS = ["type", "item", "output_index", "response", "output", "delta", "name", "arguments", "id", "content"]
KINDS = ["response.output_item.added", "response.output_item.done", "response.completed", "function_call", "message"]


@SLOW
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(MEMBERS),
            st.recursive(
                st.none() | st.integers(0, 2) | st.sampled_from(KINDS) | st.text(max_size=5),
                lambda inner: (
                    st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4)
                ),
            ),
            max_size=5,
        ),
        max_size=6,
    )
)
def test_any_events_give_an_answer_or_our_own_error(masking: Make, documents: list[JSON]) -> None:
    """Whatever their members hold."""
    run(masking("tool.use:Bash"), b"".join(b"data: " + json.dumps(told).encode() + b"\n\n" for told in documents))
