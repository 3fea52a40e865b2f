"""`interlock mask`: a line in, a line out; what was not chosen keeps its bytes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Interlock

from interlock.cli import _mask
from interlock.cli._mask import Answer, answer, chosen_by, mask_all

OWN = chosen_by(None, "", "", frozenset(), b"k" * 32)


def masked(doc: str, *rules: str, action: str = "redact") -> str:
    """The document's bytes after a line with these rules."""
    line = f'{{"id":1,"doc":{doc},"rules":{json.dumps(rules)},"with":"{action}"}}'
    said = answer(OWN, line.encode(), 1)
    assert said.error == ""
    assert said.doc is not None
    return said.doc.decode()


@pytest.mark.parametrize(
    ("doc", "rules", "action", "expected"),
    [
        ('{"a": 1.50, "b":1E2}', ["$.a"], "nullify", '{"a": null, "b":1E2}'),
        ('{"a":1e400,"b":-0}', ["$.b"], "redact", '{"a":1e400,"b":"[redacted:mask]"}'),
        ("[1e400]", ["$[0]"], "nullify", "[null]"),
        (f"[{'9' * 5000},2]", ["$[1]"], "drop", f"[{'9' * 5000}]"),
        ("[1, 2 ,3]", ["$[0]", "$[2]"], "drop", "[2]"),
        ("[1,2,3]", ["$[*]"], "drop", "[]"),
        ('{"a":[1,[2,3]]}', ["$.a", "$.a[1][0]", "$..[1]"], "drop", "{}"),
        ('{"a":[1,[2,3]]}', ["$.a[1][0]", "$..[1]"], "nullify", '{"a":[1,null]}'),
        ('{"a":[1,2],"b":{"a":3}}', ["$..a", "$..a[0]"], "nullify", '{"a":null,"b":{"a":null}}'),
        ('{"a":null,"b":true}', ["$.*"], "last4", '{"a":"[redacted:mask]","b":"[redacted:mask]"}'),
        ('{"a":null,"b":false}', ["$.a", "$.b"], "nullify", '{"a":null,"b":null}'),
        ('{"k":"4111111111111111"}', ["$.k"], "last4", '{"k":"****1111"}'),
        ('{"k":4111111111111111}', ["$.k"], "last4", '{"k":"****1111"}'),
        (r'{"\u006b":"x","n":"\u00e9\/"}', ["$.k"], "drop", r'{"n":"\u00e9\/"}'),
        ('{"t":[{"type":"ssn","v":1},{"type":"id","v":2}]}', ["$.t[?@.type=='ssn'].v"], "drop",
         '{"t":[{"type":"ssn"},{"type":"id","v":2}]}'),
        ('{"t":["ab","b"]}', ["$.t[?match(@, 'a.*') || length(@) > 5]"], "nullify", '{"t":[null,"b"]}'),
        ('"x"', ["$"], "redact", '"[redacted:mask]"'),
        ('{"a":1}', ["$"], "drop", "null"),
        ('{"A":1,"a":2}', ["$.a"], "drop", '{"A":1}'),
        ('{"a": 1}', ["$.b"], "drop", '{"a": 1}'),
        ('{"a":"erika@example.com"}', [], "drop", '{"a":"erika@example.com"}'),
    ],
)  # fmt: skip
def test_only_what_was_chosen_changes(doc: str, rules: list[str], action: str, expected: str) -> None:
    """Numbers keep their spelling, deletions take one comma with them, overlapping choices are one."""
    assert masked(doc, *rules, action=action) == expected


def test_equal_values_have_equal_hashes_in_one_run() -> None:
    """A hash is keyed, so that two rows can be compared and nobody can guess."""
    one, other, third = json.loads(masked('["a","a","b"]', "$[*]", action="hash"))
    assert one == other != third
    assert one.startswith("<mask:")


def test_lines_are_answered_in_order(interlock: Interlock) -> None:
    """Documents, texts, both; detectors where nothing is chosen; findings with their places."""
    lines = [
        {"id": "a", "doc": {"to": "erika@example.com", "n": 1}},
        {"id": [2], "text": "Write to erika@example.com.", "with": "last4"},
        {"doc": {"SSN": "x"}, "text": "erika@example.com", "fields": ["s-s-n"], "detect": ["email"]},
    ]
    done = interlock("mask", input="".join(json.dumps(line) + "\n" for line in lines))
    assert (done.code, done.err) == (0, "")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert found[0] == {
        "id": "a",
        "doc": {"to": "[redacted:email]", "n": 1},
        "findings": [
            {"rule": "mask", "detector": "email", "place": "/to", "action": "redact", "confidence": "high"},
        ],
    }
    assert (found[1]["id"], found[1]["text"], found[1]["findings"][0]["place"]) == (
        [2],
        "Write to ****.com.",
        "offset 9",
    )
    assert (found[2]["id"], found[2]["doc"], found[2]["text"]) == (None, {"SSN": "[redacted:mask]"}, "[redacted:email]")


