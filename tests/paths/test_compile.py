"""What a path selects, compared with the independent jsonpath-rfc9535, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path as File

import jsonpath_rfc9535
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import InterlockError
from interlock.paths import PathSet, compile_path

PATHS = """
$
$.a
$..a
$.a.b
$..[0]
$[0]
$[-1]
$[0,2]
$['a','b']
$["a b"]
$[*]
$.*
$..*
$..a..b
$..*.a
$[1:3]
$[::2]
$[::-1]
$[::0]
$[-2:]
$..[1:]
$..[-1,0]
$['*']
$['größe']
$[?@.a]
$[?!@.a]
$[?@.a==1]
$..[?@.a==1].b
$[?(@.a=='x')]
$..[?@.a!=1]
$..[?@.a==null]
$..[?@.a==true]
$..[?@.a<2]
$..[?@.a>='b']
$..[?@.a==@.b]
$..[?@.a<=@.b]
$..[?@==1]
$..[?@[0]==1]
$..[?@.a && @.b || @.c]
$..[?@.a && (@.b==1 || @.c=='x')]
$..[?$.a==@.a]
$..[?@..b]
$..[?@.*]
$[?@.a[?@.b==1]]
$..a[?@.b]..c
$..['a','b'][0]
$ .a [0]
$.true
$.null[?@.false==false]
$..[?@.a==-1.5]
""".strip().splitlines()

COMPILED = [compile_path(text) for text in PATHS]

keys = st.sampled_from(["a", "b", "c", "a b", "*", "größe", "true", "null", "0"])
leaves = st.sampled_from([None, True, False, 0, 1, 2, -1.5, "", "x", "b", "1"])
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=25
)

REFUSED = {
    r"$['a\n']": "backslash",
    r"$['\u0061']": "backslash",
    "$[?1==@.v]": "left",
    "$[?'x'==@.v]": "left",
    "$[?@.v==word]": "quoted",
    "$.a|$.b": "union",
    "$[?@.a & @.b]": "&&",
    "$[?@.a =~ 'x']": "=~",
    "$.a + $.b": "arithmetic",
    "$.a.`parent`": "backquotes",
    "$[/a]": "sorting",
    "$[\\a]": "sorting",
    "$[?length(@.a)>1]": "functions",
    "$[?match(@.a, 'x')]": "functions",
    "$[?!(@.a==1)]": "!=",
    "$[?@.a,?@.b]": "one rule",
    "$['a',0]": "one selector",
    "$[1:3,5]": "one selector",
    "$[?@.a==1e1]": "exponent",
    "$.ключ": "quote names",
    "$.a-b": "quote names",
    "a.b": "begins with $",
    "a": "begins with $",
    "": "as in",
    "$.": "bracket",
    "$[": "bracket",
    "$['a'": "bracket",
    "$['a": "",
    "$[]": "",
    "$. a": "blank",
    " $.a": "blank",
    "$.a ": "blank",
    "$[01]": "leading zeros",
    "$[-0]": "leading zeros",
    "$[9007199254740992]": "leading zeros",
    "$[?@.a==1": "bracket",
    "$[?(@.a==1]": "opened last",
    "$[?@.*==1]": "single values",
    "$[?@['a','b']==1]": "single values",
    "$[?@..a==1]": "single values",
    "$[?$..a]": "begin with @",
    "$['a','a']": "once",
    "$.'a'": "brackets",
    "$@.a": "filter",
    "$" + "[?@" * 9 + ".a" + "]" * 9: "at most",
    "$." + "a" * 1000: "as in",
}


@given(document=documents)
@settings(max_examples=60, deadline=None)
def test_selects_what_an_independent_implementation_selects(document):
    """Every accepted form selects the same places with the same values as jsonpath-rfc9535."""
    for text, path in zip(PATHS, COMPILED, strict=True):
        expected = {(tuple(n.location), json.dumps(n.value)) for n in jsonpath_rfc9535.find(text, document)}
        found = [(place, json.dumps(value)) for place, value in path.select(document)]
        assert set(found) == expected, text
        assert len(found) == len(expected), text


@given(document=documents)
@settings(max_examples=50, deadline=None)
def test_one_traversal_selects_what_each_path_selects(document):
    """A set of paths finds, in one traversal, what its paths find one by one."""
    paths = COMPILED
    together = {(index, place) for index, place, _ in PathSet(paths).select(document)}
    assert together == {(index, place) for index, path in enumerate(paths) for place, _ in path.select(document)}


@pytest.mark.parametrize(("text", "hint"), REFUSED.items(), ids=range(len(REFUSED)))
def test_refuses_what_would_be_misread_and_says_how_to_write_it(text, hint):
    """What jsonpath-ng reads wrongly, or not at all, is an error at load whose hint names the way out."""
    with pytest.raises(InterlockError) as caught:
        compile_path(text)
    assert caught.value.hint
    assert hint in caught.value.hint


def test_the_official_suite_is_right_or_refused():
    """No selector of the RFC 9535 compliance suite is silently wrong, and no invalid one is accepted."""
    file = File(__file__).parents[3] / "shared/data/jsonpath-compliance-suite.json"
    own = [{"selector": text, "document": {"a": [1, {"b": 1}]}} for text in PATHS]
    right = 0
    for case in json.loads(file.read_bytes())["tests"] if file.exists() else own:
        try:
            path = compile_path(case["selector"])
        except InterlockError:
            continue
        assert not case.get("invalid_selector"), case["selector"]
        expected = {tuple(node.location) for node in jsonpath_rfc9535.find(case["selector"], case["document"])}
        assert {place for place, _ in path.select(case["document"])} == expected, case["selector"]
        right += 1
    assert right >= min(300, len(PATHS))


@pytest.mark.parametrize(
    ("path", "document", "count"),
    [
        ("$..[?@.v==1]", [{"v": 1}, {"v": True}, {"v": "1"}, {"v": 1.0}], 2),
        ("$.o[?@.type=='ssn']", {"o": {"x": {"type": "ssn"}, "y": {"type": "id"}}}, 1),
        ("$[?@.v!=1]", [{}, {"v": 1}, {"v": None}], 2),
        ("$.v", {"v": None}, 1),
        ("$.o.*", {"o": {"a": 1, "b": None}}, 2),
        ("$[?@.v==null]", [{"v": None}, {}], 1),
    ],
)
def test_keeps_the_semantics_that_masking_depends_on(path, document, count):
    """Null is selected, types are not mixed, absent is unequal, and filters look into objects."""
    assert len(compile_path(path).select(document)) == count


def test_comparison_of_deep_values_does_not_recurse():
    """Comparing two deep values uses no recursion."""
    one: object = 1
    other: object = 1
    for _ in range(400):
        one, other = [one], [other]
    assert compile_path("$[?@.a==@.b]").select([{"a": one, "b": other}])


def test_a_path_shows_how_it_was_written():
    """Paths are equal by their text and show it."""
    assert compile_path("$.a") == compile_path("$.a") != compile_path("$.b")
    assert repr(compile_path("$.a")) == "Path('$.a')"
    assert len({compile_path("$.a"), compile_path("$.a")}) == 1
