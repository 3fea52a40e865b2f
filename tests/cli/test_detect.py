"""`interlock detect`: a line in, a line out; what cannot be read is said, and the rest goes on."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Interlock

from interlock.cli import _detect
from interlock.cli._detect import Answer, answer, chosen, detect_all, document
from interlock.errors import InterlockError

SEARCH = chosen("", "medium")


def answers(interlock: Interlock, *lines: Any, more: tuple[str, ...] = ()) -> tuple[int, list[dict[str, Any]]]:
    """Status and answers."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = interlock("detect", *more, input=text)
    assert done.err == ""
    return done.code, [json.loads(line) for line in done.out.splitlines()]


def test_values_are_found_with_their_places(interlock: Interlock) -> None:
    """In their order, in code points, also behind characters of several bytes."""
    text = "é😀 erika@example.com, card 4111 1111 1111 1111"
    code, (found,) = answers(interlock, {"id": "a", "text": text, "label": "passed over"})
    assert code == 0
    assert found["id"] == "a"
    assert [text[one["start"] : one["end"]] for one in found["findings"]] == [
        "erika@example.com",
        "4111 1111 1111 1111",
    ]
    assert found["findings"][0] == {"start": 3, "end": 20, "detector": "email", "confidence": "high"}


def test_a_value_is_found_as_it_reads(interlock: Interlock) -> None:
    """Escapes that stand in a text are undone, and the place is that of the text as it stands."""
    text = '{"mail":"erika\\u0040example.com"}'
    _, (found,) = answers(interlock, {"text": text})
    assert [text[one["start"] : one["end"]] for one in found["findings"]] == ["erika\\u0040example.com"]


def test_detectors_and_confidence_are_chosen(interlock: Interlock) -> None:
    """Only what is asked for, and only when it is sure enough."""
    line = {"text": "erika@example.com from 192.0.2.17"}
    assert answers(interlock, line, more=("--detectors", "ipv4"))[1][0]["findings"][0]["detector"] == "ipv4"
    assert len(answers(interlock, line, more=("--min-confidence", "high"))[1][0]["findings"]) == 1


@pytest.mark.parametrize(
    ("names", "least", "hint"),
    [
        ("emial", "high", "did you mean 'email'?"),
        ("e-mail", "high", "did you mean 'email'?"),
        ("!", "high", "known: "),
        ("email", "hgih", "did you mean 'high'?"),
        ("email", "total", "known: "),
    ],
)
def test_what_does_not_exist_is_said(names: str, least: str, hint: str) -> None:
    """A misspelt detector would find nothing; the one that was probably meant is named."""
    with pytest.raises(InterlockError) as caught:
        chosen(names, least)
    assert caught.value.hint.startswith(hint)


BAD = [
    ("{", "not strict JSON"),
    ("[]", "not a JSON object"),
    ('{"text": "a", "text": "b"}', "not strict JSON"),
    ('{"text": 7}', "text must be text"),
    ("{}", "text is missing"),
    ("[" * 5000, "JSON"),
]


@pytest.mark.parametrize(("line", "says"), BAD, ids=range(len(BAD)))
def test_bad_lines_are_told_and_the_rest_goes_on(interlock: Interlock, line: str, says: str) -> None:
    """An error with the line's number in its place, and the status says so at the end."""
    code, found = answers(interlock, {"id": 1, "text": "ls"}, line, {"id": 3, "text": "ls"})
    assert code == 1
    assert [entry.get("line") for entry in found] == [None, 2, None]
    assert says in found[1]["error"] or "nested" in found[1]["error"]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered without having been read."""
    monkeypatch.setattr(_detect, "MAX_LINE", 100)
    shown: list[Answer] = []
    source = io.BytesIO(b'{"text": "' + b"x" * 200 + b'"}\n{"text": "ls"}\n')
    assert not detect_all(SEARCH, source, shown.append)
    assert [said.error for said in shown] == ["longer than 100 bytes", ""]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_findings_never_overlap(text: str) -> None:
    """Whatever text comes: places in it, in order, apart from each other."""
    said = answer(SEARCH, json.dumps({"text": text + " a@example.com"}).encode(), 1)
    assert said.findings or "JSON" in said.error
    ends = [0, *(found.end for found in said.findings)]
    assert all(end <= found.start < found.end for end, found in zip(ends, said.findings, strict=False))


def test_the_surer_and_the_longer_of_two_is_told() -> None:
    """A key of one service that another's pattern knows, too, is told once."""
    said = answer(SEARCH, json.dumps({"text": "sk-ant-api03-" + "aB3_" * 8}).encode(), 1)
    assert len(document(said)["findings"]) == 1  # type: ignore[arg-type]
