"""Answers of the Gemini API, whole, as an array and as events: judged alike."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.model import JSON, Operation, Refusal
from interlock.protocols.body import read_json
from interlock.protocols.gemini_reader import GeminiReader, GeminiStream
from interlock.protocols.replies import Treatment
from interlock.protocols.sse import EventParser
from interlock.reasons import Reason

type Make = Callable[..., Treatment]

SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EVIL: JSON = {"functionCall": {"id": "f", "name": "Bash", "args": {"command": "rm -rf /"}}, "thoughtSignature": "c2ln"}
LOOK: JSON = {"functionCall": {"name": "Look", "args": {"command": "ls"}}, "thoughtSignature": "c2ln"}


def piece(*parts: JSON, finish: str = "", **more: JSON) -> dict[str, JSON]:
    """One document."""
    candidate: dict[str, JSON] = {"content": {"role": "model", "parts": [*parts]}, "index": 0, **more}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "modelVersion": "g", "usageMetadata": {"totalTokenCount": 3}}


def events(*documents: JSON) -> bytes:
    """As server-sent events."""
    return b"".join(b"data: " + json.dumps(told).encode() + b"\r\n\r\n" for told in documents)


def run(treatment: Treatment, body: bytes, sizes: list[int] | None = None) -> tuple[bytes, str]:
    """What goes on of a stream, and why it ended early."""
    stream, out, at = GeminiStream(treatment), b"", 0
    try:
        for size in [*(sizes or []), len(body)]:
            out += stream.feed(body[at : at + size])
            at += size
        return out + stream.close(), ""
    except InterlockError as error:
        return out, str(error.reason)


def whole(treatment: Treatment, document: JSON) -> JSON:
    """What goes on of a whole answer."""
    body = json.dumps(document).encode()
    return read_json(GeminiReader(treatment).whole(200, body, lambda: read_json(body)) or b"null")


def parts(body: bytes) -> list[JSON]:
    """The parts that a client ends up with."""
    documents = [json.loads(event.data) for event in EventParser().feed(body) if event.data]
    return [
        part
        for told in documents
        for candidate in told.get("candidates", [])
        for part in candidate.get("content", {}).get("parts", [])
    ]


PERMITTED = {
    "text": events(piece({"text": "Hel"}), piece({"text": "lo"}, finish="STOP")),
    "a call": events(piece(LOOK, finish="STOP")),
    "thought, text and calls": events(
        piece({"text": "hm", "thought": True}),
        piece({"text": "so"}, LOOK, {"functionCall": {"name": "Look"}}, finish="STOP"),
    ),
    "an end alone": events(piece({"text": "a"}), {"candidates": [{"finishReason": "STOP", "index": 0}]}),
    "blocked": events({"promptFeedback": {"blockReason": "SAFETY"}}),
    "code at the provider": events(piece({"executableCode": {"code": "x"}}, {"codeExecutionResult": {"output": "y"}})),
}


@pytest.mark.parametrize("name", PERMITTED)
def test_what_is_permitted_goes_on_untouched(treatment: Make, name: str) -> None:
    """The very bytes that came, however they were cut."""
    body = PERMITTED[name]

    assert run(treatment("tool.use:Bash"), body) == (body, "")
    assert run(treatment("tool.use:Bash"), body, [1] * len(body)) == (body, "")


def test_a_forbidden_call_becomes_text(treatment: Make) -> None:
    """Without its signature; what stands beside it stays."""
    seen: list[tuple[Operation, ...]] = []
    out, _ = run(treatment("tool.use:Bash", seen=seen), events(piece({"text": "so"}, EVIL, LOOK, finish="STOP")))
    text, said, look = parts(out)

    assert (text, look) == ({"text": "so"}, LOOK)
    assert list(said) == ["text"]
    assert "It is forbidden." in said["text"]
    assert [found.nested[0].text for (found,) in seen] == ["rm -rf /", "ls"]
    assert seen[0][0].place == "/candidates/0/content/parts/1"


@pytest.mark.parametrize("wrap", [lambda told: told, lambda told: [told], lambda told: [piece({"text": "a"}), told]])
def test_the_whole_twins_are_judged_alike(treatment: Make, wrap: Callable[[JSON], JSON]) -> None:
    """One document, or an array that grew."""
    told = json.dumps(whole(treatment("tool.use:Bash"), wrap(piece(EVIL, finish="STOP"))))

    assert "It is forbidden." in told
    assert "rm -rf" not in told
    assert whole(treatment(), wrap(piece(EVIL, finish="STOP"))) == wrap(piece(EVIL, finish="STOP"))


ODD = {
    "snake case": {"function_call": {"name": "Bash", "args": {"command": "rm -rf /"}}},
    "another case": {"FunctionCall": {"name": "Bash", "args": {"command": "rm -rf /"}}},
    "in pieces": {
        "functionCall": {"name": "Bash", "partialArgs": [{"jsonPath": "$.command", "stringValue": "rm -rf /"}]}
    },
    "to be continued": {"functionCall": {"name": "Bash", "willContinue": True}},
    "args as text": {"functionCall": {"name": "Bash", "args": '{"command": "rm -rf /"}'}},
    "args as a list": {"functionCall": {"name": "Bash", "args": ["rm -rf /"]}},
    "no text as id": {"functionCall": {"id": {"command": "rm -rf /"}, "name": "Look"}},
    "no name": {"functionCall": {"args": {"command": "rm -rf /"}}},
    "no object": {"functionCall": "rm -rf /"},
    "beside text": {"text": "x", "functionCall": {"name": "Bash", "args": {"command": "rm -rf /"}}},
    "more than a call": {"functionCall": {"name": "Bash", "args": {}, "input": "rm -rf /"}},
}


@pytest.mark.parametrize("name", ODD)
def test_a_call_in_another_shape_is_judged_or_stopped(treatment: Make, name: str) -> None:
    """What nobody can read is stopped even where it is permitted; of the rest the rules decide."""
    out, _ = run(treatment("tool.use:Bash"), events(piece(ODD[name], finish="STOP")))

    assert b"rm -rf" not in out
    assert [list(part) for part in parts(out)] == [["text"]]


BROKEN: dict[str, JSON] = {
    "two spellings": piece({"functionCall": {"name": "Look"}, "function_call": {"name": "Bash"}}),
    "candidates twice": {"candidates": [], "Candidates_": [{"content": {"parts": [EVIL]}}]},
    "candidates as an object": {"candidates": {"content": {"parts": [EVIL]}}},
    "parts as an object": {"candidates": [{"content": {"parts": EVIL}}]},
    "a call beside the candidates": {"functionCall": {"name": "Bash", "args": {"command": "rm -rf /"}}},
    "a call beside the content": {"candidates": [{"functionCall": {"name": "Bash"}, "content": {"parts": []}}]},
    "a call beside the parts": {"candidates": [{"content": {"parts": [], "functionCall": {"name": "Bash"}}}]},
    "a call inside another part": piece({"toolCall": {"name": "Bash", "args": {"command": "rm -rf /"}}}),
    "calls in the plural": piece({"functionCalls": [{"name": "Bash"}]}),
    "a negative index": piece(EVIL, index=-1),
    "a list": [piece(EVIL)],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_no_client_expects_ends_the_stream(treatment: Make, name: str) -> None:
    """And the whole twin is refused."""
    out, reason = run(treatment(), events(BROKEN[name]))

    assert reason in (Reason.STREAM_UNREADABLE, Reason.BODY_UNPARSABLE, Reason.BODY_AMBIGUOUS)
    assert out == b""


def test_only_data_lines_go_on(treatment: Make) -> None:
    """One client takes every other line for a document of its own."""
    told = json.dumps(piece({"text": "a"})).encode()
    hidden = json.dumps(piece(EVIL)).encode()
    out, _ = run(treatment(), b": " + hidden + b"\n\nid: " + hidden + b"\nevent: x\ndata:" + told + b"\n\n")

    assert out == b"data: " + told + b"\n\n"


def test_text_is_masked_across_documents(masking: Make) -> None:
    """Thoughts have a masker of their own; what is held comes before a call and before the end."""
    documents = [piece({"text": "cle", "thought": True}), piece({"text": "an", "thought": True})]
    documents += [
        piece({"text": "so cle"}),
        piece({"text": "an"}, {**LOOK, "functionCall": {"name": "Look", "args": {"a": "clean"}}}),
    ]
    documents += [piece({"text": "cle"}, logprobsResult={"x": 1}), piece({"text": "an"}, finish="STOP")]
    told = [part for part in parts(run(masking(), events(*documents))[0]) if part.get("text") != ""]

    assert [part.get("text") for part in told] == ["*****", "so *****", None, "*****"]
    assert told[0]["thought"] is True
    assert told[2]["functionCall"]["args"] == {"a": "*****"}
    assert told[2]["thoughtSignature"] == "c2ln"


def test_what_stands_beside_the_parts_is_masked(masking: Make) -> None:
    """No client shows it, and it goes on all the same."""
    told = piece({"text": "a"}, finish="STOP")
    told["candidates"][0]["content"]["title"] = "clean"  # type: ignore[index, call-overload]

    assert b"clean" not in run(masking(), events(told))[0]


def test_what_is_held_at_the_end_goes_on(masking: Make) -> None:
    """Also where no end came; and in the array that grew."""
    assert parts(run(masking(), events(piece({"text": "cle"}), piece({"text": "an"})))[0])[-1] == {"text": "*****"}
    told = whole(masking(), [piece({"text": "cle"}), piece({"text": "an"})])
    assert "*****" in json.dumps(told)
    assert "clean" not in json.dumps(told)


def test_a_stream_that_says_it_is_json_is_read_as_a_stream(treatment: Make) -> None:
    """Clients that asked for events read them, whatever the type says."""
    reader = GeminiReader(treatment("tool.use:Bash"))
    out = reader.whole(200, events(piece(EVIL)), lambda: None) or b""

    assert b"rm -rf" not in out
    assert b"It is forbidden." in out
    assert reader.whole(502, b"<html>", lambda: None) is None


def test_last_words_are_an_error_that_the_client_raises() -> None:
    """It looks at how the document begins."""
    said = GeminiReader(None).last_words(Refusal("forbidden", "No.", reference="run/7"))  # type: ignore[arg-type]

    assert said.startswith(b'data: {"error":{"code":403,"message":"Interlock stopped')
    assert b"run/7" in said


ALL = {
    **PERMITTED,
    **{name: events(piece(told)) for name, told in ODD.items()},
    **{name: events(told) for name, told in BROKEN.items()},
}


@SLOW
@given(
    name=st.sampled_from(sorted(ALL)),
    sizes=st.lists(st.integers(1, 90), max_size=40),
    word=st.sampled_from(["", "tool.use:Bash", "tool.use:Look"]),
)
def test_any_chunking_gives_the_same(masking: Make, name: str, sizes: list[int], word: str) -> None:
    """The same operations and the same bytes."""
    one: list[tuple[Operation, ...]] = []
    two: list[tuple[Operation, ...]] = []

    assert run(masking(word, seen=one), ALL[name]) == run(masking(word, seen=two), ALL[name], sizes)
    assert one == two


NAMES = [
    "candidates",
    "content",
    "parts",
    "functionCall",
    "function_call",
    "name",
    "args",
    "text",
    "index",
    "finishReason",
]


@SLOW
@given(
    st.recursive(
        st.none() | st.integers(-1, 2) | st.sampled_from(["Bash", "clean"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
        max_leaves=15,
    )
)
def test_any_document_gives_an_answer_or_our_own_error(masking: Make, document: JSON) -> None:
    """Whatever its members hold, whole or in an event."""
    run(masking("tool.use:Bash"), events(document))
    try:
        whole(masking("tool.use:Bash"), {"candidates": document})
    except InterlockError:
        return


TEXTS = (
    {"text": "a clean"},
    {"text": " word"},
    {"text": ""},
    {"text": "x", "thought": True},
    {"text": 7},
    LOOK,
    EVIL,
    {},
)


@SLOW
@given(pieces=st.lists(st.sampled_from(TEXTS), max_size=6), index=st.sampled_from((0, 1, -1, "0", 200)))
def test_a_text_alone_is_treated_as_it_is_among_others(masking: Make, pieces: list[JSON], index: JSON) -> None:
    """What is recognised at once, and what is looked through, come to the same: texts, calls, and what is refused."""

    def told(**more: JSON) -> tuple[list[JSON], str]:
        documents = [{**piece(part), "usageMetadata": None, **more} for part in pieces]
        for document in documents:
            del document["usageMetadata"]
            document["candidates"][0]["index"] = index
        out, why = run(masking("tool.use:Bash"), events(*documents))
        return [
            {name: value for name, value in json.loads(event.data or b"{}").items() if name != "createTime"}
            for event in EventParser().feed(out)
        ], why

    assert told() == told(createTime="2030-01-01T00:00:00Z")


@pytest.mark.parametrize("more", [{"modelVersion": {"functionCall": {"name": "Bash"}}}, {"responseId": [EVIL]}])
def test_a_call_beside_a_text_is_no_usual_document(treatment: Make, more: dict[str, JSON]) -> None:
    """Whatever the name of the member that holds it."""
    assert run(treatment(), events({**piece({"text": "a"}), **more})) == (b"", Reason.BODY_UNPARSABLE)
