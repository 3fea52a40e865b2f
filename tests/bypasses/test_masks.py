"""Values smuggled past the masks: spelled otherwise, cut up, in odd places; with the look-alikes that must stay."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bypasses.shipped import rules

from interlock.engine.masks import MaskerCache
from interlock.errors import Refused
from interlock.masking import Literal, Masker, MaskRule, known_detectors
from interlock.masking.thoughts import mask_document
from interlock.model import JSON, Secret
from interlock.protocols.body import read_json
from interlock.protocols.message_stream import MessageStream
from interlock.protocols.protected import protected

KEY = b"k" * 32
MAIL = "erika.mustermann@example.com"
CARD = "4111 1111 1111 1111"
SUPPLIED = "sk-ant-canary-0123456789abcdefghij"
MASKER = Masker(rules().masking, KEY, [Literal(Secret(SUPPLIED))])
_PLAIN = ("mustermann@", "mustermann%40", "mustermann&#64;", "mustermann＠", "411111", "4111 1111", "4111\u2009", CARD)
_CODED = (SUPPLIED, base64.b64encode(SUPPLIED.encode()).decode()[4:-4], SUPPLIED.encode().hex())
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\u00ad"))


def masked(body: str | bytes) -> str:
    """A JSON body as it goes on."""
    raw = body if isinstance(body, bytes) else body.encode()
    return MASKER.json(raw, read_json(raw)).body.decode()


def leaks(text: str) -> list[str]:
    """What of the secrets is left, JSON escapes undone."""
    spelled = json.dumps(json.loads(text), ensure_ascii=False) if text[:1] in "{[" else text
    spelled = spelled.replace("\\\\u0040", "@").translate(_UNSEEN)
    return [part for part in (*_PLAIN, *_CODED) if part.lower() in spelled.lower()]


def escaped(text: str) -> str:
    """Every character as a JSON escape."""
    return "".join(f"\\u{ord(letter):04x}" for letter in text)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"a": MAIL}),
        '{"a": "' + escaped(MAIL) + '"}',
        '{"a": "erika.mustermann\\u0040example.com"}',
        json.dumps({MAIL: 1}),
        '{"' + escaped(MAIL) + '": 1}',
        json.dumps([[[[{"a": {"b": [MAIL]}}]]]]),
        json.dumps({"a": json.dumps({"b": json.dumps({"c": MAIL})})}),
        json.dumps({"a": f"mailto:{MAIL}?subject=x"}),
        json.dumps({"a": "/users?mail=erika.mustermann%40example.com"}),
        json.dumps({"a": "<a>erika.mustermann&#64;example.com</a>"}),
        json.dumps({"a": "erika.mustermann＠example.com"}, ensure_ascii=False),
        json.dumps({"a": f"x\n{MAIL}\ny"}),
        json.dumps({"a": f"1,{MAIL},2\n3;{MAIL};4"}),
        json.dumps({"a": "x" * 100_000 + " " + MAIL + " " + "y" * 100_000}),
        json.dumps({"a": CARD}),
        '{"a": 4111111111111111}',
        '{"a": 4111111111111111.0}',
        '{"a": 4.111111111111111e15}',
        '{"a": -4111111111111111}',
        json.dumps({"a": "4111-1111-1111-1111"}),
        json.dumps({"a": "4111\u00a01111\u00a01111\u00a01111"}, ensure_ascii=False),
        json.dumps({"a": "4111\u20091111\u20091111\u20091111"}, ensure_ascii=False),
        json.dumps({"a": f"{CARD} 12/27 123"}),
        json.dumps({"a": f"17 {CARD}"}),
        json.dumps({"a": "erika.mustermann\\u0040example.com"}),
        json.dumps({"a": json.dumps({"b": "erika.mustermann\\u0040example.com"})}),
        json.dumps({"a": "erika.mustermann%2540example.com"}),
        json.dumps({"a": "erika.mustermann&#0064;example.com"}),
        json.dumps({"a": "erika.\u200bmustermann@exam\u00adple.com"}, ensure_ascii=False),
        json.dumps({"erika.\u2060mustermann@example.com": 1}),
        json.dumps({"a": "erika.mustermann@example\uff0ecom"}),
        json.dumps({"a": "\uff14\uff11\uff11\uff11 1111 1111 1111"}),
        json.dumps({"a": "4111\\u00201111\\u00201111\\u00201111"}),
        json.dumps({"a": SUPPLIED}),
        json.dumps({"a": f"Bearer {SUPPLIED}"}),
        '{"a": "' + escaped(SUPPLIED) + '"}',
        json.dumps({SUPPLIED: [SUPPLIED]}),
        json.dumps({"a": base64.b64encode(SUPPLIED.encode()).decode()}),
        json.dumps({"a": base64.b64encode(b"x" + SUPPLIED.encode() + b"y").decode()}),
        json.dumps({"a": base64.urlsafe_b64encode(b"xx" + SUPPLIED.encode()).decode()}),
        json.dumps({"a": SUPPLIED.encode().hex()}),
        json.dumps({"a": SUPPLIED.encode().hex().upper()}),
        json.dumps({"a": json.dumps({"b": SUPPLIED})}),
    ],
)
def test_no_spelling_gets_past(body: str) -> None:
    """Names, numbers, nested documents, escapes and codings."""
    out = masked(body)

    assert leaks(out) == []
    read_json(out.encode())


@pytest.mark.parametrize(
    "body",
    [
        '{"a": "@erika", "b": "git@github.com:a/b.git", "c": "pkg@1.2.3", "d": "logo@2x.png"}',
        '{"a": 1763801400123, "b": "4111 1111 1111 1112", "c": 0.4111111111111111}',
        '{"a": "550e8400-e29b-41d4-a716-446655440000", "b": "100%40.5"}',
        '{"a": "DE89370400440532013001", "b": "2030-01-31T09:00:00Z"}',
        '{ "a" :\t1.0e5 , "b":"\\u00e4" }',
        '{"a": "C:\\\\u0041pp", "b": "\u200bword\u00ad", "c": "\uff11\uff12", "d": "100%2525"}',
    ],
)
def test_look_alikes_stay_to_the_byte(body: str) -> None:
    """Order numbers, versions, times; and the very bytes that came."""
    assert masked(body) == body


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + json.dumps({"a": MAIL}).encode(),
        json.dumps({"a": MAIL}).encode("utf-16"),
        json.dumps({"a": MAIL}).encode("utf-32"),
        b'{"a": 1, "a": "' + MAIL.encode() + b'"}',
        b'{"a": "x\xff"}',
        b'{"a": NaN}',
        b"[" * 500 + b'"' + MAIL.encode() + b'"' + b"]" * 500,
        json.dumps({"a": MAIL}).encode() + json.dumps({"a": MAIL}).encode(),
    ],
)
def test_what_could_be_read_otherwise_is_not_passed(body: bytes) -> None:
    """A body that cannot be read in one way cannot be masked."""
    with pytest.raises(Refused):
        read_json(body)


@given(sizes=st.lists(st.integers(1, 12), max_size=60), place=st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_text_in_pieces_holds_no_value(sizes: list[int], place: int) -> None:
    """However a text is torn, also between events that the agent gets one by one."""
    text = "x" * place + f" {MAIL}, {CARD} 12/27, {SUPPLIED} end"
    stream, out, at = MASKER.stream(), "", 0
    for size in [*sizes, len(text)]:
        out += stream.feed(text[at : at + size])
        at += size
    out += stream.close()

    assert leaks(out) == []
    assert out == MASKER.text(text).text
    assert out.startswith("x" * place + " ")


@given(cuts=st.lists(st.integers(0, 70), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_reply_in_pieces_holds_no_value(cuts: list[int]) -> None:
    """Cut anywhere into deltas: the texts put together again hold nothing, and no other text is lost."""
    text = f"mail {MAIL} card {CARD} key {SUPPLIED} end"
    edges = [0, *sorted(cuts), len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    stream = MessageStream(lambda block, place: None, MASKER.stream)
    out = stream.feed(_reply(pieces)) + stream.close()

    told = "".join(
        document["delta"]["text"]
        for line in out.decode().splitlines()
        if line.startswith("data: ") and (document := json.loads(line[6:]))["type"] == "content_block_delta"
    )
    assert leaks(told) == []
    assert told == MASKER.text(text).text


def _reply(pieces: list[str]) -> bytes:
    def event(kind: str, **members: JSON) -> bytes:
        return f"event: {kind}\ndata: {json.dumps({'type': kind, **members})}\n\n".encode()

    deltas = [event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece}) for piece in pieces]
    return b"".join(
        [
            event("message_start", message={"role": "assistant", "content": []}),
            event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
            *deltas,
            event("content_block_stop", index=0),
            event("message_stop"),
        ]
    )


def test_the_input_of_a_tool_is_masked_as_a_whole() -> None:
    """A call's input comes in pieces of JSON; escapes and cuts hide nothing."""
    document = '{"command": "mail erika.mustermann\\u0040example.com"}'
    start: JSON = {"type": "tool_use", "id": "t", "name": "Bash", "input": {}}
    events: list[dict[str, JSON]] = [
        {"type": "message_start", "message": {"content": []}},
        {"type": "content_block_start", "index": 0, "content_block": start},
        *[
            {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": letter}}
            for letter in document
        ],
        {"type": "content_block_stop", "index": 0},
    ]
    raw = b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events)
    stream = MessageStream(lambda block, place: None, mask_json=lambda data: MASKER.json(data, read_json(data)).body)
    out = stream.feed(raw) + stream.close()

    assert b"mustermann" not in out
    assert b"<email:" in out


