"""Where a service says how much a request would touch."""

from __future__ import annotations

import pytest

from interlock.schema import Reader
from interlock.settings_estimate import Estimate, read_estimate
from interlock.source import read_yaml_text


def read(text: str) -> tuple[Estimate | None, list[str]]:
    """The settings, and what is wrong."""
    reader = Reader()
    found = read_estimate(read_yaml_text(text, "rules/x.yaml"), reader)
    return found, [f"{error.message} {error.hint}" for error in reader.errors]


def test_an_estimate_is_read() -> None:
    """Path and place; without one there is none."""
    assert read("{path: /v1/estimate, rows: $.plan.rows}") == (Estimate("/v1/estimate", "$.plan.rows"), [])
    assert read_estimate(None, Reader()) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{path: /v1/estimate}", "needs 'rows'"),
        ("{path: v1, rows: $.a}", "not a plain path"),
        ("{path: '//elsewhere.example.com/x', rows: $.a}", "not a plain path"),
        ("{path: /a/../b, rows: $.a}", "not a plain path"),
        ("{path: '/a?b=c', rows: $.a}", "not a plain path"),
        ('{path: "/a\\r\\nx", rows: $.a}', "not a plain path"),
        ("{path: /v1/estimate, rows: '$['}", "$["),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    """It is a path of this connection, and nowhere else."""
    assert says in " ".join(read(text)[1])
