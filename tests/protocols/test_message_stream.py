"""Streamed replies: a tool call passes whole and judged, or not at all; text is masked across events."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.protocols.conftest import CAPTURES

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.protocols.body import read_json
from interlock.protocols.message_stream import MessageStream, error_event
from interlock.protocols.sse import EventParser, encode_event
from interlock.reasons import Reason

REFUSAL = Refusal("blocked", "a rule forbids it", "Ask a person.", "run/7", "shell.destroy")
TORN = "claude-code-dangerous-bash/02.POST.response.sse"
TWO = "claude-code-file-tools/03.POST.response.sse"


class Whole:
    """A masker that holds everything to the end: the hardest one for the order of events."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Holds the text."""
        self._held += text
        return ""

    def close(self) -> str:
        """All of it, with the secret masked."""
        return self._held.replace("clean", "*****")


def permit(block: JSON, place: str) -> None:
    """Objects to nothing."""


def forbid(block: JSON, place: str) -> Refusal:
    """Objects to everything."""
    return REFUSAL


def run(stream: MessageStream, body: bytes, sizes: list[int] | None = None) -> bytes:
    """The output for a body in chunks of these sizes."""
    parts, at = [], 0
    for size in [*(sizes or []), len(body)]:
        parts.append(stream.feed(body[at : at + size]))
        at += size
    return b"".join(parts) + stream.close()


def torn(stream: MessageStream, body: bytes, passed: list[bytes]) -> None:
    """Feeds a body byte by byte and notes what comes out."""
    for byte in body:
        passed.append(stream.feed(bytes([byte])))
    passed.append(stream.close())


def datas(body: bytes) -> list[dict[str, JSON]]:
    """The documents of a stream's events, pings left out."""
    documents = [read_json(event.data) for event in EventParser().feed(body) if event.data]
    return [document for document in documents if type(document) is dict and document["type"] != "ping"]


def message(body: bytes) -> tuple[list[JSON], JSON]:
    """The content and the stop reason that a client ends up with."""
    content: list[JSON] = []
    stop: JSON = None
    for event in datas(body):
        if event["type"] == "content_block_start":
            assert event["index"] == len(content)
            content.append({**event["content_block"], "json": ""})
        elif event["type"] == "content_block_delta":
            block, delta = content[event["index"]], event["delta"]
            block["text"] = block.get("text", "") + delta.get("text", "")
            block["json"] += delta.get("partial_json", "")
        elif event["type"] == "message_delta":
            stop = event["delta"]["stop_reason"]
    return content, stop


def call(index: int, name: str = "Bash", pieces: tuple[str, ...] = ('{"command":"ls"}',), **more: JSON) -> bytes:
    """The events of one tool call."""
    block = {"type": "tool_use", "id": f"t{index}", "name": name, "input": {}, **more}
    return (
        event("content_block_start", index=index, content_block=block)
        + b"".join(
            event("content_block_delta", index=index, delta={"type": "input_json_delta", "partial_json": piece})
            for piece in pieces
        )
        + event("content_block_stop", index=index)
    )


def event(kind: str, **members: JSON) -> bytes:
    """One event with its type."""
    return encode_event(kind, json.dumps({"type": kind, **members}).encode())


START = event("message_start", message={"id": "m", "role": "assistant", "content": []})
END = event("message_delta", delta={"stop_reason": "tool_use"}) + event("message_stop")
ALL = sorted(
    f"{path.parent.name}/{path.name}"
    for path in CAPTURES.glob("*/*.POST.response.sse")
    if b"event: message_start" in path.read_bytes()
)
CAPTURED = [TORN, TWO, "claude-code-benign-bash/02.POST.response.sse", "claude-code-benign-bash/03.POST.response.sse"]


@pytest.mark.parametrize("name", [*CAPTURED, "claude-code-mcp/07.POST.response.sse"])
def test_a_permitted_reply_says_the_same(capture: Callable[[str], bytes], name: str) -> None:
    """Only pings may overtake a held call; every other event keeps its bytes and its order."""
    body = capture(name)
    ping = b'event: ping\ndata: {"type":"ping"}\n\n'

    assert run(MessageStream(permit), body).replace(ping, b"") == body.replace(ping, b"")


