"""Forbidden tool calls smuggled through a reply: what comes out is read by the real client, and by lax ones.

Every row is a reply whose tool call the policy forbids. What goes on to the agent must hold no such call, however a
client reads it; a reply that cannot be read in one way only is cut off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import anthropic
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import Refused
from interlock.model import JSON, Refusal
from interlock.protocols.body import read_json
from interlock.protocols.event_stream import EventStream
from interlock.protocols.message_stream import MessageStream, rewrite_message

REFUSAL = Refusal("blocked", "a rule forbids it")
EVIL = "rm -rf src"


def judge(block: JSON, place: str) -> Refusal | None:
    """Forbids every call in which the command stands, wherever."""
    return REFUSAL if EVIL in json.dumps(block) else None


def event(kind: str, name: str | None = None, end: str = "\n", **members: JSON) -> bytes:
    """One event; `name` is what its event line says (empty: no such line)."""
    name = kind if name is None else name
    data = json.dumps({"type": kind, **members}, ensure_ascii=False)
    return ((f"event: {name}{end}" if name else "") + f"data: {data}{end}{end}").encode()


def start(index: int = 0, kind: str = "tool_use", **members: JSON) -> bytes:
    """The start of a block; a call of Bash unless said otherwise."""
    block: dict[str, JSON] = {"type": kind, "id": "toolu_1", "name": "Bash", "input": {}, **members}
    return event("content_block_start", index=index, content_block=block)


def text_start(index: int = 0) -> bytes:
    """The start of a text."""
    return event("content_block_start", index=index, content_block={"type": "text", "text": ""})


def delta(index: int, piece: str) -> bytes:
    """A piece of a call's input."""
    return event("content_block_delta", index=index, delta={"type": "input_json_delta", "partial_json": piece})


def stop(index: int = 0) -> bytes:
    """The end of a block."""
    return event("content_block_stop", index=index)


COMMAND = json.dumps({"command": EVIL})
MESSAGE: dict[str, JSON] = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [], "stop_reason": None,
    "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
}  # fmt: skip
BEGIN = event("message_start", message=MESSAGE)
END = event(
    "message_delta", delta={"stop_reason": "tool_use", "stop_sequence": None}, usage={"output_tokens": 1}
) + event("message_stop")
CALL = start() + delta(0, COMMAND) + stop()
PLAIN = text_start() + event("content_block_delta", index=0, delta={"type": "text_delta", "text": "hi"}) + stop()


def hidden(separator: bytes, head: bytes) -> bytes:
    """The call behind what some clients take for line ends, in a line that is none of an event's data."""
    return (
        BEGIN + head + separator + CALL.replace(b"\n", separator) + b'\nevent: ping\ndata: {"type": "ping"}\n\n' + END
    )


