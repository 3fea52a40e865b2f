"""Streamed chat completions: calls pass whole and judged, or not at all; text is masked across events."""

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
from interlock.protocols.openai_chat_stream import ChatStream
from interlock.protocols.replies import Treatment
from interlock.protocols.sse import EventParser
from interlock.reasons import Reason

type Make = Callable[..., Treatment]

EVIL = '{"command": "rm -rf /"}'
DONE = b"data: [DONE]\n\n"
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def chunk(delta: JSON = None, finish: str | None = None, index: int = 0, **more: JSON) -> bytes:
    """One event."""
    choice = {"index": index, "delta": delta or {}, "finish_reason": finish, **more}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-x"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


def called(
    arguments: str = EVIL, name: str = "Bash", at: int = 0, *, choice: int = 0, cuts: int = 3, **more: JSON
) -> bytes:
    """The events of one call, its arguments in pieces."""
    first = {"index": at, "id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": ""}, **more}
    size = max(1, len(arguments) // cuts)
    pieces = [arguments[start : start + size] for start in range(0, len(arguments), size)]
    rest = [{"index": at, "function": {"arguments": piece}} for piece in pieces]
    return b"".join(chunk({"tool_calls": [piece]}, index=choice) for piece in [first, *rest])


ROLE = chunk({"role": "assistant", "content": ""})
END = chunk(finish="tool_calls")
STOP = chunk(finish="stop")
WELL = called('{"command": "ls"}', "Look")


def run(treatment: Treatment, body: bytes, sizes: list[int] | None = None) -> tuple[bytes, str]:
    """What goes on, and why it ended early."""
    stream, out, at = ChatStream(treatment), b"", 0
    try:
        for size in [*(sizes or []), len(body)]:
            out += stream.feed(body[at : at + size])
            at += size
        return out + stream.close(), ""
    except InterlockError as error:
        return out, str(error.reason)


def client(body: bytes) -> list[Any]:
    """The choices that the real client ends up with, of a stream."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body, request=request)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    api = openai.OpenAI(api_key="k", base_url="http://model.invalid/v1", http_client=http, max_retries=0)
    with api.chat.completions.stream(model="m", messages=[{"role": "user", "content": "x"}]) as stream:
        return stream.get_final_completion().choices


def datas(body: bytes) -> list[dict[str, Any]]:
    """The documents of a stream."""
    return [json.loads(event.data) for event in EventParser().feed(body) if event.data not in (None, b"[DONE]")]


PERMITTED = {
    "text": ROLE + chunk({"content": "Hello"}) + STOP + DONE,
    "one call": ROLE + WELL + END + DONE,
    "parallel calls": ROLE + WELL + called("{}", "Look", 1) + END + DONE,
    "finish in the chunk of the call": ROLE
    + chunk(
        {"tool_calls": [{"index": 0, "id": "a", "type": "function", "function": {"name": "Look", "arguments": "{}"}}]},
        "tool_calls",
    )
    + DONE,
    "first chunk with role and call": chunk(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"index": 0, "id": "a", "type": "function", "function": {"name": "Look", "arguments": "{}"}}
            ],
        }
    )
    + END
    + DONE,
    "a custom call": ROLE
    + chunk({"tool_calls": [{"index": 0, "id": "a", "type": "custom", "custom": {"name": "Look", "input": "x"}}]})
    + END,
    "an old function call": ROLE
    + chunk({"function_call": {"name": "Look", "arguments": ""}})
    + chunk({"function_call": {"arguments": "{}"}})
    + chunk(finish="function_call")
    + DONE,
    "two choices": ROLE + WELL + END + called("{}", "Look", choice=1) + chunk(finish="tool_calls", index=1) + DONE,
    "usage at the end": ROLE + STOP + b'data: {"id":"c","choices":[],"usage":{"total_tokens":3}}\n\n' + DONE,
    "comments and CRLF": (b": OPENROUTER PROCESSING\n\n" + ROLE + WELL + END + DONE).replace(b"\n", b"\r\n"),
    "no blank behind the colon": (ROLE + WELL + END + DONE).replace(b"data: ", b"data:"),
}


@pytest.mark.parametrize("name", PERMITTED)
def test_what_is_permitted_goes_on_untouched(treatment: Make, name: str) -> None:
    """The very bytes that came, however they were cut."""
    body = PERMITTED[name]

    assert run(treatment("tool.use:Bash"), body) == (body, "")
    assert run(treatment("tool.use:Bash"), body, [1] * len(body)) == (body, "")


def test_nothing_of_a_call_passes_before_its_choice_ends(treatment: Make) -> None:
    """Text and other choices go on meanwhile."""
    stream = ChatStream(treatment())

    assert stream.feed(ROLE + WELL) == ROLE
    assert stream.feed(chunk({"content": "so"}, index=1)) == chunk({"content": "so"}, index=1)
    assert stream.feed(END) == WELL + END


def test_a_forbidden_call_becomes_text(treatment: Make) -> None:
    """The client sees the words, no call, and an end that says so; the judge saw the whole command."""
    seen: list[tuple[Operation, ...]] = []
    out, _ = run(treatment("tool.use:Bash", seen=seen), ROLE + called() + END + DONE)
    (choice,) = client(out)

    assert [found.nested[0].text for (found,) in seen] == ["rm -rf /"]
    assert choice.finish_reason == "stop"
    assert not choice.message.tool_calls
    assert "It is forbidden." in choice.message.content
    assert b"rm -rf" not in out
    assert choice.message.role == "assistant"


def test_the_others_of_parallel_calls_still_run(treatment: Make) -> None:
    """Interleaved pieces; what is left is counted anew, since clients count."""
    pieces = list(zip(EVIL, '{"command": "lsls ."}' + "  ", strict=False))
    woven = called("", "Bash") + called("", "Look", 1)
    for one, two in pieces:
        woven += chunk({"tool_calls": [{"index": 0, "function": {"arguments": one}}]})
        woven += chunk({"tool_calls": [{"index": 1, "function": {"arguments": two}}]})
    out, _ = run(treatment("tool.use:Bash"), ROLE + woven + END + DONE)
    (choice,) = client(out)

    assert choice.finish_reason == "tool_calls"
    assert [(call.function.name, json.loads(call.function.arguments)) for call in choice.message.tool_calls] == [
        ("Look", {"command": "lsls ."})
    ]
    assert "It is forbidden." in choice.message.content


def test_of_two_choices_each_has_its_own_end(treatment: Make) -> None:
    """In events that hold both at once, too."""
    both = json.loads(chunk({"content": "a"}).removeprefix(b"data: "))
    both["choices"].append(json.loads(called().split(b"\n\n")[0].removeprefix(b"data: "))["choices"][0] | {"index": 1})
    event = b"data: " + json.dumps(both).encode() + b"\n\n"
    ends = STOP + chunk(finish="tool_calls", index=1)
    out, _ = run(
        treatment("tool.use:Bash"), ROLE + event + called(choice=1)[len(called().split(b"\n\n")[0]) + 2 :] + ends
    )
    first, second = client(out + DONE)

    assert (first.message.content, first.finish_reason) == ("a", "stop")
    assert "It is forbidden." in second.message.content
    assert not second.message.tool_calls


ODD = {
    "a second id": ROLE + called() + chunk({"tool_calls": [{"index": 0, "id": "other"}]}) + END,
    "a name in pieces": ROLE
    + called(name="Ba")
    + chunk({"tool_calls": [{"index": 0, "function": {"name": "sh"}}]})
    + END,
    "two kinds": ROLE
    + called()
    + chunk({"tool_calls": [{"index": 0, "custom": {"name": "Look", "input": "x"}}]})
    + END,
    "two types": ROLE + called() + chunk({"tool_calls": [{"index": 0, "type": "custom"}]}) + END,
    "parts of its own": ROLE + chunk({"tool_calls": [{"index": 0, "name": "Bash", "arguments": EVIL}]}) + END,
    "arguments that end early": ROLE + called(EVIL[:-1]) + END,
    "arguments twice": ROLE + called("{}" + EVIL) + END,
    "a member twice": ROLE + called('{"command": "ls", "command": "rm -rf /"}') + END,
    "a list": ROLE + called('["rm -rf /"]') + END,
    "no name": ROLE + called(name="") + END,
}


@pytest.mark.parametrize("name", ODD)
def test_a_call_that_can_be_read_in_two_ways_becomes_text(treatment: Make, name: str) -> None:
    """Even where every call is permitted."""
    out, reason = run(treatment(), ODD[name] + DONE)
    (choice,) = client(out)

    assert reason == ""
    assert not choice.message.tool_calls
    assert "(body-" in choice.message.content
    assert b"rm -rf" not in out


BROKEN = {
    "pieces after the end": ROLE + END + called(),
    "no index": ROLE + called().replace(b'{"index": 0, "id"', b'{"id"') + END,
    "a truth value as index": ROLE + called().replace(b'[{"index": 0', b'[{"index": false') + END,
    "a choice without index": ROLE + called().replace(b'[{"index": 0, "delta"', b'[{"delta"') + END,
    "a call in a message": ROLE
    + chunk(
        message={"tool_calls": json.loads(f'[{{"function": {{"name": "Bash", "arguments": {json.dumps(EVIL)}}}}}]')}
    )
    + END,
    "a call beside the choices": ROLE
    + b'data: {"choices": [], "tool_calls": [{"function": {"name": "Bash"}}]}\n\n'
    + END,
    "another spelling": ROLE + called().replace(b'"tool_calls"', b'"toolCalls"') + END,
    "another case": ROLE + called().replace(b'"tool_calls"', b'"Tool_Calls"') + END,
    "calls as an object": ROLE + chunk({"tool_calls": {"0": {"function": {"name": "Bash", "arguments": EVIL}}}}) + END,
    "choices as an object": ROLE + b'data: {"choices": {"0": {}}}\n\n' + called() + END,
    "a member twice": ROLE + called().replace(b'"delta": {', b'"delta": {}, "delta": {') + END,
    "after the end": ROLE + STOP + DONE + ROLE + called() + END,
    "an end with more": ROLE + called() + b"data: [DONE] \ndata: x\n\n",
    "a choice twice": ROLE
    + b'data: {"choices": [{"index": 0, "delta": {}}, {"index": 0, "delta": {}}]}\n\n'
    + called()
    + END,
    "no JSON": ROLE + b"data: x\n\n" + called() + END,
    "no stream": b'{"choices": []}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_client_expects_ends_the_stream(treatment: Make, name: str) -> None:
    """And nothing of the call has passed by then."""
    out, reason = run(treatment(), BROKEN[name])

    assert reason == Reason.STREAM_UNREADABLE
    assert b"rm -rf" not in out
    assert b'"Bash"' not in out


@pytest.mark.parametrize("end", [b"", DONE, STOP.replace(b'"index": 0', b'"index": 1') + DONE])
def test_a_stream_that_ends_inside_a_call_releases_nothing(treatment: Make, end: bytes) -> None:
    """Its choice never ended."""
    out, _ = run(treatment(), ROLE + WELL + end)

    assert b"Look" not in out


def test_tokens_are_counted_once(treatment: Make) -> None:
    """Where an event is taken apart, only its last part holds the count."""
    both = json.loads(
        chunk({"content": "a", "tool_calls": [{"index": 0, "id": "c", "function": {"name": "Look"}}]})[6:]
    )
    event = b"data: " + json.dumps({**both, "usage": {"total_tokens": 3}}).encode() + b"\n\n"
    out, _ = run(treatment(), ROLE + event + END + DONE)

    assert [told["usage"]["total_tokens"] for told in datas(out) if told.get("usage")] == [3]
    assert client(out)[0].message.tool_calls[0].function.name == "Look"


def test_the_filters_of_a_cloud_do_not_take_events_apart(treatment: Make) -> None:
    """They stand beside every delta."""
    body = (ROLE + WELL + END + DONE).replace(b'"finish_reason"', b'"content_filter_results": {}, "finish_reason"')

    assert run(treatment(), body) == (body, "")


def test_many_choices_together_are_bounded(treatment: Make) -> None:
    """Each alone would be small enough."""
    body = b"".join(called(json.dumps({"a": "x" * 1000}), "Look", choice=index, cuts=1000) for index in range(100))
    tight = dataclasses.replace(treatment(), max_held=4000)

    assert run(tight, body)[1] == Reason.BODY_TOO_LARGE


def test_a_call_larger_than_may_be_held_ends_the_stream(treatment: Make) -> None:
    """One call alone, and its envelopes."""
    _, reason = run(treatment(), ROLE + called(json.dumps({"a": "x" * (2 << 20)})) + END)

    assert reason == Reason.BODY_TOO_LARGE


def test_text_is_masked_across_events_before_its_end(masking: Make) -> None:
    """Thoughts and refusals too; probabilities of masked text do not go on."""
    told = {"content": [{"token": "clean", "logprob": -1, "bytes": [99]}]}
    body = ROLE + chunk({"reasoning_content": "cle"}) + chunk({"reasoning_content": "an!"})
    body += chunk({"content": "cle"}, logprobs=told) + chunk({"content": "an up"}) + called('{"a": "clean"}', "Look")
    out, _ = run(masking(), body + END + DONE)
    (choice,) = client(out)

    assert choice.message.content == "***** up"
    assert [call.function.arguments for call in choice.message.tool_calls] == ['{"a": "*****"}']
    assert b"clean" not in out
    assert not any(given["choices"][0].get("logprobs") for given in datas(out))
    assert "*****!" in [given["choices"][0]["delta"].get("reasoning_content") for given in datas(out)]


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "length"])
def test_text_in_the_last_event_stays_in_order(masking: Make, finish: str) -> None:
    """What is held comes before the end and after what went before."""
    out, _ = run(masking(), ROLE + chunk({"content": "to cle"}) + chunk({"content": "an"}, finish) + DONE)
    (choice,) = client(out) if finish != "length" else [None]

    text = "".join(given["choices"][0]["delta"].get("content") or "" for given in datas(out))
    assert text == "to *****"
    assert datas(out)[-1]["choices"][0]["finish_reason"] == finish
    assert choice is None or choice.message.content == text


def test_legacy_texts_are_masked(masking: Make) -> None:
    """Text completions have no delta."""
    ended = b'data: {"choices": [{"index": 0, "text": "an", "finish_reason": "stop"}]}\n\n'
    body = b'data: {"choices": [{"index": 0, "text": "cle"}]}\n\n' + ended
    out, _ = run(masking(), body)

    assert "".join(given["choices"][0].get("text", "") for given in datas(out)) == "*****"


def test_what_is_no_text_is_masked_as_a_document(masking: Make) -> None:
    """Annotations, filters, errors."""
    out, _ = run(
        masking(), ROLE + chunk({"annotations": [{"title": "clean"}]}) + b'data: {"error": {"message": "clean"}}\n\n'
    )

    assert b"clean" not in out


@SLOW
@given(
    name=st.sampled_from(sorted(PERMITTED | ODD | BROKEN)),
    sizes=st.lists(st.integers(1, 90), max_size=60),
    word=st.sampled_from(["", "tool.use:Bash", "tool.use:Look"]),
)
def test_any_chunking_gives_the_same(masking: Make, name: str, sizes: list[int], word: str) -> None:
    """The same operations and the same bytes."""
    body = (PERMITTED | ODD | BROKEN)[name]
    one: list[tuple[Operation, ...]] = []
    two: list[tuple[Operation, ...]] = []

    assert run(masking(word, seen=one), body) == run(masking(word, seen=two), body, sizes)
    assert one == two


@SLOW
@given(
    st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([ROLE, WELL, END, STOP, DONE, called()])), max_size=8)
)
def test_any_bytes_give_an_answer_or_our_own_error(masking: Make, parts: list[bytes]) -> None:
    """Nothing else is ever raised."""
    run(masking("tool.use:Bash"), b"".join(parts))


@SLOW
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["index", "delta", "tool_calls", "function", "name", "arguments", "content", "custom"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_any_choice_gives_an_answer_or_our_own_error(masking: Make, value: JSON) -> None:
    """Whatever its members hold."""
    run(masking("tool.use:Bash"), ROLE + b"data: " + json.dumps({"choices": [value]}).encode() + b"\n\n" + END)


@pytest.mark.parametrize(
    "body",
    [
        called("", "Look", 1) + called('{"a": 1}', "Read", 0),
        called("", "Look", 7) + called('{"a": 1}', "Read", 9),
        chunk({"tool_calls": [{"index": 2, "id": "a", "function": {"name": "Look", "arguments": ""}}]})
        + called('{"a": 1}', "Read", 0),
    ],
)
def test_calls_are_counted_as_they_begin(treatment: Make, body: bytes) -> None:
    """Clients that keep calls in a list would put the pieces of one to another, or fail."""
    out, reason = run(treatment(), ROLE + body + END + DONE)
    (choice,) = client(out)

    assert reason == ""
    assert [(call.function.name, call.function.arguments) for call in choice.message.tool_calls] == [
        ("Look", ""),
        ("Read", '{"a": 1}'),
    ]


def test_choices_with_calls_begin_in_their_order(treatment: Make) -> None:
    """What a client that counts them would mix ends the stream; choices of text may come as they like."""
    first = chunk({"content": "a"}, index=1)

    assert run(treatment(), first + called("{}", "Look") + END)[1] == Reason.STREAM_UNREADABLE
    assert run(treatment(), first + ROLE + STOP + DONE) == (first + ROLE + STOP + DONE, "")


DELTAS = ({"content": "a clean"}, {"content": " word"}, {"content": ""}, {"role": "assistant"}, {"content": None},
          {"content": 7}, {"refusal": "no clean"}, {"tool_calls": None}, {})  # fmt: skip


@SLOW
@given(deltas=st.lists(st.sampled_from(DELTAS), max_size=6), index=st.sampled_from((0, 1, -1, "0", 200)))
def test_a_text_alone_is_treated_as_it_is_among_others(masking: Make, deltas: list[JSON], index: Any) -> None:
    """What is recognised at once, and what is looked through, come to the same."""

    def told(**more: JSON) -> tuple[list[JSON], str]:
        body = b"".join(
            b"data: " + json.dumps({**json.loads(chunk(delta, index=index)[6:]), **more}).encode() + b"\n\n"
            for delta in deltas
        )
        out, why = run(masking(), body + DONE)
        events = [event.data or b"" for event in EventParser().feed(out)]
        return [
            {name: value for name, value in json.loads(data).items() if name != "x"}
            for data in events
            if data[:1] == b"{"
        ], why

    assert told() == told(x=1)


@pytest.mark.parametrize("name", ["model", "usage", "id"])
def test_a_call_beside_a_text_is_no_usual_event(treatment: Make, name: str) -> None:
    """Whatever the name of the member that holds it."""
    hidden = {"tool_calls": [{"function": {"name": "Bash", "arguments": EVIL}}]}
    body = b"data: " + json.dumps({**json.loads(chunk({"content": "a"})[6:]), name: hidden}).encode() + b"\n\n"
    assert run(treatment(), body) == (b"", Reason.STREAM_UNREADABLE)