def test_a_torn_call_is_judged_as_a_whole(capture: Callable[[str], bytes]) -> None:
    """Torn inside words and escapes, the judge sees what the agent would run, and where it stands."""
    seen: list[tuple[JSON, str]] = []
    run(MessageStream(lambda block, place: seen.append((block, place))), capture(TORN), [1] * 12_000)

    ((block, place),) = seen
    assert place == "/content/1"
    assert block["name"] == "Bash"
    assert "rm -rf ./no-such-dir-for-test/" in block["input"]["command"]
    assert "DROP TABLE customers" in block["input"]["command"]


@pytest.mark.parametrize("name", CAPTURED[:3])
def test_a_forbidden_call_becomes_text(capture: Callable[[str], bytes], name: str) -> None:
    """Indices stay in order, the stop reason becomes end_turn, and nothing of the call is left."""
    stream = MessageStream(forbid)
    passed = run(stream, capture(name))
    content, stop = message(passed)

    assert stop == "end_turn"
    assert {block["type"] for block in content} == {"text"}
    assert content[-1]["text"] == REFUSAL.sentence()
    assert b"tool_use" not in passed
    assert b"input_json_delta" not in passed
    assert b"rm -rf" not in passed
    assert stream.replaced == len([block for block in content if "run/7" in block["text"]])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("judge", [permit, forbid])
def test_any_cut_gives_the_same_output(capture: Callable[[str], bytes], name: str, judge: Callable[..., None]) -> None:
    """Byte by byte, and in two halves: of the smaller ones at every byte, of the larger at many."""
    body = capture(name)
    whole = run(MessageStream(judge, Whole), body)

    assert run(MessageStream(judge, Whole), body, [1] * len(body)) == whole
    for cut in range(0, len(body), 1 if len(body) < 3000 else 41):
        assert run(MessageStream(judge, Whole), body, [cut]) == whole


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 90), max_size=60), st.booleans())
def test_any_chunking_gives_the_same_output(sizes: list[int], crlf: bool) -> None:
    """Whatever the sizes, and with other line ends."""
    text = event("content_block_start", index=0, content_block={"type": "text", "text": "to clean "})
    text += event("content_block_delta", index=0, delta={"type": "text_delta", "text": "cle"})
    text += event("content_block_delta", index=0, delta={"type": "text_delta", "text": "an ü"})
    body = START + text + event("content_block_stop", index=0) + call(1) + call(2, "Rm") + END
    body = body.replace(b"\n", b"\r\n") if crlf else body

    def judge(block: JSON, place: str) -> Refusal | None:
        return REFUSAL if block["name"] == "Rm" else None

    passed = run(MessageStream(judge, Whole), body, sizes)
    content, stop = message(passed)
    assert passed == run(MessageStream(judge, Whole), body)
    assert [block["text"] for block in content if block["type"] == "text"] == [
        "to ***** ***** ü",
        REFUSAL.sentence(),
    ]
    assert stop == "tool_use"


def test_text_is_masked_across_events(capture: Callable[[str], bytes]) -> None:
    """What is held comes before the end of its block; other blocks are not touched."""
    content, _ = message(run(MessageStream(permit, Whole), capture(TORN)))

    assert content[0]["text"] == "Räume auf: I will ***** up now – one moment."


def test_a_permitted_call_beside_a_forbidden_one_keeps_the_stop_reason() -> None:
    """The agent still has a tool to run."""
    body = START + call(0) + call(1, "Rm") + END
    passed = run(MessageStream(lambda block, place: REFUSAL if block["name"] == "Rm" else None), body)
    content, stop = message(passed)

    assert [block["type"] for block in content] == ["tool_use", "text"]
    assert stop == "tool_use"
    assert call(0) in passed


def test_nothing_of_a_call_passes_before_its_end() -> None:
    """Not even its start; pings and comments go on meanwhile."""
    stream = MessageStream(permit)
    body = call(0)
    assert stream.feed(START) == START

    assert stream.feed(body[:-1]) == b""
    assert stream.feed(b"") == b""
    assert stream.feed(body[-1:]) == body


def test_keep_alives_overtake_a_held_call() -> None:
    """A client that hears nothing for minutes hangs up."""
    stream = MessageStream(permit)
    start, rest = call(0).split(b"\n\n", 1)
    stream.feed(START + start + b"\n\n")

    assert stream.feed(event("ping") + b": keep-alive\n\n") == event("ping") + b": keep-alive\n\n"
    assert stream.feed(rest) == call(0)


@pytest.mark.parametrize("cut", range(1, len(call(0)), 40))
def test_a_stream_that_is_cut_inside_a_call_releases_nothing_of_it(cut: int) -> None:
    """The client repeats the turn; nothing has run."""
    assert run(MessageStream(permit), START + call(0)[:cut]) == START


