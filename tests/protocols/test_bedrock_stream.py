"""Messages in AWS frames: judged as the same events in a plain stream are."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.model import JSON, Operation, Refusal
from interlock.protocols.aws_event_stream import FrameParser, encode_frame
from interlock.protocols.bedrock_stream import BedrockReader, encode_chunk
from interlock.protocols.body import read_json
from interlock.protocols.messages_reader import MessagesReader
from interlock.protocols.replies import Treatment
from interlock.protocols.sse import EventParser, encode_event
from interlock.reasons import Reason

type Make = Callable[..., Treatment]

SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CAPTURES = ["claude-code-dangerous-bash/02.POST.response.sse", "claude-code-file-tools/03.POST.response.sse"]
CHUNK = {":event-type": "chunk", ":message-type": "event"}


def framed(stream: bytes) -> bytes:
    """A captured stream as Bedrock would send it."""
    return b"".join(encode_chunk("", event.data) for event in EventParser().feed(stream) if event.data)


def plain(frames: bytes) -> bytes:
    """And back."""
    out = b""
    for frame in FrameParser().feed(frames):
        data = base64.b64decode(json.loads(frame.payload)["bytes"])
        out += encode_event(json.loads(data)["type"], data)
    return out


def run(treatment: Treatment, body: bytes, sizes: list[int] | None = None) -> tuple[bytes, str]:
    """What goes on, and why it ended early."""
    stream, out, at = BedrockReader(treatment).stream(200), b"", 0
    try:
        for size in [*(sizes or []), len(body)]:
            out += stream.feed(body[at : at + size])
            at += size
        return out + stream.close(), ""
    except InterlockError as error:
        return out, str(error.reason)


@pytest.mark.parametrize("name", CAPTURES)
@pytest.mark.parametrize("forbidden", ["", "tool.use:Bash", "tool.use:Write"])
def test_a_captured_reply_is_judged_as_its_plain_twin(
    capture: Callable[[str], bytes], masking: Make, name: str, forbidden: str
) -> None:
    """The same events, the same operations."""
    body = b"".join(
        encode_event(event.kind, event.data)
        for event in EventParser().feed(capture(name))
        if event.data and event.kind != "ping"
    )
    one: list[tuple[Operation, ...]] = []
    two: list[tuple[Operation, ...]] = []
    twin = MessagesReader(masking(forbidden, seen=one)).stream(200)
    out, reason = run(masking(forbidden, seen=two), framed(body))

    assert reason == ""
    assert plain(out) == twin.feed(body) + twin.close()
    assert one == two


@pytest.mark.parametrize("name", CAPTURES)
def test_what_is_permitted_goes_on_untouched(capture: Callable[[str], bytes], treatment: Make, name: str) -> None:
    """The very bytes that came, torn at every one of them."""
    body = framed(b"".join(event.raw for event in EventParser().feed(capture(name)) if event.kind != "ping"))

    assert run(treatment(), body) == (body, "")
    assert run(treatment(), body, [1] * len(body)) == (body, "")


def frame(payload: JSON, **headers: str) -> bytes:
    """One frame with a JSON payload."""
    named = {f":{name.replace('_', '-')}": value for name, value in headers.items()}
    return encode_frame(named or CHUNK, json.dumps(payload).encode())


CALL = base64.b64encode(json.dumps({"type": "content_block_start", "index": 0, "content_block": {
    "type": "tool_use", "name": "Bash", "input": {"command": "rm -rf /"}}}).encode()).decode()  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        frame({"bytes": CALL}, event_type="chunk", message_type="odd"),
        frame({"bytes": CALL}, event_type="other", message_type="event"),
        frame({"bytes": CALL, "more": CALL}),
        frame({"bytes": CALL[:-2]}),
        frame({"bytes": f"{CALL}\n"}),
        frame({"bytes": 7}),
        frame([CALL]),
        frame({"bytes": base64.b64encode(b"x").decode()}),
        frame({"name": "Bash", "input": {}}),
        frame({"name": "Bash", "input": {}}, message_type="exception", exception_type="x"),
        encode_frame(CHUNK, b'{"bytes": "", "bytes": "' + CALL.encode() + b'"}'),
        b'event: message_start\ndata: {"type": "message_start", "message": {}}\n\n',
        b"\x00" * 11,
    ],
)
def test_what_no_client_expects_ends_the_stream(treatment: Make, body: bytes) -> None:
    """Nothing of it passes."""
    out, reason = run(treatment(), body)

    assert out == b""
    assert reason in (Reason.STREAM_UNREADABLE, Reason.BODY_UNPARSABLE, Reason.BODY_AMBIGUOUS)


def test_exceptions_go_on_masked(masking: Make) -> None:
    """The upstream's own words."""
    body = frame({"message": "clean"}, message_type="exception", exception_type="throttlingException")
    (found,) = FrameParser().feed(run(masking(), body)[0])

    assert json.loads(found.payload) == {"message": "*****"}
    assert found.headers == {":message-type": "exception", ":exception-type": "throttlingException"}


def test_a_plain_reply_is_judged_too(capture: Callable[[str], bytes], treatment: Make) -> None:
    """`invoke` answers with JSON; frames that say they are JSON are refused."""
    body = capture("anthropic-python-sdk/00.POST.response.json")
    reader = BedrockReader(treatment("tool.use:Bash"))
    out = reader.whole(200, body, lambda: read_json(body)) or b""

    assert b"tool_use" not in out
    with pytest.raises(InterlockError):
        reader.whole(200, frame({"bytes": CALL}), lambda: read_json(frame({"bytes": CALL})))


def test_last_words_are_an_exception() -> None:
    """Of a kind that clients do not try again."""
    (found,) = FrameParser().feed(BedrockReader(None).last_words(Refusal("forbidden", "No.", reference="run/7")))  # type: ignore[arg-type]

    assert found.headers[":message-type"] == "exception"
    assert b"run/7" in found.payload


@SLOW
@given(sizes=st.lists(st.integers(1, 400), max_size=40), word=st.sampled_from(["", "tool.use:Bash"]))
def test_any_chunking_gives_the_same(
    capture: Callable[[str], bytes], masking: Make, sizes: list[int], word: str
) -> None:
    """The same operations and the same bytes."""
    body = framed(capture(CAPTURES[0]))
    one: list[tuple[Operation, ...]] = []
    two: list[tuple[Operation, ...]] = []

    assert run(masking(word, seen=one), body) == run(masking(word, seen=two), body, sizes)
    assert one == two


@SLOW
@given(
    st.lists(
        st.one_of(st.binary(max_size=30), st.builds(encode_chunk, st.just(""), st.binary(max_size=30))), max_size=5
    )
)
def test_any_bytes_give_an_answer_or_our_own_error(masking: Make, parts: list[bytes]) -> None:
    """Nothing else is ever raised."""
    run(masking(), b"".join(parts))
