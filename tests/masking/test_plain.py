"""Tests for interlock.masking.plain."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.budget import begin
from interlock.masking.plain import suspected_leaves
from interlock.masking.rules import known_detectors
from interlock.masking.scan import Probe
from interlock.model import JSON
from interlock.paths import Containers

KNOWN = known_detectors()
EMAIL, CARD, KEY = (Probe(KNOWN[name]) for name in ("email", "credit-card", "private-key"))
PERSON = "erika@example.com"

texts = st.sampled_from(["", "a", PERSON, f"to {PERSON}, and x@example.org", "4111 1111 1111 1111", "[{:,"])
documents = st.recursive(
    texts | st.integers(0, 99) | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def every(document: JSON, location: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], str, bool]]:
    """All names and strings, by the plainest recursion."""
    if isinstance(document, str):
        return [(location, document, False)]
    found = []
    if isinstance(document, dict):
        for name, value in document.items():
            found += [((*location, name), name, True), *every(value, (*location, name))]
    elif isinstance(document, list):
        for index, value in enumerate(document):
            found += every(value, (*location, index))
    return found


@settings(max_examples=100)
@given(documents)
def test_exactly_the_strings_with_candidates_are_found(document: JSON) -> None:
    """Names and values, wherever they stand."""
    found = suspected_leaves(json.dumps(document).encode(), document, [EMAIL, CARD], begin(), Containers(document))
    expected = [leaf for leaf in every(document) if any(sign in leaf[1] for sign in ("@", "4111"))]

    assert found is not None
    assert [(leaf.location, leaf.text, leaf.is_key) for leaf, _ in found] == expected
    for leaf, known in found:
        assert known == {probe: hits for probe in (EMAIL, CARD) if (hits := probe.hits(leaf.text.encode()))}


@pytest.mark.parametrize(
    ("document", "probes"),
    [
        ([4111111111111111], [CARD]),
        (["a\nb", PERSON], [EMAIL]),
        (["-----BEGIN PRIVATE KEY-----"], [KEY]),
    ],
)
def test_what_cannot_be_said_is_not_said(document: JSON, probes: Sequence[Probe]) -> None:
    """A number, an escape, a block that reaches on: another way finds these."""
    assert suspected_leaves(json.dumps(document).encode(), document, probes, begin(), Containers(document)) is None
