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


def _found(body: str, scanner: Scanner = SCANNER):
    def spans(hits):
        return [Span(hit.start, hit.end, "redact", "all", hit.detector, hit.detector) for hit in hits]

    return [
        (leaf.location, leaf.spans[0].detector) for leaf in found_in(scanner, spans, body.encode(), json.loads(body))
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


NAMED = Scanner([KNOWN[name] for name in ("secret-value", "person-name-given", "email")])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ('{"access key": ["xK3-QPZRQ7PZRQPZRQ2PZRQ"]}', [(("access key", 0), "secret-value")]),
        ('{"access key": [1, "xK3-QPZRQ7PZRQPZRQ2PZRQ"]}', [(("access key", 1), "secret-value")]),
        ('{"access key": [["xK3-QPZRQ7PZRQPZRQ2PZRQ"]]}', [(("access key", 0, 0), "secret-value")]),
        (
            '{"password": "xK3-QPZRQ7PZRQPZRQ2PZRQ", "api key": ["yK3-QPZRQ7PZRQPZRQ2PZRQ"]}',
            [(("password",), "secret-value"), (("api key", 0), "secret-value")],
        ),
        (
            '{"to": "erika@example.com", "api key": ["erika@example.com", "yK3-QPZRQ7PZRQPZRQ2PZRQ"]}',
            [(("to",), "email"), (("api key", 0), "email"), (("api key", 1), "secret-value")],
        ),
        ('{"name": ["Erika Mustermann"]}', [(("name", 0), "person-name-given")]),
        ('{"password":\t"xK3-QPZRQ7PZRQPZRQ2PZRQ"}', [(("password",), "secret-value")]),
        ('{"password": \r\n"xK3-QPZRQ7PZRQPZRQ2PZRQ"}', [(("password",), "secret-value")]),
        ('{"password"  :          "xK3-QPZRQ7PZRQPZRQ2PZRQ"}', [(("password",), "secret-value")]),
        (
            '{"to": "erika@example.com", "api key":    {"value":\n"yK3-QPZRQ7PZRQPZRQ2PZRQ"}}',
            [(("to",), "email"), (("api key", "value"), "secret-value")],
        ),
        ('{"colours": ["xK3-QPZRQ7PZRQPZRQ2PZRQ"]}', []),
    ],
)
def test_what_an_array_is_called_speaks_of_all_in_it(body, found):
    """No name stands before the elements of an array, nor at once before what stands apart from it, so a pattern that
    begins with what follows a name does not occur.
    """
    assert _found(body, NAMED) == found