@pytest.mark.parametrize(
    "pieces",
    [
        ('{"command":',),
        ('{"command":"ls"',),
        ('{"command":"ls"}}',),
        ('{"a":1,"a":2}',),
        ('{"a":1,"A":2}',),
        ("[1]",),
        ("null",),
    ],
)
def test_a_call_whose_input_cannot_be_read_becomes_text(pieces: tuple[str, ...]) -> None:
    """Even where the judge would let it pass."""
    content, stop = message(run(MessageStream(permit), START + call(0, pieces=pieces) + END))

    assert [block["type"] for block in content] == ["text"]
    assert "body-unparsable" in content[0]["text"]
    assert "tool.use:Bash" in content[0]["text"]
    assert stop == "end_turn"


def test_input_in_two_places_becomes_text() -> None:
    """One client takes the start's input, another the deltas'."""
    body = START + call(0, input={"command": "ls"}, pieces=('{"command":"rm -rf /"}',)) + END
    content, _ = message(run(MessageStream(permit), body))

    assert content[0]["type"] == "text"


@pytest.mark.parametrize("pieces", [(), ("",), ("", " ")])
def test_a_call_without_input_deltas_has_the_input_of_its_start(pieces: tuple[str, ...]) -> None:
    """As clients take it."""
    seen: list[JSON] = []
    body = START + call(0, input={"command": "ls"}, pieces=pieces) + END

    assert run(MessageStream(lambda block, place: seen.append(block["input"])), body) == body
    assert seen == [{"command": "ls"}]


def test_a_judge_that_cannot_say_is_a_refusal() -> None:
    """An error of the judge never lets a call pass."""

    def judge(block: JSON, place: str) -> None:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "no url")

    content, _ = message(run(MessageStream(judge), START + call(0) + END))
    assert "no url" in content[0]["text"]


def test_masked_input_is_what_is_judged_and_what_passes() -> None:
    """In one delta; the start, unknown deltas and the end stay."""
    seen: list[JSON] = []
    odd = event("content_block_delta", index=0, delta={"type": "odd_delta", "x": 1})
    body = START + call(0, pieces=('{"command":', '"echo secret"}')).replace(
        event("content_block_stop", index=0), odd + event("content_block_stop", index=0)
    )
    stream = MessageStream(
        lambda block, place: seen.append(block["input"]), None, lambda data: data.replace(b"secret", b"***")
    )
    passed = run(stream, body + END)

    assert seen == [{"command": "echo ***"}]
    assert message(passed)[0][0]["json"] == '{"command":"echo ***"}'
    assert odd in passed
    assert b"secret" not in passed
    assert [entry["type"] for entry in datas(passed)].count("content_block_delta") == 2


def test_a_mask_that_fails_stops_the_call() -> None:
    """What cannot be masked cannot pass."""

    def mask(data: bytes) -> bytes:
        raise BodyRejected(Reason.BODY_TOO_LARGE)

    content, _ = message(run(MessageStream(permit, None, mask), START + call(0) + END))
    assert "body-too-large" in content[0]["text"]


def test_signed_blocks_pass_unchanged() -> None:
    """Thinking and its signature are never rewritten."""
    body = START + event(
        "content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""}
    )
    body += event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": "clean"})
    body += event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": "clean"})
    body += event("content_block_stop", index=0)
    body += event("content_block_start", index=1, content_block={"type": "redacted_thinking", "data": "clean"})
    body += event("content_block_stop", index=1) + event("message_stop")

    assert run(MessageStream(permit, Whole), body) == body


def test_other_events_that_hold_text_can_be_masked() -> None:
    """Results of tools at the provider, citations and errors go through `mask_event`."""
    result = {"type": "mcp_tool_result", "content": [{"type": "text", "text": "secret"}]}
    body = START + event("content_block_start", index=0, content_block=result) + event("content_block_stop", index=0)
    body += event("error", error={"type": "x", "message": "secret"})
    passed = run(MessageStream(permit, mask_event=lambda data: data.replace(b"secret", b"***")), body)

    assert b"secret" not in passed
    assert [entry["type"] for entry in datas(passed)] == [entry["type"] for entry in datas(body)]


def test_tools_at_the_provider_pass() -> None:
    """Their input is none of the agent's."""
    body = START + call(0, type="server_tool_use") + call(1, type="mcp_tool_use") + END

    assert run(MessageStream(forbid), body) == body