_TURN = [
    {"type": "message_start", "message": {"content": []}},
    {"type": "content_block_start", "index": 0, "content_block": {}},
    {"type": "content_block_stop", "index": 0},
]


@pytest.mark.parametrize("kind", ["server_tool_use", "mcp_tool_use"])
def test_what_the_provider_runs_is_masked_as_a_whole(kind: str) -> None:
    """In a stream as in plain JSON, however it is cut; a search for an order number keeps its bytes."""
    for query, kept in ((f"who is {MAIL}", False), ("order 550e8400-e29b-41d4", True)):
        text = json.dumps({"query": query})
        block: JSON = {"type": kind, "id": "s", "name": "web_search", "input": {}}
        deltas = [
            {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": letter}}
            for letter in text
        ]
        told = [_TURN[0], {**_TURN[1], "content_block": block}, *deltas, _TURN[2]]
        raw = b"".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in told)
        stream = MessageStream(
            lambda block, place: None, MASKER.stream, mask_event=lambda data: MASKER.json(data, read_json(data)).body
        )
        out = stream.feed(raw) + stream.close()

        assert (out == raw) == kept
        assert leaks(out.decode().replace('"}}', "")) == [] or kept


@pytest.mark.parametrize(
    ("kind", "text", "left"),
    [
        ("text/plain", f"Mail {MAIL}", False),
        ("text/csv", f"id,mail\n1,{MAIL}\n", False),
        ("application/json", json.dumps({"a": MAIL}), False),
        ("application/octet-stream", f"Mail {MAIL}", False),
        ("text/plain", "Order 550e8400", True),
    ],
)
def test_a_document_in_base64_hides_nothing(kind: str, text: str, left: bool) -> None:
    """What is text in it is masked; without a finding not a byte changes."""
    data = base64.b64encode(text.encode()).decode()
    source: JSON = {"type": "base64", "media_type": kind, "data": data}
    body = json.dumps({"messages": [{"role": "user", "content": [{"type": "document", "source": source}]}]}).encode()
    out = mask_document(MASKER, body, read_json(body), protected).body

    assert (out == body) == left
    inside = json.loads(out)["messages"][0]["content"][0]["source"]["data"]
    assert left or leaks(base64.b64decode(inside).decode()) == []


