"""What an MCP server answers, as JSON and as a stream: judged alike, in any chunking."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected, InterlockError, Refused
from interlock.model import JSON, BodyState, Exchange, Operation, Origin, Refusal, Side
from interlock.protocols.body import read_json
from interlock.protocols.mcp_reader import McpReader
from interlock.protocols.replies import Treatment
from interlock.reasons import Reason

type Make[T] = Callable[..., T]

SAMPLE: JSON = {"jsonrpc": "2.0", "id": 90, "method": "sampling/createMessage", "params": {}}
PROGRESS: JSON = {"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1}}
CHANNEL: JSON = {"jsonrpc": "2.0", "method": "notifications/claude/channel", "params": {"content": "do it"}}
AGENT = ("mcp.sample", "mcp.notify:claude/channel", "mcp.elicit")


def asked(identifier: JSON = 7, method: str = "tools/call") -> JSON:
    """A request."""
    return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": {"name": "x"}}


def said(identifier: JSON = 7, **result: JSON) -> JSON:
    """An answer."""
    return {"jsonrpc": "2.0", "id": identifier, "result": result}


def sse(*documents: JSON, id: str = "") -> bytes:
    """A stream with one event a document."""
    head = f"id: {id}\r\n" if id else ""
    return "".join(f"{head}event: message\r\ndata: {json.dumps(each)}\r\n\r\n" for each in documents).encode()


@pytest.fixture
def reader(treatment: Make[Treatment], request_of: Make[Exchange]) -> Make[McpReader]:
    """The reader of the answer to a POST of this body, or to a GET; these operations are forbidden."""

    def make(body: JSON = None, *forbidden: str, **headers: str) -> McpReader:
        raw = b"" if body is None else json.dumps(body).encode()
        return McpReader(treatment(*forbidden), request_of("GET" if body is None else "POST", "/mcp", raw, **headers))

    return make


def whole(reader: McpReader, document: JSON, status: int = 200) -> JSON:
    """What a JSON answer becomes."""
    raw = json.dumps(document).encode()
    found = reader.whole(status, raw, lambda: read_json(raw))
    return None if found is None else json.loads(found)


def streamed(reader: McpReader, *documents: JSON, id: str = "") -> list[JSON]:
    """What the documents of a stream become."""
    out = reader.stream(200).feed(sse(*documents, id=id))
    return [json.loads(line[6:]) for line in out.splitlines() if line.startswith(b"data: ") and line[6:]]


def test_the_last_words_answer_every_waiting_request(reader: Make[McpReader]) -> None:
    """With its id, so that its client stops to wait; one that has its answer gets no second."""
    both = reader([asked(7), asked("b"), PROGRESS])
    streamed(both, said(7))
    told = both.last_words(Refusal("forbidden", "No."))

    assert [json.loads(part.partition(b"data: ")[2])["id"] for part in told.split(b"\n\n") if part] == ["b"]
    assert reader().last_words(Refusal("forbidden", "No.")) == b""


def test_messages_keep_their_bytes(reader: Make[McpReader]) -> None:
    """Where nothing is masked; what no client reads as JSON is for the gateway to treat."""
    event = b'id: 1\r\ndata: {"jsonrpc":"2.0","method":"notifications/progress"}\r\n\r\n: comment\n\nid: 2\ndata:\n\n'

    assert reader(asked()).stream(200).feed(event) == event
    assert reader(asked()).whole(404, b"no", lambda: None) is None
    assert reader(asked()).whole(202, b"", lambda: None) is None
    assert whole(reader(asked()), {"error": "invalid_token"}, 401) == {"error": "invalid_token"}


@pytest.mark.parametrize("name", ["03.POST", "04.POST", "05.POST", "06.POST", "08.POST"])
def test_captured_streams_pass_untouched(
    capture: Make[bytes], treatment: Make[Treatment], request_of: Make[Exchange], name: str
) -> None:
    """As the real server sends them, with priming events, to the request that was really sent."""
    folder = "mcp-python-2025-11-25/"
    request = request_of("POST", "/mcp", capture(f"{folder}{name}.request.json"))
    body = capture(f"{folder}{name}.response.sse")

    assert McpReader(treatment(), request).stream(200).feed(body) == body


def test_a_resumed_stream_brings_the_answer_of_another_request(
    capture: Make[bytes], treatment: Make[Treatment], request_of: Make[Exchange]
) -> None:
    """With `last-event-id`; without it nobody has asked."""
    body = capture("mcp-python-2025-11-25/07.GET.response.sse")
    resumed = request_of("GET", "/mcp", last_event_id="ev-62")

    assert McpReader(treatment(), resumed).stream(200).feed(body) == body
    stream = McpReader(treatment(), request_of("GET", "/mcp")).stream(200)
    assert b"report ready" not in stream.feed(body)
    with pytest.raises(Refused) as caught:
        stream.feed(b"")
    assert caught.value.reason is Reason.UNSOLICITED


def test_a_resumed_list_is_filtered_too(reader: Make[McpReader]) -> None:
    """The shape of the answer says what it is."""
    found = streamed(reader(None, "mcp.call:no", last_event_id="1"), said(3, tools=[{"name": "no"}, {"name": "a"}]))

    assert found == [said(3, tools=[{"name": "a"}])]


@pytest.mark.parametrize("identifier", [8, "7", "", 0, -7])
def test_an_answer_nobody_asked_for_is_refused(reader: Make[McpReader], identifier: JSON) -> None:
    """Alone, in a batch, in a stream."""
    for ask in (
        lambda: whole(reader(asked()), said(identifier)),
        lambda: whole(reader(asked()), [said(7), said(identifier)]),
        lambda: streamed(reader(asked()), said(identifier)),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.reason in (Reason.UNSOLICITED, Reason.BODY_AMBIGUOUS)


def test_a_second_answer_is_refused(reader: Make[McpReader]) -> None:
    """The first one has passed."""
    stream = reader(asked()).stream(200)
    assert b"first" in stream.feed(sse(said(7, x="first"), said(7, x="second")))
    with pytest.raises(Refused) as caught:
        stream.feed(sse(PROGRESS))

    assert caught.value.reason is Reason.UNSOLICITED


def test_an_answer_that_cannot_be_read_leaves_its_request_waiting(reader: Make[McpReader]) -> None:
    """The last words tell its client so."""
    one = reader(asked(), *AGENT)
    with pytest.raises(Refused):
        whole(one, said(7, tools="x"))

    assert b'"id":7' in one.last_words(Refusal("body-unparsable", "No."))
    stream = one.stream(200)
    with pytest.raises(Refused):
        stream.feed(sse([said(), SAMPLE]))
    assert b'"id":7' in one.last_words(Refusal("forbidden", "No."))


def test_an_error_without_an_id_answers_nothing(reader: Make[McpReader]) -> None:
    """As servers send it for what they could not read."""
    error: JSON = {"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "no"}}

    invented: JSON = {**error, "id": "server-error"}

    assert whole(reader(asked()), error, 400) == error
    assert whole(reader(asked()), invented, 404) == invented
    assert whole(reader(), invented, 405) == invented
    with pytest.raises(Refused):
        whole(reader(asked()), invented)
    with pytest.raises(Refused):
        whole(reader(asked()), {**said("server-error")}, 404)


@pytest.mark.parametrize("request_", [SAMPLE, {**SAMPLE, "method": "elicitation/create"}])
def test_what_a_server_asks_in_a_post_ends_it(reader: Make[McpReader], request_: JSON) -> None:
    """It would wait for ever; the waiting request gets the error."""
    for ask in (
        lambda: whole(reader(asked(), *AGENT), request_),
        lambda: whole(reader(asked(), *AGENT), [request_, said()]),
        lambda: streamed(reader(asked(), *AGENT), request_, said()),
    ):
        with pytest.raises(Refused) as caught:
            ask()
        assert caught.value.reason is Reason.FORBIDDEN
        assert "the server asked" in str(caught.value)


def test_what_a_server_asks_on_a_standing_stream_is_dropped(reader: Make[McpReader]) -> None:
    """The stream goes on, and resumption with it."""
    out = reader(None, *AGENT).stream(200).feed(sse(SAMPLE, PROGRESS, CHANNEL, id="5"))

    assert out == b"id: 5\ndata: \n\n" + sse(PROGRESS, id="5") + b"id: 5\ndata: \n\n"
    assert reader(None, *AGENT).stream(200).feed(sse(SAMPLE)) == b""


def test_what_is_permitted_passes(reader: Make[McpReader]) -> None:
    """Judged, and with its own bytes."""
    assert streamed(reader(asked()), SAMPLE, CHANNEL, said()) == [SAMPLE, CHANNEL, said()]


def test_a_notification_for_the_model_is_dropped_from_a_batch(reader: Make[McpReader]) -> None:
    """Nobody waits for an answer to it."""
    assert whole(reader(asked(), *AGENT), [CHANNEL, said(7, x=1)]) == [said(7, x=1)]
    assert streamed(reader(asked(), *AGENT), CHANNEL, said()) == [said()]
    with pytest.raises(Refused):
        whole(reader(asked(), *AGENT), CHANNEL)


def test_a_question_inside_a_result_becomes_an_error(reader: Make[McpReader]) -> None:
    """With the id of the call, in both forms."""
    needs = said(7, resultType="input_required", inputRequests={"a": {"method": "elicitation/create", "params": {}}})
    for found in (whole(reader(asked(), *AGENT), needs), *streamed(reader(asked(), *AGENT), needs)):
        assert isinstance(found, dict)
        assert (found["id"], "result" in found) == (7, False)
        assert found["error"]["data"]["reason"] == "forbidden"  # type: ignore[index, call-overload]
    assert whole(reader(asked()), needs) == needs


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + json.dumps(said()).encode(),
        json.dumps(said()).encode("utf-16"),
        json.dumps(said()).encode("utf-16-le"),
        b"plain words",
        b'{"jsonrpc":"2.0","id":7,"result":{},"RESULT":{}}',
        b'{"jsonrpc":"2.0","id":7,"result":{}} {}',
        b'{"JSONRPC":"2.0","id":7,"result":{}}',
        b'{"jsonrpc":"2.0","id":7.0,"result":{}}',
        b'{"jsonrpc":"2.0","id":7,"result":{},"extra":1}',
        b'{"jsonrpc":"2.0","id":7,"result":[]}',
        b'{"jsonrpc":"2.0","id":7,"result":{"tools":"x"}}',
        b'{"a":1}',
        b'[[{"jsonrpc":"2.0","id":7,"result":{}}]]',
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(reader: Make[McpReader], body: bytes) -> None:
    """Some client's reader of JSON takes UTF-16, another takes members in any case."""
    with pytest.raises(BodyRejected):
        reader(asked()).whole(200, body, lambda: read_json(body))


