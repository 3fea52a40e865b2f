"""`interlock classify`: a line in, a line out; what cannot be read is said, and the rest goes on."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Interlock

from interlock.cli import _classify
from interlock.cli._classify import Answer, answer, classify_all
from interlock.engine.classify import Classifier

CLASSIFIER = Classifier()


def answers(interlock: Interlock, *lines: Any) -> tuple[int, list[dict[str, Any]]]:
    """Status and answers."""
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    done = interlock("classify", input=text)
    assert done.err == ""
    return done.code, [json.loads(line) for line in done.out.splitlines()]


def test_commands_are_classified(interlock: Interlock) -> None:
    """In their order, each with its own id, the operations with what they nest, and why."""
    code, found = answers(
        interlock,
        {"id": "a", "text": "r\\m -fr node_modules", "language": "shell"},
        {"id": [1], "text": "psql -c 'DROP TABLE x'", "language": "bash", "dialect": None, "label": "passed over"},
        {"text": "SELECT * FROM orders", "language": "SQL", "dialect": "postgres"},
    )
    assert code == 0
    assert [entry["id"] for entry in found] == ["a", [1], None]
    assert [entry["dangerous"] for entry in found] == [True, True, False]
    assert found[0]["findings"][0]["rule"] == "shell-recursive-delete"
    assert found[0]["findings"][0]["remedy"].startswith("Delete the files that are meant")
    assert found[1]["access"] == "destroy"
    inner = found[1]["operations"][0]["operations"][0]
    assert (inner["name"], inner["access"], inner["kinds"]) == ("sql.ddl", "ddl", ["drop"])
    assert (inner["place"], inner["at"]) == ("", 9)
    assert found[2]["operations"] == [
        {
            "name": "sql.read",
            "access": "read",
            "place": "",
            "at": 0,
            "kinds": ["select"],
            "tables": ["orders"],
            "reads": ["orders"],
        }
        | {"columns": found[2]["operations"][0]["columns"]}
    ]
    assert found[2]["findings"] == []


BAD = [
    ("{", "not strict JSON"),
    ("[]", "not a JSON object"),
    ('{"text": "ls", "text": "rm", "language": "shell"}', "not strict JSON"),
    ('{"text": 7, "language": "shell"}', "text must be text"),
    ('{"language": "shell"}', "text is missing"),
    ('{"text": "ls"}', "language is none that is known"),
    ('{"text": "ls", "language": "cobol"}', "language is none that is known"),
    ('{"text": "ls", "language": "sql", "dialect": 7}', "dialect must be text"),
    (
        '{"text": "ls", "language": "sql", "dialect": "postgers"}',
        "there is no dialect 'postgers' (did you mean 'postgres'?)",
    ),
    ('{"text": "ls", "language": "sql", "dialect": "ob\\u001b"}', "there is no dialect 'ob\\x1b' (known: bigquery"),
    ('{"text": "ls", "language": "shel"}', "(did you mean 'shell'?)"),
    ("[" * 5000, "nested"),
    ("\xff", "JSON"),
]


@pytest.mark.parametrize("dialect", ["oracle", "unknown", "sql", "redshift", "", None])
def test_a_database_nobody_knows_is_read_in_several(interlock: Interlock, dialect: str | None) -> None:
    """The worst reading counts, as without a dialect."""
    line = {"text": "SELECT 1 /*! ; DROP TABLE orders */", "language": "sql", "dialect": dialect}
    code, found = answers(interlock, line, {"text": "SELECT a FROM t", "language": "sql", "dialect": dialect})

    assert code == 0
    assert [(entry["access"], entry["dangerous"]) for entry in found] == [("ddl", True), ("read", False)]


@pytest.mark.parametrize(("line", "says"), BAD)
def test_bad_lines_are_told_and_the_rest_goes_on(interlock: Interlock, line: str, says: str) -> None:
    """An error with the line's number in its place, and the status says so at the end."""
    code, found = answers(interlock, {"id": 1, "text": "ls", "language": "shell"}, line,
                          {"id": 3, "text": "ls", "language": "shell"})  # fmt: skip
    assert code == 1
    assert [entry.get("line") for entry in found] == [None, 2, None]
    assert says in found[1]["error"] or "JSON" in found[1]["error"]
    assert [found[0]["id"], found[2]["id"]] == [1, 3]


def test_a_line_that_is_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is answered without having been read."""
    monkeypatch.setattr(_classify, "MAX_LINE", 100)
    shown: list[Answer] = []
    source = io.BytesIO(b'{"text": "' + b"x" * 200 + b'"}\n{"text": "ls", "language": "shell"}\n')
    assert not classify_all(CLASSIFIER, source, shown.append)
    assert [said.error for said in shown] == ["longer than 100 bytes", ""]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_line_ends_the_run(raw: bytes) -> None:
    """Whatever bytes come: an answer."""
    assert isinstance(answer(CLASSIFIER, raw, 1), Answer)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["sql", "shell", "powershell"]))
def test_no_text_ends_the_run(text: str, language: str) -> None:
    """Whatever text comes: a classification, or a line that is no JSON for its lone surrogates."""
    said = answer(CLASSIFIER, json.dumps({"text": text, "language": language}).encode(), 1)
    assert said.found is not None or "JSON" in said.error


def test_many_lines_are_quick(interlock: Interlock) -> None:
    """Nothing is set up for each line: two thousand lines of two hundred commands."""
    lines = [{"id": number, "text": f"ls file{number % 200}", "language": "shell"} for number in range(2000)]
    code, found = answers(interlock, *lines)
    assert code == 0
    assert len(found) == 2000