def test_a_thought_that_is_left_out_leaves_nothing() -> None:
    """Neither its text nor its signature; a thought in which nothing is found keeps both."""
    dropping = Masker([replace(rule, thinking="drop") for rule in rules().masking], KEY)
    for text, kept in ((f"They are {MAIL}", False), ("They are somebody", True)):
        block: JSON = {"type": "thinking", "thinking": text, "signature": "c2lnbmF0dXJl"}
        body = json.dumps({"messages": [{"role": "assistant", "content": [block]}]}).encode()
        out = mask_document(dropping, body, read_json(body), protected).body

        assert (out == body) == kept
        assert (b"c2lnbmF0dXJl" in out) == kept


def test_a_hash_says_nothing_outside_its_session() -> None:
    """Equal values are equal within a session and connection, and nowhere else."""
    shipped = rules()
    hashing = tuple(replace(rule, action="hash") if rule.action == "token" else rule for rule in shipped.masking)
    cache = MaskerCache(replace(shipped, masking=hashing), KEY)
    seen = {
        session: cache.get(connection.name, "responses", frozenset(), session, ()).text(MAIL).text
        for session, connection in (("one", rules().connections[1]), ("two", rules().connections[1]))
    }
    again = cache.get(rules().connections[1].name, "responses", frozenset(), "one", ()).text(f"{MAIL} {MAIL}").text
    elsewhere = cache.get(rules().connections[2].name, "responses", frozenset(), "one", ()).text(MAIL).text

    assert seen["one"] != seen["two"]
    assert again == f"{seen['one']} {seen['one']}"
    assert elsewhere != seen["one"]
    assert "mustermann" not in "".join([*seen.values(), again, elsewhere])


