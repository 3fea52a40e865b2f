"""Tests for interlock.masking.tabled: tables in strings are masked by what heads their columns."""

from __future__ import annotations

import json

import pytest

from interlock.errors import BodyRejected
from interlock.masking import Masker, MaskRule, known_detectors, tables
from interlock.paths import compile_path

KEY = b"k" * 32
ALL = Masker([MaskRule("all", detect=tuple(known_detectors()))], KEY)
NAMED = Masker([MaskRule("named", fields=frozenset(("ssn", "plan")))], KEY)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("id,full_name,dob\n1,Erika Mustermann,1964-08-12\n2,Max Muster,1971-01-02\n",
         ("Erika Mustermann", "1964-08-12", "Max Muster", "1971-01-02")),
        (" id | nachname   | telefon\n----+------------+---------\n  1 | Mustermann | 2125550147\n(1 row)\n",
         ("Mustermann", "2125550147")),
        ("id;iban;password\n1;DE89370400440532013000;hunter2-X9\n", ("DE89370400440532013000", "hunter2-X9")),
    ],
)  # fmt: skip
def test_what_a_column_is_called_speaks_of_its_cells(table: str, values: tuple[str, ...]) -> None:
    """In a string of a document, wherever it stands, and in a plain text."""
    document = {"content": [{"type": "text", "text": table}], "other": "a\nb"}
    masked = ALL.json(json.dumps(document).encode())
    shown = json.loads(masked.body)["content"][0]["text"]
    assert not [value for value in values if value in shown]
    assert shown.splitlines()[0] == table.splitlines()[0]
    assert {found.place for found in masked.findings} == {"/content/0/text"}
    assert not [value for value in values if value in ALL.fields(table, "text").text]


def test_a_rule_that_names_fields_names_columns() -> None:
    """Case and separators aside, as for members; all else keeps its bytes."""
    table = 'id,S-S-N,plan\n1,"078-05-1120",team\n2,,free\n'
    masked = NAMED.json(json.dumps({"out": table}).encode())
    assert json.loads(masked.body) == {
        "out": 'id,S-S-N,plan\n1,"[redacted:named]",[redacted:named]\n2,,[redacted:named]\n'
    }


def test_prose_with_commas_is_no_table() -> None:
    """Nothing is masked because a first line happens to hold a word."""
    body = json.dumps({"text": "name, password and so on\nare asked for\nby the form, later"}).encode()
    assert ALL.json(body).body is body
    assert NAMED.json(body).body is body


def test_a_line_may_end_in_an_escape_of_any_spelling() -> None:
    """JSON has more than one for it."""
    for end in ("\\n", "\\u000a", "\\u000A"):
        body = '{"out": "id,ssn,plan§1,078-05-1120,team§2,219-09-9999,free§"}'.replace("§", end).encode()
        assert b"078-05-1120" not in NAMED.json(body).body
        assert b"219-09-9999" not in NAMED.json(body).body


def test_a_long_table_is_masked_to_its_end_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Never left as it is because there is much of it."""
    table = "id,ssn,x\n" + "".join(f"{number},secret-{number},y\n" for number in range(21_000))
    body = json.dumps({"out": table}).encode()
    assert b"secret-" not in NAMED.json(body).body
    monkeypatch.setattr(tables, "_MOST_CELLS", 1000)
    with pytest.raises(BodyRejected, match="more cells than are searched"):
        NAMED.json(body)


def test_a_name_that_is_masked_on_the_way_to_a_value_hides_nothing() -> None:
    """Names, and what stands below them, in one body."""
    masker = Masker([MaskRule("all", detect=("email",)), MaskRule("ways", paths=(compile_path("$..pw"),))], KEY)
    shown = json.loads(masker.json(b'{"a@example.com":{"pw":5},"x":{"pw":6}}').body)
    assert list(shown.values()) == [{"pw": "[redacted:ways]"}, {"pw": "[redacted:ways]"}]
    assert "a@example.com" not in shown
