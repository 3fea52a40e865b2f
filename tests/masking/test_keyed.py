"""Values that are known by what they are called."""

from __future__ import annotations

import json

from interlock.masking import Masker, MaskRule
from interlock.masking.keyed import Keyed, name_of
from interlock.masking.leaves import Leaf
from interlock.masking.screen import Words


def _found(document: object) -> set[tuple[object, ...]]:
    return {leaf.location for leaf in Keyed(Words([("bsn", "date of birth")])).leaves(document)}


def test_a_name_reaches_its_value_lists_in_it_and_one_name_further():
    """`{"passport": {"number": ...}}` is a passport's number, what lies deeper is not."""
    document = {"BSN": {"number": "a", "more": {"deep": "b"}}, "dateOfBirth": ["c", 1], "x": "d", "_bsn_2": 123456782}
    assert _found(document) == {("BSN", "number"), ("dateOfBirth", 0), ("_bsn_2",)}
    assert _found("bsn") == set()


def test_names_are_remembered_within_bounds():
    """Ever new names do not grow the memory without end, and long ones are not kept."""
    keyed = Keyed(Words([("bsn",)]))
    list(keyed.leaves({f"k{number}": 1 for number in range(25_000)} | {"k" * 1000: 1}))
    assert len(keyed._known) <= 10_000
    assert all(len(name) <= 200 for name in keyed._known)


def test_a_value_is_called_by_its_last_names():
    """Indices are no names, and a name has none."""
    assert name_of(Leaf(("a", "passport", 0, "number"), "x")) == b"passport number"
    assert name_of(Leaf(("a",), "a", True)) == b""
    assert name_of(Leaf((), "x")) == b""


def test_a_documents_values_are_masked_by_their_names():
    """Strings, numbers and lists, in small bodies and in large ones, with escapes and without."""
    masker = Masker([MaskRule("r", detect=("nl-bsn", "secret-value", "us-ssn-bare", "person-name"))], b"k" * 32)
    body = {
        "bsn": "123456782",
        "order": "123456782",
        "person": {"ssn": 123456789, "first_name": "Erika"},
        "db_password": "hunter2-X9",
        "customerBsn": "111222333",
        "passport": [{"note": 'a "quoted" text'}],
        "bsns": ["111222333"],
    }
    for more in ({}, {"x": 'y"z'}, {"long": ["plain words"] * 2000}):
        masked = json.loads(masker.json(json.dumps(body | more).encode()).body)
        assert masked == body | more | {
            "bsn": "[redacted:nl-bsn]",
            "person": {"ssn": "[redacted:us-ssn]", "first_name": "[redacted:person-name]"},
            "db_password": "[redacted:secret-value]",
            "customerBsn": "[redacted:nl-bsn]",
            "bsns": ["[redacted:nl-bsn]"],
        }