def test_a_token_is_the_sessions_on_every_connection() -> None:
    """So that what one connection showed can be named to another; in other sessions it is another one."""
    cache = MaskerCache(rules(), KEY)
    one, other = rules().connections[1:3]  # services; what a model says is its own
    seen = [
        cache.get(connection.name, where, frozenset(), session, ()).text(MAIL).text
        for connection, where, session in (
            (one, "responses", "one"), (other, "responses", "one"), (one, "model-requests", "one"),
            (one, "recordings", "one"), (one, "responses", "two"),
        )
    ]  # fmt: skip

    assert [text == seen[0] for text in seen] == [True, True, True, True, False]
    assert seen[0].startswith("<email:")


def test_findings_tell_no_value() -> None:
    """Neither their places (a masked name is masked there too) nor their digests hold it."""
    found = MASKER.json(json.dumps({MAIL: {"a": CARD}, "b": [SUPPLIED]}).encode()).findings

    assert len(found) == 3
    assert leaks(repr(found)) == []
    assert "sk-ant" not in repr(found)
    assert "mustermann" not in repr(found)


@pytest.mark.parametrize("value", [MAIL, CARD, SUPPLIED])
def test_errors_tell_no_value(value: str) -> None:
    """Whatever is refused on the way."""
    for body in (f'{{"a": "{value}", "a": 1}}', f'{{"{value}": 1, "{value}": 2}}', f'"{value}', f"[{value}]"):
        with pytest.raises(Refused) as caught:
            masked(body)
        assert value not in repr(caught.value) + str(caught.value) + caught.value.hint


@pytest.mark.parametrize("beside", ["", "\\u0000", "\\u00e9", "\\n", "\\/", "x"])
def test_an_escape_elsewhere_hides_no_value_from_its_name(beside):
    """What a value is called makes it one, however the rest is spelled; its twin is called otherwise."""
    every = Masker([MaskRule("all", detect=tuple(known_detectors()))], KEY)
    for name, value, kept in (
        ("db_password", "Tr0ub4dor-7xQ", False),
        ("colour", "Tr0ub4dor-7xQ", True),
        ("date_of_birth", "12.12.1980", False),
        ("date_of_order", "12.12.1980", True),
    ):
        body = f'[["{beside}"], {{"{name}": "{value}"}}]'.encode()
        assert (value.encode() in every.json(body, read_json(body)).body) is kept
