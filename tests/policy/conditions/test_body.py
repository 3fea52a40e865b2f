"""`body:` in `when:`."""

from __future__ import annotations

import pytest

from interlock.errors import Refused, RulesInvalid
from interlock.model import Effect

BODY = {"limit": 10, "name": "report-7", "dry": True, "none": None, "text": "1000", "rows": [{"n": 1}, {"n": 50}]}
ROWS = [
    ("{path: $.limit, equals: 10}", True, True),
    ("{path: $.limit, equals: 10.0}", True, True),
    ("{path: $.limit, equals: '10'}", False, False),
    ("{path: $.dry, equals: true}", True, True),
    ("{path: $.dry, equals: 1}", False, False),
    ("{path: $.none, equals: null}", True, True),
    ("{path: $.limit, in: [1, 10]}", True, True),
    ("{path: $.limit, in: [1]}", False, False),
    ("{path: $.limit, at_most: 10}", True, True),
    ("{path: $.limit, less_than: 10}", False, False),
    ("{path: $.limit, at_least: 5, at_most: 9}", False, False),
    ("{path: $.limit, more_than: 9.5}", True, True),
    ("{path: $.name, matches: 'report-*'}", True, True),
    ("{path: $.name, matches: ['x*', '*-7']}", True, True),
    ("{path: $.name, matches: report}", False, False),
    ("{path: $.absent, exists: false}", True, True),
    ("{path: $.limit, exists: true}", True, True),
    ("{path: $.absent, at_most: 5}", False, False),
    ("{path: '$.rows[*].n', at_most: 10}", False, True),
    ("{path: '$.rows[*].n', at_most: 50}", True, True),
    ("{path: $.text, more_than: 5000}", False, True),
    ("{path: $.dry, more_than: 5000}", False, True),
    ("{path: $.limit, matches: 'x*'}", False, True),
    ("[{path: $.limit, equals: 10}, {path: $.dry, equals: true}]", True, True),
    ("[{path: $.limit, equals: 10}, {path: $.dry, equals: false}]", False, False),
]


@pytest.mark.parametrize(("text", "permits", "forbids"), ROWS)
def test_bodies(text: str, permits: bool, forbids: bool, condition, moment) -> None:
    """A permit needs every value to fit, a forbid one; what cannot be compared fits only a forbid."""
    for effect, expected in ((Effect.PERMIT, permits), (Effect.REVIEW, forbids), (Effect.FORBID, forbids)):
        assert condition("when", f"body: {text}", effect)(moment(document=BODY)) is expected


def test_a_body_that_is_not_json_fails(condition, moment) -> None:
    """What cannot be looked into is not taken for empty: the rule that looks forbids."""
    for text in ("{path: $.a, exists: false}", "{path: $.a, equals: 1}"):
        for effect in Effect:
            with pytest.raises(Refused):
                condition("when", f"body: {text}", effect)(moment(readable=False))


@pytest.mark.parametrize(
    "text",
    [
        "{path: $.a}",
        "{equals: 1}",
        "{path: '$.[', equals: 1}",
        "{path: $.a, equals: [1]}",
        "{path: $.a, in: []}",
        "{path: $.a, in: {b: 1}}",
        "{path: $.a, at_most: ten}",
        "{path: $.a, at_most: true}",
        "{path: $.a, matches: []}",
        "{path: $.a, exists: true, equals: 1}",
        "{path: $.a, equal: 1}",
        "[]",
        "text",
    ],
)
def test_broken_bodies_are_refused(text: str, condition) -> None:
    """A comparison that says nothing, or could never hold, is an error."""
    with pytest.raises(RulesInvalid):
        condition("when", f"body: {text}")