STREAMS: dict[str, bytes] = {
    "plain": BEGIN + CALL + END,
    "input in small pieces": BEGIN + start() + b"".join(delta(0, letter) for letter in COMMAND) + stop() + END,
    "input in the start": BEGIN + start(input={"command": EVIL}) + stop() + END,
    "input in the start and harmless pieces": BEGIN
    + start(input={"command": EVIL})
    + delta(0, '{"command": "ls"}')
    + stop()
    + END,
    "harmless start and input in pieces": BEGIN + start(input={"command": "ls"}) + delta(0, COMMAND) + stop() + END,
    "escaped input": BEGIN + start() + delta(0, COMMAND.replace("r", "\\u0072")) + stop() + END,
    "a member twice in the input": BEGIN
    + start()
    + delta(0, '{"command": "ls", "command": "' + EVIL + '"}')
    + stop()
    + END,
    "a member in two cases": BEGIN + start() + delta(0, '{"command": "ls", "Command": "' + EVIL + '"}') + stop() + END,
    "something behind the input": BEGIN + start() + delta(0, '{"command": "ls"}' + COMMAND) + stop() + END,
    "no end of the block": BEGIN + start() + delta(0, COMMAND) + END,
    "no end at all": BEGIN + start() + delta(0, COMMAND),
    "two blocks open": BEGIN + start(0) + start(1) + delta(0, "{}") + delta(1, COMMAND) + stop(1) + stop(0) + END,
    "one index twice": BEGIN + PLAIN + CALL + END,
    "an index twice, open": BEGIN + text_start() + start() + delta(0, COMMAND) + stop() + END,
    "indices that jump": BEGIN + start(7) + delta(7, COMMAND) + stop(7) + END,
    "a negative index": BEGIN + start(-1) + delta(-1, COMMAND) + stop(-1) + END,
    "a fractional index": BEGIN
    + CALL.replace(b'"index": 0', b'"index": 0.0')
    + END,
    "a truth value as index": BEGIN + CALL.replace(b'"index": 0', b'"index": false') + END,
    "input for a text": BEGIN + text_start() + delta(0, COMMAND) + stop() + END,
    "input for no block": BEGIN + delta(0, COMMAND) + stop() + END,
    "input after the end of its block": BEGIN + start() + stop() + delta(0, COMMAND) + END,
    "content in message_start": event("message_start", message={**MESSAGE, "content": [
        {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}}]}) + END,
    "two messages": BEGIN + PLAIN + END + BEGIN + CALL + END,
    "a call after message_stop": BEGIN + PLAIN + END + CALL,
    "a call before message_start": CALL + BEGIN + END,
    "another type, same parts": BEGIN + start(kind="tool_call") + delta(0, COMMAND) + stop() + END,
    "another case": BEGIN + start(kind="Tool_Use") + delta(0, COMMAND) + stop() + END,
    "a new kind of tool_use": BEGIN + start(kind="client_tool_use", input={"command": EVIL}) + stop() + END,
    "no type": BEGIN + CALL.replace(b'"type": "tool_use", ', b"") + END,
    "a list as type": BEGIN + CALL.replace(b'"type": "tool_use"', b'"type": ["tool_use"]') + END,
    "a server tool in other letters": BEGIN + start(kind="Server_Tool_Use") + delta(0, COMMAND) + stop() + END,
    "the name of another event": BEGIN + CALL.replace(b"event: content_block_start", b"event: ping") + END,
    "no name": BEGIN + CALL.replace(b"event: content_block_start\n", b"") + END,
    "two names": BEGIN + CALL.replace(b"event: content_block_start", b"event: ping\nevent: content_block_start") + END,
    "the type in another case": BEGIN + CALL.replace(b'"content_block_start"', b'"Content_Block_Start"') + END,
    "a type of one's own with the parts": BEGIN + CALL.replace(b"content_block_start", b"content_block_begin") + END,
    "input in a delta of one's own": BEGIN
    + start()
    + delta(0, '{"command": ')
    + event("content_block_delta", index=0, delta={"type": "json_delta", "partial_json": f'"{EVIL}"}}'})
    + stop()
    + END,
    "the input whole in a delta": BEGIN
    + start()
    + event("content_block_delta", index=0, delta={"type": "tool_input_delta", "input": {"command": EVIL}})
    + stop()
    + END,
    "the input whole beside a piece": BEGIN
    + start()
    + event(
        "content_block_delta",
        index=0,
        delta={"type": "input_json_delta", "partial_json": "{}", "input": {"command": EVIL}},
    )
    + stop()
    + END,
    "a delta in a list": BEGIN
    + start()
    + event("content_block_delta", index=0, delta=[{"type": "input_json_delta", "partial_json": COMMAND}])
    + stop()
    + END,
    "a call in the end of a message": BEGIN
    + event("message_delta", usage={}, delta={"stop_reason": "tool_use", "content": [
        {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}}]})
    + event("message_stop"),
    "a call in the end of its block": BEGIN
    + start()
    + event("content_block_stop", index=0, content_block={
        "type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}})
    + END,
    "a text with the parts of a call": BEGIN
    + event("content_block_start", index=0, content_block={
        "type": "text", "text": "", "name": "Bash", "input": {"command": EVIL}})
    + stop()
    + END,
    "an escaped type": BEGIN + CALL.replace(b'"tool_use"', b'"tool\\u005fuse"') + END,
    "an escaped member": BEGIN + CALL.replace(b'"content_block"', b'"content\\u005fblock"') + END,
    "an index in quotes": BEGIN + CALL.replace(b'"index": 0', b'"index": "0"') + END,
    "no index": BEGIN + CALL.replace(b'"index": 0, ', b"") + END,
    "two documents in a line": BEGIN + CALL.replace(b"}\n\n", b'}{"type": "ping"}\n\n', 1) + END,
    "an empty line of data before": BEGIN + CALL.replace(b"data: ", b"data:\ndata: ") + END,
    "an end before the start": BEGIN + stop() + start() + delta(0, COMMAND) + END,
    "a name that is no text": BEGIN + CALL.replace(b'"name": "Bash"', b'"name": ["Bash"]') + END,
    "a lone surrogate in the input": BEGIN + start() + delta(0, '{"command": "' + EVIL + ' \\ud800"}') + stop() + END,
    "NaN in the input": BEGIN + start() + delta(0, '{"x": NaN, "command": "' + EVIL + '"}') + stop() + END,
    "an input that is text": BEGIN + start(input=COMMAND) + stop() + END,
    "an error within the call": BEGIN
    + start()
    + delta(0, COMMAND)
    + event("error", error={"type": "overloaded_error", "message": "x"})
    + stop()
    + END,
    "cut in the end of the block": BEGIN + start() + delta(0, COMMAND) + stop()[:-2],
    "input in an event of one's own": BEGIN
    + start()
    + event("content_block_more", index=0, delta={"type": "input_json_delta", "partial_json": COMMAND})
    + stop()
    + END,
    "the type twice": BEGIN
    + CALL.replace(b'{"type": "content_block_start"', b'{"type": "ping", "type": "content_block_start"')
    + END,
    "the block twice": BEGIN
    + CALL.replace(b'"content_block": ', b'"content_block": {"type": "text", "text": ""}, "content_block": ')
    + END,
    "CRLF": BEGIN + CALL.replace(b"\n", b"\r\n") + END,
    "CR": BEGIN + CALL.replace(b"\n", b"\r") + END,
    "ends mixed": BEGIN + CALL.replace(b"\n", b"\r\n", 3).replace(b"\n\n", b"\n\r\n") + END,
    "a byte order mark": b"\xef\xbb\xbf" + BEGIN + CALL + END,
    "a byte order mark inside": BEGIN + b"\xef\xbb\xbf" + CALL + END,
    "a blank before the field": BEGIN + CALL.replace(b"event: content_block_start", b" event: content_block_start")
    + END,
    "fields in another case": BEGIN + CALL.replace(b"data: ", b"Data: ") + END,
    "no blank behind the colon": BEGIN + CALL.replace(b"data: ", b"data:").replace(b"event: ", b"event:") + END,
    "several data lines": BEGIN + CALL.replace(b', "content_block"', b'\ndata: , "content_block"') + END,
    "comments between": BEGIN + CALL.replace(b"\ndata", b"\n: a comment\ndata") + END,
    "a null character": BEGIN + CALL.replace(b"data: {", b"data: \x00{") + END,
    **{f"a comment with {name}": hidden(separator, b": x") for name, separator in (
        ("VT", b"\x0b"), ("FF", b"\x0c"), ("FS", b"\x1c"), ("GS", b"\x1d"), ("RS", b"\x1e"),
        ("NEL", b"\xc2\x85"), ("LS", b"\xe2\x80\xa8"), ("PS", b"\xe2\x80\xa9"))},
    "an id with VT": hidden(b"\x0b", b"id: x"),
    "a retry with FF": hidden(b"\x0c", b"retry: 1"),
    "an event's name with RS": hidden(b"\x1e", b"event: x"),
    "text with LS": BEGIN + text_start() + event("content_block_delta", index=0, delta={
        "type": "text_delta", "text": "a\u2028" + CALL.decode().replace("\n", "\u2028")}) + stop() + END,
    "text with NEL": BEGIN + text_start() + event("content_block_delta", index=0, delta={
        "type": "text_delta", "text": "a\x85" + CALL.decode().replace("\n", "\x85")}) + stop() + END,
    "an error before the call": BEGIN + event("error", error={"type": "overloaded_error", "message": "x"}) + CALL + END,
    "a call inside a ping": BEGIN + event("ping", index=0, content_block={
        "type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}}) + END,
    "a call inside a result": BEGIN + event("content_block_start", index=0, content_block={
        "type": "web_search_tool_result", "content": [
            {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}}]}) + stop() + END,
    "no stream at all": json.dumps({**MESSAGE, "content": [
        {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}}]}).encode(),
}  # fmt: skip
# What stands there in the text, in a result of the provider's own tool or in an event that no client knows is no call.
NO_CALL = frozenset(("text with LS", "text with NEL", "a call inside a result", "no stream at all"))


def passed(body: bytes, sizes: list[int] | None = None) -> tuple[bytes, bool]:
    """What goes on to the agent of a reply that arrives in pieces, and whether it was cut off."""
    stream = MessageStream(judge)
    out, at = b"", 0
    try:
        for size in [*(sizes or []), len(body)]:
            out += stream.feed(body[at : at + size])
            at += size
        return out + stream.close(), False
    except Refused:
        return out, True


def real_client(body: bytes) -> list[JSON]:
    """The tool calls that the real client makes of a stream."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body, request=request)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = anthropic.Anthropic(api_key="k", base_url="http://model.invalid", http_client=http, max_retries=0)
    found: list[JSON] = []
    try:
        with client.messages.stream(model="m", max_tokens=1, messages=[{"role": "user", "content": "x"}]) as stream:
            for told in stream:
                block = getattr(told, "content_block", None)
                if told.type == "content_block_stop" and getattr(block, "type", "") == "tool_use":
                    found.append(block.input)
    except Exception:  # what a client raises on is no call
        pass
    return found


def lax_client(body: bytes) -> list[JSON]:
    """The calls that a client makes of a stream which splits lines wherever it can and goes by what it likes best."""
    events: list[dict[str, JSON]] = []
    for line in body.decode("utf-8", "replace").splitlines():
        if line.strip().lower().startswith("data:"):
            try:
                document = json.loads(line.strip()[5:])
            except ValueError:
                continue
            if isinstance(document, dict):
                events.append(document)
    return list(_calls(events))


def _calls(events: list[dict[str, JSON]]) -> Iterator[JSON]:
    """Every start of something that has a name and an input, with the pieces that follow for its index."""
    for at, document in enumerate(events):
        block = document.get("content_block")
        if isinstance(block, dict) and "name" in block and not str(block.get("type")).startswith(("server_", "mcp_")):
            pieces = [
                held.get("partial_json", "")
                for other in events[at:]
                if other.get("index") == document.get("index") and isinstance(held := other.get("delta"), dict)
            ]
            yield json.dumps(block) + "".join(map(str, pieces))


def test_the_clients_find_calls_where_they_are() -> None:
    """Without the gateway both would run it: what follows is no empty promise."""
    assert EVIL in json.dumps(real_client(BEGIN + CALL + END))
    assert EVIL in json.dumps(lax_client(BEGIN + CALL + END))
    assert EVIL in json.dumps(lax_client(STREAMS["a comment with VT"]))


@pytest.mark.parametrize("name", STREAMS)
def test_no_client_finds_the_call(name: str) -> None:
    """Neither the real one nor a lax one, in one piece or byte by byte."""
    whole, _ = passed(STREAMS[name])
    torn, _ = passed(STREAMS[name], [1] * len(STREAMS[name]))

    for out in (whole, torn):
        assert EVIL not in json.dumps(real_client(out))
        assert EVIL not in json.dumps(lax_client(out))
    assert whole == torn


@pytest.mark.parametrize("name", sorted(STREAMS.keys() - NO_CALL))
def test_a_client_would_have_found_it_or_nothing_is_lost(name: str) -> None:
    """The call's text goes on nowhere: what is cut off or replaced holds none of it."""
    out, _ = passed(STREAMS[name])

    assert EVIL.encode() not in out


@given(name=st.sampled_from(sorted(STREAMS)), sizes=st.lists(st.integers(1, 60), max_size=60))
@settings(max_examples=80, deadline=None)
def test_however_it_is_torn(name: str, sizes: list[int]) -> None:
    """Where the pieces are cut changes nothing."""
    assert passed(STREAMS[name], sizes) == passed(STREAMS[name])


@pytest.mark.parametrize(
    "body",
    [
        BEGIN + PLAIN + END,
        BEGIN + start() + delta(0, '{"command": "ls"}') + stop() + END,
        BEGIN + start() + delta(0, '{"command": ') + delta(0, '"ls"}') + stop() + END,
        BEGIN + PLAIN + start(1) + delta(1, '{"command": "ls"}') + stop(1) + END,
        BEGIN + start(input={"command": "ls"}) + stop() + END,
        BEGIN + start(kind="server_tool_use") + delta(0, '{"query": "x"}') + stop() + END,
        (BEGIN + PLAIN + END).replace(b"\n", b"\r\n"),
        b": a comment\n\n" + BEGIN + b": another\n" + PLAIN + END,
    ],
)
def test_what_is_permitted_goes_on_untouched(body: bytes) -> None:
    """The look-alikes: the very bytes that came."""
    assert passed(body) == (body, False)


REPLIES: list[Callable[[dict[str, JSON]], bytes]] = [
    lambda call: json.dumps({**MESSAGE, "content": [call]}).encode(),
    lambda call: json.dumps(
        {**MESSAGE, "content": [{"type": "text", "text": "x"}, call], "stop_reason": "tool_use"}
    ).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [call, {**call, "type": "other"}]}).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [{**call, "type": "TOOL_USE"}]}).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [{**call, "type": None}]}).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [call]}).replace("r", "\\u0072").encode(),
    lambda call: json.dumps({**MESSAGE, "content": call}).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [[call]]}).encode(),
    lambda call: b'{"content": [], ' + json.dumps({"content": [call]}).encode()[1:],
    lambda call: b'{"content": [], ' + json.dumps({"Content": [call]}).encode()[1:],
    lambda call: b"\xef\xbb\xbf" + json.dumps({**MESSAGE, "content": [call]}).encode(),
    lambda call: json.dumps({**MESSAGE, "content": [call]}).encode("utf-16"),
    lambda call: json.dumps({**MESSAGE, "content": []}).encode() + json.dumps({"content": [call]}).encode(),
]


