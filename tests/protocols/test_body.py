"""Bodies are read so that no receiver can read them differently."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.protocols.body import MAX_DEPTH, check_json_type, encode_json, looks_compressed, read_json
from interlock.reasons import Reason

AMBIGUOUS = {
    "duplicate": b'{"a":1,"a":2}',
    "duplicate deep in a list": b'[{"x":{"a":1,"b":{},"a":1}}]',
    "duplicate by escape": b'{"name":1,"n\\u0061me":2}',
    "case variant": b'{"name":"read","Name":"drop"}',
    "case variant outside ASCII": '{"k":1,"\u212a":2}'.encode(),
    "long s": '{"system":1,"\u017fystem":2}'.encode(),
    "escaped colon pays for the duplicate": b'{"a":1,"a":"\\u003a"}',
    "escaped colon, upper case": b'{"a":1,"a":"\\u003A"}',
    "colons in strings": b'{"a":"::","a":""}',
}
UNPARSABLE = {
    "empty": b"",
    "byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "overlong UTF-8": b'"\xc0\xaf"',
    "lone surrogate, escaped": b'"\\ud800"',
    "lone surrogate, raw": b'"\xed\xa0\x80"',
    "NaN": b'{"a":NaN}',
    "Infinity": b"[-Infinity]",
    "number out of range": b"1e999",
    "trailing data": b"{} {}",
    "trailing comma": b"[1,]",
    "comment": b"{}//x",
    "single quotes": b"{'a':1}",
    "control character": b'"\x01"',
    "NUL before": b"\x00{}",
    "leading zero": b"[01]",
    "too deep": b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    "far too deep": b"[" * 100_000,
    "far too deep objects": b'{"a":' * 100_000,
    "form": b"query=DROP",
}


@pytest.mark.parametrize("body", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_body_with_two_readings_is_refused(body: bytes) -> None:
    """Members that stand twice, in whatever disguise, are ambiguous."""
    with pytest.raises(BodyRejected) as caught:
        read_json(body)

    assert caught.value.reason is Reason.BODY_AMBIGUOUS


@pytest.mark.parametrize("body", UNPARSABLE.values(), ids=UNPARSABLE)
def test_a_body_that_is_not_strict_json_is_refused(body: bytes) -> None:
    """What some parser would accept and another would not is no JSON."""
    with pytest.raises(BodyRejected) as caught:
        read_json(body)

    assert caught.value.reason is Reason.BODY_UNPARSABLE


@pytest.mark.parametrize(
    "body",
    [b'{"a":"\\u003a:","b":[{":":":"},{":":1}]}', b'{"a":{"b":1},"b":{"b":1}}', b'{"id":1,"idx":2}', b" null "],
)
def test_the_benign_look_alike_passes(body: bytes) -> None:
    """Colons in strings, escaped ones, and equal names in different objects are no ambiguity."""
    assert read_json(body) == json.loads(body)


def test_depth_up_to_the_limit_passes() -> None:
    """The limit itself is allowed."""
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH

    assert read_json(body) == json.loads(body)


def test_compressed_bytes_without_a_header_are_named() -> None:
    """gzip that no header announces is undecodable, not merely unparsable."""
    with pytest.raises(BodyRejected) as caught:
        read_json(gzip.compress(b"{}"))

    assert caught.value.reason is Reason.BODY_UNDECODABLE
    assert looks_compressed(gzip.compress(b"{}"))
    assert not looks_compressed(b"{}")


_DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4), inner, max_size=4).filter(
            lambda members: len({name.casefold() for name in members}) == len(members)
        )
    ),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS, st.booleans())
def test_every_unambiguous_document_is_read_as_it_was_written(document: object, plain: bool) -> None:
    """No false refusals: what the standard library writes comes back equal, escapes or not."""
    assert read_json(json.dumps(document, ensure_ascii=plain).encode()) == document


@settings(max_examples=60, deadline=None)
@given(_DOCUMENTS, st.text(max_size=3), st.booleans())
def test_a_repeated_member_never_passes(inner: object, name: str, plain: bool) -> None:
    """Whatever stands around it, a member that stands twice is found."""
    value = json.dumps(inner, ensure_ascii=plain)
    key = json.dumps(name, ensure_ascii=plain)

    with pytest.raises(BodyRejected):
        read_json(f'[{{{key}:{value},{key}:":"}}]'.encode())


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=UTF-8", "application/vnd.x+json", "text/plain", ""]
)
def test_types_that_let_json_be_json_pass(kind: str) -> None:
    """Also no type at all, and curl's default for a body without form members."""
    check_json_type((("content-type", kind),) if kind else (), b"{}")
    check_json_type((("content-type", "application/x-www-form-urlencoded"),), b'{"query":"SELECT 1 WHERE a=1"}')


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b"{}"),
        ("application/json; charset=utf-16", b"{}"),
        ("application/json; charset=ibm037", b"{}"),
        ("application/xml", b"{}"),
        ("application/x-www-form-urlencoded", b'{"a":"&query=DROP TABLE x"}'),
        ("application/x-www-form-urlencoded", b'{"a":";query=DROP TABLE x"}'),
    ],
)
def test_a_declared_type_that_changes_the_meaning_is_refused(kind: str, body: bytes) -> None:
    """Bytes that are JSON and something else, too, are ambiguous."""
    with pytest.raises(BodyRejected) as caught:
        check_json_type((("content-type", kind),), body)

    assert caught.value.reason is Reason.BODY_AMBIGUOUS


def test_two_content_types_are_refused() -> None:
    """Two readers may take different ones."""
    with pytest.raises(BodyRejected):
        check_json_type((("content-type", "text/plain"), ("content-type", "application/json")), b"{}")


def test_whole_numbers_of_any_size_are_written() -> None:
    """What was read can be written again."""
    assert encode_json({"id": 10**30, "text": "ä"}) == b'{"id":1000000000000000000000000000000,"text":"\xc3\xa4"}'


FLAT = st.recursive(
    st.sampled_from(["a:b", ":", "{", "[", '"', "é:\u2028", "\\", None, True, 1.5, 10**30]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "a:", "A"]), inner, max_size=1),
    max_leaves=6,
)
PAIRS = st.lists(st.tuples(st.sampled_from(["a", "b", "A", "é", "É", "a:"]), FLAT), max_size=4)


def _read(body: bytes) -> object:
    try:
        return read_json(body)
    except BodyRejected as error:
        return error.reason, str(error)


@settings(max_examples=100)
@given(PAIRS, st.booleans(), st.sampled_from([",", " , "]), st.sampled_from([":", " : "]))
def test_one_object_is_read_like_one_in_a_list_of_objects(pairs, plain, comma, colon) -> None:
    """Members that stand twice, names that differ in case, colons and brackets in texts: the shortcut sees the same."""
    body = comma.join(f"{json.dumps(name)}{colon}{json.dumps(value, ensure_ascii=plain)}" for name, value in pairs)
    alone, among = _read(b"{%b}" % body.encode()), _read(b"[{},{%b}]" % body.encode())

    assert ([{}, alone] if isinstance(alone, dict) else alone) == among


@pytest.mark.parametrize("depth", range(MAX_DEPTH - 4, MAX_DEPTH + 4))
def test_one_object_may_be_as_deep_as_others(depth: int) -> None:
    """The bound on depth is where it is for lists."""
    body = b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"
    known = _read(b"[" * depth + b"]" * depth)

    assert isinstance(_read(body), dict) is isinstance(known, list) is (depth <= MAX_DEPTH)
