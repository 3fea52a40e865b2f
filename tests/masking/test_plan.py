"""Tests for interlock.masking.plan. tests/masking/test_every_document.py compares what comes of it."""

from __future__ import annotations

import pytest

from interlock.masking.plan import plan_of
from interlock.masking.rules import known_detectors

KNOWN = known_detectors()
PARTS = tuple(KNOWN.values())


def _suspected(body: str) -> set[str]:
    found = plan_of(PARTS, ()).suspects_in(body.encode())
    assert found is not None
    return {probe.detector.name for probe in found[0]}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_detector_is_suspected_where_it_finds_something(name: str) -> None:
    """Whatever else is asked for in the same passes."""
    for also in ((), ("needle", '"erika"')):
        for hit in KNOWN[name].hits:
            text = hit.replace("«", "").replace("»", "").encode()
            assert name in {probe.detector.name for probe in plan_of(PARTS, also).suspects(text, apart=False)}


def test_short_words_in_other_words_say_nothing() -> None:
    """An ideal is no drug enforcement number, and what is missing no social insurance number."""
    assert "us-dea" not in _suspected('{"ideal": "BB1388568"}')
    assert "us-dea" in _suspected('{"dea": "BB1388568"}')
    assert "us-dea" in _suspected('{"userDea": "BB1388568"}')


def test_what_is_asked_for_besides_has_numbers_of_its_own() -> None:
    """They follow those of the detectors, and no detector is meant by them."""
    plan = plan_of((KNOWN["email"],), ("needle", "thread"))
    assert plan.marks(b"a thread") == (set(), {1})
    assert plan.marks(b"erika@example.com, a needle") == ({0}, {0})
    assert [probe.detector.name for probe in plan.suspects(b"needle thread", apart=False)] == []


def test_a_number_in_another_spelling_is_for_others_to_read() -> None:
    """Its bytes do not show what it is."""
    assert plan_of(PARTS, ()).suspects_in(b'{"card": 4.111111111111111e15}') is None


def test_a_plan_is_made_once() -> None:
    """It takes milliseconds."""
    assert plan_of(PARTS, ()) is plan_of(PARTS, ())