BAD = [
    ("{", "not a JSON object"),
    ("[]", "not a JSON object"),
    ('{"id":7}', "neither doc nor text"),
    ('{"id":7,"doc":{"a":1,"a":2},"rules":["$.a"]}', "stands twice"),
    ('{"id":7,"doc":{"a":1,"\\u0061":2},"rules":[]}', "stands twice"),
    ('{"id":7,"doc":1,"doc":2,"rules":[]}', "stands twice"),
    ('{"id":7,"doc":NaN}', "not a JSON object"),
    ('{"id":7,"text":7}', "text must be text"),
    ('{"id":7,"doc":1,"rules":"$"}', "rules must be a list"),
    ('{"id":7,"doc":1,"rules":[7]}', "rules must be a list"),
    ('{"id":7,"doc":1,"rules":["$["]}', "is not complete"),
    ('{"id":7,"doc":1,"rules":["$"],"with":"burn"}', "known: drop"),
    ('{"id":7,"doc":1,"rules":["$"],"with":["drop"]}', "known: drop"),
    ('{"id":7,"doc":1,"detect":["mood"]}', "no detector"),
    ('{"id":7,"doc":1,"fields":["--"]}', "letter or digit"),
    ('{"id":7,"doc":' + "[" * 100_000 + "]" * 100_000 + "}", "nested"),
    ('{"id":7,"doc":' + "[" * 900 + '{"a":1}' + "]" * 900 + ',"rules":["$..a"]}', "nested"),
]


@pytest.mark.parametrize(("line", "error"), BAD, ids=range(len(BAD)))
def test_a_bad_line_is_said_and_the_next_one_is_answered(interlock: Interlock, line: str, error: str) -> None:
    """Status 1, the line's number and id, and what is wrong with it."""
    done = interlock("mask", input=line + '\n{"id": 8, "doc": 1, "rules": []}\n')
    said, good = (json.loads(one) for one in done.out.splitlines())
    assert done.code == 1
    assert said["line"] == 1
    assert said["id"] == (7 if "7" in line else None)
    assert error in said["error"]
    assert good == {"id": 8, "doc": 1, "findings": []}


RULES = """
version: 1
connections:
  - {name: crm, protocol: http, hosts: ["https://crm.example.com"]}
  - {name: claude, protocol: anthropic, hosts: ["https://api.anthropic.com"]}
masking:
  - {id: names, path: $..name, with: drop}
  - {id: cards, detect: [credit-card], with: last4, apply: when-named}
"""


def test_rules_of_a_connection_say_what_is_masked(interlock: Interlock, tmp_path: Path) -> None:
    """What is hidden is what the gateway would hide; what the model's API needs stays."""
    (tmp_path / "rules.yaml").write_text(RULES)
    line = json.dumps({"id": 1, "doc": {"messages": [{"role": "user", "content": [{"type": "text", "name": "x"}]}]}})
    options = ("--rules", str(tmp_path), "--on")
    assert json.loads(interlock("mask", *options, "crm", input=line).out)["findings"][0]["rule"] == "names"
    kept = interlock("mask", *options, "claude", "--where", "model-requests", input=line)
    assert json.loads(kept.out)["findings"] == []
    card = json.dumps({"text": "4111 1111 1111 1111"})
    assert json.loads(interlock("mask", *options, "crm", "--mask", "cards", input=card).out)["text"] == "****1111"
    assert json.loads(interlock("mask", *options, "crm", input=card).out)["text"] == "4111 1111 1111 1111"
    both = interlock("mask", *options, "crm", input='{"doc":1,"rules":["$"]}')
    assert (both.code, "leave one" in both.out) == (1, True)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["--on", "crm"], "give both"),
        (["--rules", "{rules}"], "needs --on"),
        (["--rules", "{rules}", "--on", "x"], "no connection"),
        (["--rules", "{rules}", "--on", "crm", "--where", "x"], "no place"),
        (["--rules", "{rules}", "--on", "crm", "--mask", "x"], "no masking rule"),
        (["--key-file", "{rules}/none"], "cannot be read"),
        (["--key-file", "{rules}/short"], "16 bytes"),
    ],
)
def test_options_that_say_nothing_are_errors(
    interlock: Interlock, tmp_path: Path, options: list[str], error: str
) -> None:
    """Before the first line is read, with what to write instead."""
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "short").write_bytes(b"x")
    done = interlock("mask", *(option.replace("{rules}", str(tmp_path)) for option in options), input="")
    assert done.code == 1
    assert error in done.err


def test_a_key_file_makes_hashes_of_two_runs_equal(interlock: Interlock, tmp_path: Path) -> None:
    """Without it they differ."""
    (tmp_path / "key").write_bytes(b"k" * 32)
    line = '{"doc":["a"],"rules":["$[0]"],"with":"hash"}'
    runs = [interlock("mask", "--key-file", str(tmp_path / "key"), input=line).out for _ in range(2)]
    assert runs[0] == runs[1]
    assert interlock("mask", input=line).out != interlock("mask", input=line).out


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and the rest goes on."""
    monkeypatch.setattr(_mask, "MAX_LINE", 100)
    said: list[Answer] = []
    assert not mask_all(OWN, io.BytesIO(b'{"doc":"' + b"x" * 200 + b'"}\n{"id":2,"doc":1}\n'), said.append)
    assert [(one.line, bool(one.error)) for one in said] == [(1, True), (2, False)]


@given(line=st.binary(max_size=60) | st.text(alphabet='{}[]":,idoctexrulswh$.*1e ', max_size=60).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_no_line_is_a_crash(line: bytes) -> None:
    """Whatever the bytes, there is an answer of one line of JSON."""
    said: Any = json.loads(answer(OWN, line, 1).encoded())
    assert "findings" in said or said["error"]