class Plain:
    """Judges by name: what the agent is asked is forbidden; masks nothing."""

    @staticmethod
    def judge(find: Callable[[], tuple[Operation, ...]]) -> Refusal | None:
        """A refusal for anything found."""
        try:
            return Refusal("forbidden", "No.") if find() else None
        except InterlockError:
            return Refusal("body-unparsable", "No.")

    @staticmethod
    def document(body: bytes, document: JSON = None) -> bytes:
        """As it is."""
        return body


TREATMENT = Treatment(
    Plain.judge,
    lambda operation: operation.resource != "no",
    None,  # type: ignore[arg-type]
    None,  # type: ignore[arg-type]
    Plain.document,
    Plain.document,
    1,
)
ORIGIN = Origin("https", "x", 443)
POST = Exchange(
    Side.REQUEST, "c", "POST", ORIGIN, "/mcp", (), json.dumps([asked(1), asked(2)]).encode(), BodyState.COMPLETE
)
MESSAGES = st.sampled_from(
    [SAMPLE, PROGRESS, CHANNEL, said(1, tools=[{"name": "no"}, {"name": "a"}]), said(2), said(9), [said(1), PROGRESS]]
)


@given(st.lists(MESSAGES, max_size=5), st.lists(st.integers(1, 400), max_size=6))
@settings(max_examples=80)
def test_any_chunking_gives_the_same_bytes(documents: list[JSON], cuts: list[int]) -> None:
    """And ends for the same reason."""
    body = sse(*documents, id="1")

    def run(pieces: list[bytes]) -> tuple[bytes, str]:
        stream = McpReader(TREATMENT, POST).stream(200)
        out = b""
        try:
            for piece in pieces:
                out += stream.feed(piece)
            return out + stream.close(), ""
        except InterlockError as error:
            return out, str(error.reason)

    places = sorted({0, *(cut % (len(body) + 1) for cut in cuts), len(body)})
    assert run([body[a:b] for a, b in itertools.pairwise(places)] or [body]) == run([body])


@given(st.binary(max_size=200) | MESSAGES.map(lambda found: json.dumps(found).encode()[:-1]))
@settings(max_examples=80)
def test_any_bytes_raise_only_our_own_errors(body: bytes) -> None:
    """Whole and as an event."""
    for answer in (
        lambda: McpReader(TREATMENT, POST).whole(200, body, lambda: read_json(body)),
        lambda: McpReader(TREATMENT, POST).stream(200).feed(b"data: " + body + b"\n\n"),
    ):
        with contextlib.suppress(InterlockError):
            answer()
