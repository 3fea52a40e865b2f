"""One event, one line."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.recording.canonical import Uncanonical
from interlock.recording.event import GENESIS, MAX_EVENT, parse, seal, seconds, stamp


def test_a_line_is_what_the_documentation_says() -> None:
    """Sorted members, no spaces, and a hash that anybody can compute without us."""
    line, digest = seal("decision", {"rule": "a", "n": 1}, 1, GENESIS, stamp(0.0019))
    said = json.loads(line)
    assert said.pop("hash") == digest
    again = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(again).hexdigest() == digest
    assert said["at"] == "1970-01-01T00:00:00.001Z"
    assert list(json.loads(line)) == ["at", "data", "hash", "kind", "prev", "seq"]
    event, fault = parse(line[:-1])
    assert (event and event.data, fault) == ({"rule": "a", "n": 1}, "")


_NASTY = '"kind":"decision","prev":"'
_SAID = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(_NASTY),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("kind", "hash", "ä", _NASTY)) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=9,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(("kind", "prev", "hash", "z")), _SAID, max_size=4))
def test_whatever_an_event_says_its_hash_stands_in_its_place(data: dict) -> None:
    """Also where it says `kind` itself, or holds texts that look like the end of a line."""
    line, digest = seal("masking", data, 7, "ab" * 32, stamp(1.5))
    event, fault = parse(line[:-1])
    assert (event and (event.hash, event.seq, event.kind), fault) == ((digest, 7, "masking"), "")
    said = json.loads(line)
    assert said.pop("hash") == digest
    assert list(said) == ["at", "data", "kind", "prev", "seq"]


@pytest.mark.parametrize("seconds", [-5, 1e300, float("inf")])
def test_a_clock_that_lies_does_not_stop_the_recording(seconds: float) -> None:
    """Times are clamped to what RFC 3339 can write."""
    assert stamp(seconds)[:4] in ("1970", "9999")


@settings(max_examples=100)
@given(st.data())
def test_any_changed_byte_is_a_fault(data: st.DataObject) -> None:
    """Every single byte of a line is covered by its hash or by the canonical form."""
    line = seal("decision", {"text": 'ä"hash":"', "list": [1, None, True]}, 7, "0f" * 32, stamp(1))[0][:-1]
    at = data.draw(st.integers(0, len(line) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != line[at]))
    event, fault = parse(line[:at] + bytes([byte]) + line[at + 1 :])
    assert event is None or fault


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_parsing_never_raises(line: bytes) -> None:
    """Whatever the bytes are."""
    assert parse(line)[1]


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b'{"a":1e999}',
        b"9" * 10_000,
        b'{"at":1,"data":{},"hash":2,"kind":3,"prev":4,"seq":5}',
        b'{"at":"1970-01-01T00:00:00.000Z","data":{},"hash":"' + b"0" * 64 + b'","kind":"a","prev":"'
        + b"0" * 64 + b'","seq":true}',
    ],
)  # fmt: skip
def test_hostile_lines_are_not_events(line: bytes) -> None:
    """Depth, huge numbers and wrong types do not raise either."""
    assert parse(line)[0] is None


def test_the_same_event_written_in_another_way_is_a_fault() -> None:
    """Spaces, duplicate members, escapes that JSON permits: one spelling is canonical."""
    line = seal("decision", {"a": "A"}, 1, GENESIS, stamp(1))[0][:-1]
    for other in (
        line.replace(b":", b": ", 1),
        line.replace(b'"A"', b'"\\u0041"'),
        line.replace(b'{"a"', b'{"a":1,"a"'),
    ):
        assert other != line
        assert parse(other)[1] == "is not canonical JSON"


def test_kinds_and_sizes_are_bounded() -> None:
    """A kind is a word; an event is at most a mebibyte."""
    with pytest.raises(Uncanonical, match="kind"):
        seal('x"y', {}, 1, GENESIS, stamp(1))
    with pytest.raises(Uncanonical, match="larger"):
        seal("decision", {"text": "x" * MAX_EVENT}, 1, GENESIS, stamp(1))


@pytest.mark.parametrize(("at", "wanted"), [("1970-01-01T00:00:01.500Z", 1.5), ("", 0.0), ("soon", 0.0)])
def test_moments_are_read_back(at, wanted) -> None:
    """Seconds since the epoch."""
    assert seconds(at) == wanted
