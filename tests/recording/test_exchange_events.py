"""What every request and every answer writes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.model import Finding
from interlock.recording.canonical import Written, canonical, members
from interlock.recording.event import GENESIS, parse, seal, stamp
from interlock.recording.exchange_events import MAX_FINDINGS, DecisionEvent, ResponseEvent, masked_parts

TEXT = st.text(max_size=8)  # with lone surrogates
WORDS = st.lists(TEXT, max_size=3)
NAMES = st.text("ab€\U0001f600", max_size=3)
JSONS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab€\U0001f600", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
RAW = JSONS.map(lambda value: msgspec.Raw(canonical(value)))
MASKED = st.lists(st.builds(Finding, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT), max_size=3).map(masked_parts)


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A member that may be left out."""
    return st.just(msgspec.UNSET) | values


DECISIONS = st.builds(
    DecisionEvent, approval=some(RAW), claims=some(RAW), connection=TEXT, credential=some(RAW),
    decided=some(st.integers(-1, 400)), effect=TEXT, flow=TEXT, grants=some(WORDS), masked=some(MASKED),
    masks=some(WORDS), method=TEXT, mode=some(TEXT), operation=some(TEXT), operations=RAW, origin=TEXT, path=TEXT,
    placement=TEXT, reason=TEXT, reports=some(RAW), request=some(TEXT), restored=some(RAW), rule=TEXT, rules=TEXT,
)  # fmt: skip
RESPONSES = st.builds(
    ResponseEvent, decision=TEXT, masked=MASKED, milliseconds=st.integers(-1000, 2**40), response=TEXT,
    restored=some(WORDS), status=st.integers(0, 999), streamed=st.booleans(),
)  # fmt: skip


def as_plain(value: Any) -> Any:
    """The same as dictionaries and lists."""
    if isinstance(value, Written):
        return {name: as_plain(member) for name, member in members(value).items()}
    if isinstance(value, list):
        return [as_plain(item) for item in value]
    return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value


@settings(max_examples=60)
@given(DECISIONS | RESPONSES)
def test_declared_events_are_written_as_any_other(event: Written) -> None:
    """The very line that the same members in a dictionary give; readers find it intact."""
    line, _ = written = seal("decision", event, 1, GENESIS, stamp(1))
    assert written == seal("decision", as_plain(event), 1, GENESIS, stamp(1))
    assert parse(line[:-1])[1] == ""


@pytest.mark.parametrize("kind", Written.__subclasses__())
def test_members_are_declared_in_the_order_of_canonical_json(kind: type[Written]) -> None:
    """Nothing sorts them when they are written."""
    names = list(kind.__struct_encode_fields__)
    assert names == sorted(names)
    assert "".join(names).isascii()


def test_an_event_has_room_for_so_many_findings() -> None:
    """Those beyond are counted."""
    found = as_plain([*masked_parts([Finding("r", "d", f"/{number}") for number in range(MAX_FINDINGS + 7)])])
    assert len(found) == MAX_FINDINGS + 1
    assert found[0] == {"action": "redact", "detector": "d", "digest": "", "place": "/0", "rule": "r"}
    assert found[-1] == {"more": 7}
