"""Our own parser of RFC 9535."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.paths.parser import parse
from interlock.paths.steps import Index, Name, Slice, Wild
from interlock.paths.syntax import And, Call, Comparison, Exists, Filter, Literal, Not, Or, Query, Segment

A, B = (Exists(Query(False, (Segment((Name(name),)),))) for name in "ab")


def _test(text: str) -> object:
    (segment,) = parse(f"$[?{text}]").segments
    (choice,) = segment.choices
    assert isinstance(choice, Filter)
    return choice.test


def test_a_bracket_may_hold_selectors_of_all_kinds():
    """Names, indices, slices, wildcards and filters stand side by side, in their order."""
    (segment,) = parse("$..['a', -1 , 1:3, ::2, :, *, ?@.a]").segments
    expected = (Name("a"), Index(-1), Slice(1, 3), Slice(None, None, 2), Slice(None, None), Wild(), Filter(A))
    assert segment == Segment(expected, True)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@.a && @.b || !@.a", Or((And((A, B)), Not(A)))),
        ("@.a && (@.b || !(@.a))", And((A, Or((B, Not(A)))))),
        ("1 == @.a", Comparison("==", Literal(1), A.query)),
        (r"""'\u263a\'' != "\uD83D\uDE00" """, Comparison("!=", Literal("☺'"), Literal("😀"))),
        ("-1.5E+2 < null", Comparison("<", Literal(-150.0), Literal(None))),
        ("length( @.a )>=$['b'][0]", Comparison(">=", Call("length", (A.query,)), parse("$.b[0]"))),
        ("search(@ , 'x')", Call("search", (Query(False), Literal("x")))),
        ("!match(@.a, value($..b))", Not(Call("match", (A.query, Call("value", (parse("$..b"),)))))),
    ],
)
def test_filters_are_read_by_the_grammar(text, meant):
    """Precedence, parentheses, literals on any side, functions inside functions."""
    assert _test(text) == meant


@given(text=st.text(alphabet="$@.*[]()?!&|<>=,:'\"\\ \nab1-0eu\u00e9", max_size=40).map("$".__add__))
@settings(max_examples=100, deadline=None)
def test_no_text_does_more_than_being_refused(text):
    """Whatever is written, it is a query or an InterlockError with a hint."""
    hint = "read"
    try:
        parse(text)
    except InterlockError as error:
        hint = error.hint
    assert hint
