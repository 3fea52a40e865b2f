"""Where a service says how much a request would touch."""

from __future__ import annotations

import pytest
from tests.engine.conftest import BASE, Load

from interlock.errors import RulesInvalid
from interlock.settings_estimate import Estimate

pytest_plugins = ["tests.engine.conftest"]


def with_estimate(text: str) -> str:
    """The base with a warehouse that estimates."""
    return BASE.replace("dialect: postgres}\n", "dialect: postgres}\n    estimate: " + text + "\n", 1)


def test_an_estimate_is_read(load: Load) -> None:
    """Path and place; without one there is none."""
    assert load(base=with_estimate("{path: /v1/estimate, rows: $.plan.rows}")).connections[0].estimate == Estimate(
        "/v1/estimate", "$.plan.rows"
    )
    assert load(name="other").connections[0].estimate is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{path: /v1/estimate}", "needs 'rows'"),
        ("{path: v1, rows: $.a}", "not a plain path"),
        ("{path: '//elsewhere.example.com/x', rows: $.a}", "not a plain path"),
        ("{path: /a/../b, rows: $.a}", "not a plain path"),
        ("{path: '/a?b=c', rows: $.a}", "not a plain path"),
        ('{path: "/a\\r\\nx", rows: $.a}', "not a plain path"),
        ("{path: /v1/estimate, rows: '$['}", "rules/base.yaml"),
    ],
)
def test_what_is_wrong_is_said(load: Load, text: str, says: str) -> None:
    """It is a path of this connection, and nowhere else."""
    with pytest.raises(RulesInvalid) as caught:
        load(base=with_estimate(text))

    assert says in str(caught.value)
