"""What a path selects, compared with the independent jsonpath-rfc9535, and what is refused."""

from __future__ import annotations

import json
import time
from pathlib import Path as File

import jsonpath_rfc9535
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected, InterlockError
from interlock.paths import PathSet, compile_path, ng, parser
from interlock.paths.screen import screen
from interlock.reasons import Reason

PATHS = r"""
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
$['a','a']
$['a',0]
$[1:3,0,*]
$[?@.a,?@.b]
$..['a',?@.b==1,-1]
$[?1==@.a]
$[?'x'==@.a || null==@.b]
$[?!(@.a==1)]
$[?!(@.a && @.b)]
$[?@.a==1e0]
$[?@.a==-0]
$['\u0061']
$["a\u0020b"]
$.größe
$[?@['größe']]
$..[?length(@.a)>1]
$..[?length(@)==2]
$..[?count(@.*)>1].a
$..[?count(@['a','a'])==2]
$..[?count(@..*)>3]
$..[?value(@..a)==1]
$..[?match(@.a, '[a-z]')]
$..[?search(@, 'x|1')]
$..[?!search(@.a, '^x$')]
$..[?match(@.a, $.b)]
$[?$..a]
$..[?count($..a)==count(@..a)]
$..[?length(@)==length($.a)]
$..[?value($..a)==@.a]
$..[?@.a==$.a]
$..[?$.a==$.b]
$..[?true==false]
$[?@[?@.a]]
$..[?@[?@>1,0]]
""".strip().splitlines()

COMPILED = [compile_path(text) for text in PATHS]

keys = st.sampled_from(["a", "b", "c", "a b", "*", "größe", "true", "null", "0"])
leaves = st.sampled_from([None, True, False, 0, 1, 2, -1.5, "", "x", "b", "1"])
documents = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=25
)

REFUSED = {
    "$[?@.v==word]": "quoted",
    "$.a|$.b": "union",
    "$[?@.a & @.b]": "&&",
    "$[?@.a | @.b]": "||",
    "$[?@.a =~ 'x']": "=~",
    "$.a + $.b": "arithmetic",
    "$.a.`parent`": "backquotes",
    "$[/a]": "sorting",
    "$[\\a]": "sorting",
    "$[?len(@.a)>1]": "length()",
    "$[?length (@.a)>1]": "functions",
    "$[?length(@.*)>1]": "of one value",
    "$[?length(@.a)]": "compare it",
    "$[?count(1)>1]": "of a path",
    "$[?match(@.a)]": "the whole",
    "$[?match(@.a, 'x')==true]": "write match()",
    r"$[?match(@.a, '\\d')]": "[0-9]",
    "$[?search(@.a, '(')]": "I-Regexp",
    "$[?search(@.a, 'a{99999}')]": "I-Regexp",
    "$[?@.a,?@.b==]": "in a filter",
    "$[?!@.a==1]": "!=",
    "$[?(@.a)==1]": "parentheses",
    "$[?@.a==1==2]": "join",
    "$[?true]": "compare it",
    "$[?@.a==1e999]": "smaller",
    "$.a-b": "quote names",
    r"$['\x']": "escapes are",
    r"$['\ud800']": "escapes are",
    r"""$['\"']""": "escapes are",
    "a.b": "begins with $",
    "a": "begins with $",
    "": "as in",
    "$.": "bracket",
    "$[": "brackets",
    "$['a'": "bracket",
    "$['a": "quote",
    "$['a\tb']": "u0009",
    "$[]": "brackets",
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
    "$.'a'": "brackets",
    "$@.a": "filter",
    "$" + "[?@" * 25 + ".a" + "]" * 25: "at most",
    "$." + "a" * 4000: "as in",
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
    """What is not RFC 9535 is an error at load whose hint names the way out."""
    with pytest.raises(InterlockError) as caught:
        compile_path(text)
    assert caught.value.hint
    assert hint in caught.value.hint


def test_the_official_suite_is_right():
    """Every selector of the RFC 9535 compliance suite is right, and no invalid one is accepted."""
    file = File(__file__).parents[3] / "shared/data/jsonpath-compliance-suite.json"
    own = [{"selector": text, "document": {"a": [1, {"b": 1}]}} for text in PATHS]
    own += [{"selector": text, "invalid_selector": True} for text in REFUSED]
    for case in json.loads(file.read_bytes())["tests"] if file.exists() else own:
        text = case["selector"]
        if case.get("invalid_selector"):
            with pytest.raises(InterlockError):
                compile_path(text)
            continue
        expected = {tuple(node.location) for node in jsonpath_rfc9535.find(text, case["document"])}
        assert {place for place, _ in compile_path(text).select(case["document"])} == expected, text


@pytest.mark.parametrize("text", [text for text in PATHS if screen(text) is not None and text != "$['a',0]"])
def test_both_readers_read_the_same(text):
    """Where jsonpath-ng may read a path, our own parser reads exactly the same in it."""
    assert ng.parse(screen(text)) == parser.parse(text)


@pytest.mark.parametrize(
    "path",
    ["$..[?@..[?@..[?@..x]]]", "$..[?count(@..*)<0]", "$..[?search($.text, @.p)]", "$..[?@.n==$.n]", "$..[?@==$.l]"],
)
def test_a_document_made_to_be_slow_is_rejected(path):
    """Filters that search and search again end in a rejection, not in a long wait."""
    document: object = {"n": list(range(5000))}
    for number in range(250):
        document = {"a": document, "n": list(range(5000)), "p": f"x{number}"}
    document = {"d": document, "n": list(range(5000)), "text": "y" * 1_000_000, "l": document}
    started = time.perf_counter()
    with pytest.raises(BodyRejected) as caught:
        compile_path(path).select(document)
    assert caught.value.reason is Reason.BODY_UNPARSABLE
    assert time.perf_counter() - started < 60


def test_a_name_like_the_own_marks_of_the_automaton_is_a_name():
    """A member may be called anything, NUL included."""
    path = compile_path(r"$..['\u0000other',?@.a==1]")
    assert {place for place, _ in path.select([{"b": {"a": 1}, "\0other": {}}])} == {(0, "b"), (0, "\0other")}


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
