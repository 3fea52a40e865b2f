"""What must stand in a body for a path to select something."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from tests.paths.test_compile import COMPILED, documents

from interlock.paths import PathSet, compile_path


@pytest.mark.parametrize(
    ("text", "needles"),
    [
        ("$..card.number", {b'"card"', b'"number"'}),
        ("$['größe']", {'"größe"'.encode()}),
        ("$..[?@.type=='ssn'].value", {b'"type"', b'"ssn"', b'"value"'}),
        ("$..[?'ssn'==@.type && @.b > 'x']", {b'"type"', b'"ssn"', b'"b"'}),
        ("$..[?@.a[?@.b]]", {b'"a"', b'"b"'}),
        *((text, set()) for text in ("$", "$..*", "$[0]", "$['a',0]", "$['a\"']", "$['a/b']", r"$['\\']")),
        *((text, set()) for text in ("$[?@.a!='x']", "$[?!@.a]", "$[?@.a==@.b]", "$[?@.a<=@.b]", "$[?@.a || @==1]")),
        *((text, set()) for text in ("$[?count(@.a)==0]", "$[?!(@.a=='x')]", "$[?@==1]", "$[?@.a<='x']")),
        ("$[?@.a==1]", {b'"a"'}),
    ],
)  # fmt: skip
def test_only_what_is_needed_for_sure_is_a_needle(text, needles):
    """Names on the way, and text that must be equal; never what may be missing, nor what may be spelled otherwise."""
    assert compile_path(text).needles == {frozenset([needle]) for needle in needles}


@pytest.mark.parametrize(
    ("text", "needle"),
    [("$['a','b']", {b'"a"', b'"b"'}), ("$..[?@.a || @.b=='x']", {b'"a"', b'"b"'}), ("$[?@.a,'c']", {b'"a"', b'"c"'})],
)
def test_of_several_ways_one_is_enough(text, needle):
    """Something of each way stands in the needle, and nothing where one way needs nothing."""
    assert compile_path(text).needles == {frozenset(needle)}


@given(document=documents)
@settings(max_examples=100, deadline=None)
def test_a_body_never_hides_what_its_document_shows(document):
    """Whether names are screened in the bytes or not, the same is selected."""
    paths = PathSet(COMPILED)
    every = [(number, place) for number, place, _ in paths.select(document)]
    for ascii_only in (True, False):
        body = json.dumps(document, ensure_ascii=ascii_only).encode()
        assert sorted((n, str(p)) for n, p, _ in paths.select(document, body)) == sorted((n, str(p)) for n, p in every)
    alone = [PathSet([path]).select(document, json.dumps(document).encode()) for path in COMPILED]
    assert [len(found) for found in alone] == [len(path.select(document)) for path in COMPILED]
