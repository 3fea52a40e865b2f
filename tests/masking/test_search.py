"""The texts of a document in which something is found. tests/masking/test_every_document.py compares all of it."""

from __future__ import annotations

import json

import pytest

from interlock.masking.actions import Span
from interlock.masking.rules import known_detectors
from interlock.masking.scan import Scanner
from interlock.masking.search import found_in

KNOWN = known_detectors()
SCANNER = Scanner([KNOWN[name] for name in ("credit-card", "email", "postal-address", "private-key")])


def _found(body: str):
    def spans(hits):
        return [Span(hit.start, hit.end, "redact", "all", hit.detector, hit.detector) for hit in hits]

    return [
        (leaf.location, leaf.spans[0].detector) for leaf in found_in(SCANNER, spans, body.encode(), json.loads(body))
    ]


@pytest.mark.parametrize(
    "number",
    ["4111111111111111", "4.111111111111111e15", "4111111111111111.0", "4.111111111111111E+15", "4111111111111111.00"],
)
def test_a_number_is_what_it_says_however_it_is_spelled(number):
    """Spreadsheets write cards as numbers with an exponent; alone, in an array and beside strings."""
    assert _found(number) == [((), "credit-card")]
    assert _found(f'{{"a": [1, {number}]}}') == [(("a", 1), "credit-card")]


@pytest.mark.parametrize("escaped", ["erika\\u0040example.com", "erika@example.com\\n", "a \\/ erika@example.com"])
def test_escapes_hide_nothing(escaped):
    """A value is found in what the text means."""
    assert _found(f'["x", "{escaped}"]') == [((1,), "email")]


def test_a_name_is_asked_for_wherever_a_text_stands():
    """What a value is called makes it one, whatever escapes the rest of the document has."""
    for beside in ("", "\\u0000", "\\n", "\\u00e9"):
        assert _found(f'[["{beside}"], {{"address line": "12 Main St"}}]') == [((1, "address line"), "postal-address")]


def test_nothing_is_found_in_nothing():
    """No detectors, no work."""
    assert found_in(Scanner([]), lambda hits: [], b"[1]", [1]) == []