@pytest.mark.parametrize("kind", ["Tool_Use", "client_tool_use", "new_call", None])
def test_what_looks_like_a_call_is_judged(kind: str | None) -> None:
    """A block of a type nobody knows, with a name and an input."""
    content, _ = message(run(MessageStream(forbid), START + call(0, type=kind) + END))

    assert content[0]["type"] == "text"


TEXT_START = event("content_block_start", index=0, content_block={"type": "text", "text": ""})
OUT_OF_TURN = {
    "index too high": START + call(1),
    "index twice": START + call(0) + call(0),
    "index is no number": START + call(0).replace(b'"index": 0', b'"index": "0"'),
    "index is true": START + call(0) + call(1).replace(b'"index": 1', b'"index": true'),
    "two blocks open": START + TEXT_START + call(1),
    "delta of a closed block": START + call(0) + event("content_block_delta", index=0, delta={"type": "x"}),
    "input of a text block": START
    + TEXT_START
    + event("content_block_delta", index=0, delta={"type": "input_json_delta", "partial_json": "{}"}),
    "block before the message": call(0),
    "block after the message": START + event("message_stop") + call(0),
    "message starts twice": START + START,
    "message starts with content": event("message_start", message={"content": [{"type": "tool_use"}]}),
    "message ends inside a call": START + call(0).replace(event("content_block_stop", index=0), b"") + END,
    "name and type differ": START + call(0).replace(b"event: content_block_start", b"event: ping"),
    "case variant of a type": START + call(0).replace(b"content_block_start", b"Content_Block_Start"),
    "unknown type with a block": START + call(0).replace(b"content_block_start", b"content_block_begin"),
    "duplicate member": START + call(0).replace(b'"name": "Bash"', b'"name": "Read", "name": "Bash"'),
    "case-variant member": START + call(0).replace(b'"name": "Bash"', b'"Name": "Read", "name": "Bash"'),
    "data is no JSON": START + b"data: [DONE]\n\n",
    "data is no object": START + b"data: [1]\n\n",
    "text is no text": START
    + TEXT_START
    + event("content_block_delta", index=0, delta={"type": "text_delta", "text": 1}),
    "input is no text": START + call(0).replace(b'"{\\"command\\":\\"ls\\"}"', b"{}"),
    "text after the end of the message": START
    + TEXT_START
    + END.split(b"\n\n")[0]
    + b"\n\n"
    + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "secret"}),
}


@pytest.mark.parametrize("body", OUT_OF_TURN.values(), ids=OUT_OF_TURN)
def test_a_stream_that_clients_read_differently_ends(body: bytes) -> None:
    """Before anything of it passes that a client could run."""
    stream = MessageStream(permit, Whole)
    passed: list[bytes] = []
    with pytest.raises(BodyRejected) as caught:
        torn(stream, body, passed)

    assert caught.value.reason in (Reason.STREAM_UNREADABLE, Reason.BODY_UNPARSABLE)
    assert b"secret" not in b"".join(passed)


HIDDEN: JSON = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "rm -rf /"}}
OUT_OF_PLACE = {
    "the start of the message": event("message_start", message={"content": [], "tool_use": HIDDEN}),
    "an unknown delta": START + TEXT_START + event("content_block_delta", index=0, delta=HIDDEN),
    "beside a text": START
    + TEXT_START
    + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "a", "block": HIDDEN}),
    "the end of a block": START + TEXT_START + event("content_block_stop", index=0, content_block=HIDDEN),
    "a result": START
    + event("content_block_start", index=0, content_block={"type": "web_search_tool_result", "content": [HIDDEN]}),
    "a call at the provider": START
    + event("content_block_start", index=0, content_block={**HIDDEN, "type": "server_tool_use", "next": HIDDEN}),
    "the end": START + event("message_delta", delta={"stop_reason": "tool_use", "content": [HIDDEN]}),
    "the very end": START + event("message_stop", message={"content": [HIDDEN]}),
    "a ping": START + event("ping", content=[HIDDEN]),
    "an unknown event": START + event("more", content=[HIDDEN]),
}


@pytest.mark.parametrize("name", OUT_OF_PLACE)
def test_no_call_stands_where_none_belongs(name: str) -> None:
    """Some client might look there, and nobody was asked."""
    passed: list[bytes] = []
    with pytest.raises(BodyRejected) as caught:
        torn(MessageStream(permit), OUT_OF_PLACE[name], passed)

    assert caught.value.reason is Reason.STREAM_UNREADABLE
    assert b"rm -rf" not in b"".join(passed)