@pytest.mark.parametrize("make", REPLIES)
def test_plain_json_replies(make: Callable[[dict[str, JSON]], bytes]) -> None:
    """Refused as a whole, or with text in the call's place: never with the call."""
    body = make({"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": EVIL}})
    try:
        out = rewrite_message(body, read_json(body), judge)
    except Refused:
        return
    assert EVIL not in json.dumps(read_json(out))


def test_a_permitted_json_reply_goes_on_untouched() -> None:
    """The look-alike: the very bytes that came."""
    body = json.dumps({**MESSAGE, "content": [{"type": "tool_use", "id": "t", "name": "Bash", "input": {}}]}).encode()
    assert rewrite_message(body, read_json(body), judge) is body


@pytest.mark.parametrize(
    "stream",
    [b': x\x0bdata: {"a": 1}\x0b\x0b\n\n', b'id: 1\x1edata: {"a": 1}\ndata: {}\n\n', b"event: \xe2\x80\xa8data: 1\n\n"],
)
def test_other_event_streams_hide_no_event_either(stream: bytes) -> None:
    """MCP clients split lines too."""
    with pytest.raises(Refused):
        EventStream(lambda data: data).feed(stream)


def test_text_of_other_event_streams_becomes_no_event() -> None:
    """A line separator inside JSON is escaped, and means the same."""
    said = EventStream(lambda data: data).feed('data: {"a": "x\u2028data: {}\u2028\u2028"}\n\n'.encode())

    assert len(said.decode().splitlines()) == 2
    assert json.loads(said.decode().removeprefix("data: ")) == {"a": "x\u2028data: {}\u2028\u2028"}