def test_text_after_a_missing_block_end_is_flushed_before_the_message_ends() -> None:
    """The masker's rest is not lost, and comes in order."""
    body = START + TEXT_START + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "a clean b"})
    content, stop = message(run(MessageStream(permit, Whole), body + END))

    assert (content[0]["text"], stop) == ("a ***** b", "tool_use")


def test_a_cut_stream_still_gives_its_masked_text() -> None:
    """What was held of the text comes masked at the end."""
    body = START + TEXT_START + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "clean b"})

    assert message(run(MessageStream(permit, Whole), body + b"event: content"))[0][0]["text"] == "***** b"


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085"])
def test_text_cannot_become_an_event(end: str) -> None:
    """Some clients split lines at these; escaped, they mean the same to all."""
    smuggled = f"x{end}{end}event: content_block_start{end}data: {{}}{end}{end}"
    delta = json.dumps({"type": "text_delta", "text": smuggled}, ensure_ascii=False).encode()
    said = b'{"type":"content_block_delta","index":0,"delta":' + delta + b"}"
    body = START + TEXT_START + encode_event("content_block_delta", said)
    passed = run(MessageStream(permit), body)

    assert end.encode() not in passed
    assert message(passed)[0][0]["text"] == smuggled


def test_an_unknown_event_of_a_held_call_stays_with_it() -> None:
    """Others of unknown type pass."""
    odd, other = event("odd", index=0), event("odd", index=7)
    body = START + call(0).replace(
        event("content_block_stop", index=0), odd + other + event("content_block_stop", index=0)
    )

    assert run(MessageStream(permit), body) == START + other + call(0)[
        : -len(event("content_block_stop", index=0))
    ] + odd + event("content_block_stop", index=0)
    assert odd not in run(MessageStream(forbid), body)


def test_a_call_has_a_size_limit() -> None:
    """A held block is bounded, and nothing of it passes."""
    stream = MessageStream(permit, max_block=500)
    body = START + call(0, pieces=tuple("x" * 50 for _ in range(10)))

    assert stream.feed(body) == START
    with pytest.raises(BodyRejected) as caught:
        stream.close()

    assert caught.value.reason is Reason.BODY_TOO_LARGE


@pytest.mark.parametrize(
    "body", [b'{"type":"message","content":[]}', b'{\n"content": []}\n', b"<html></html>\n", b"\x1f\x8b\x08\x00\n"]
)
def test_bytes_that_are_no_stream_are_refused(body: bytes) -> None:
    """Whatever the content type said."""
    with pytest.raises(BodyRejected) as caught:
        run(MessageStream(permit), body)

    assert caught.value.reason is Reason.STREAM_UNREADABLE


def test_the_error_event_ends_the_attempt() -> None:
    """Of type permission_error, with the sentence and the reference."""
    (document,) = datas(error_event(REFUSAL))

    assert document == {
        "type": "error",
        "error": {"type": "permission_error", "message": REFUSAL.sentence()},
        "request_id": "run/7",
    }


@pytest.mark.parametrize(
    "odd",
    [
        event("message_start", message={"id": "m", "role": "assistant", "content": [], "note": "clean"}),
        event("message_start", message={"role": "assistant", "content": [], "stop_sequence": "clean"}),
        START + event("message_delta", delta={"stop_reason": "refusal", "stop_details": {"explanation": "clean"}}),
        START + event("message_delta", delta={"stop_reason": "stop_sequence", "stop_sequence": "clean"}),
        START + event("message_stop", note="clean"),
        START
        + event("content_block_start", index=0, content_block={"type": "text", "text": "", "citations": ["clean"]}),
        START
        + event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "x", "more": "clean"}),
        START
        + event("content_block_start", index=0, content_block={"type": "text", "text": ""})
        + event("content_block_stop", index=0, note="clean"),
        START
        + event("content_block_start", index=0, content_block={"type": "tool_use", "id": "t", "name": "B", "input": {}})
        + event("content_block_delta", index=0, delta={"type": "note_delta", "note": "clean"})
        + event("note", index=0, note="clean")
        + event("content_block_stop", index=0),
    ],
)
def test_nothing_passes_beside_the_text(odd: bytes) -> None:
    """Members that no stream had when this was written are masked like those of a plain reply."""
    stream = MessageStream(permit, mask_event=lambda data: data.replace(b"clean", b"*****"))
    passed = run(stream, odd)

    assert b"clean" not in passed
    assert b"*****" in passed
