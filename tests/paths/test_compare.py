"""Comparison as RFC 9535 has it."""

from __future__ import annotations

import pytest

from interlock.paths.compare import NOTHING, compare


@pytest.mark.parametrize(
    ("left", "operator", "right", "holds"),
    [
        (1, "==", 1.0, True),
        (1, "==", True, False),
        (1, "==", "1", False),
        (0, "==", False, False),
        (None, "==", False, False),
        (None, "<=", None, True),
        (True, "<=", True, True),
        (True, "<", 2, False),
        (1, "<", 2.5, True),
        (2, ">=", 2, True),
        ("a", "<", "b", True),
        ("b", ">", "a", True),
        ("10", "<", 9, False),
        ([1, {"a": [None]}], "==", [1.0, {"a": [None]}], True),
        ([1], "==", [True], False),
        ([1], "==", [1, 1], False),
        ({"a": 1}, "==", {"b": 1}, False),
        ({"a": 1}, "!=", {"a": 2}, True),
        ([], "==", {}, False),
        ([1], "<=", [1], True),
        ([1], "<", [2], False),
        (NOTHING, "==", NOTHING, True),
        (NOTHING, "==", None, False),
        (NOTHING, "!=", 1, True),
        (NOTHING, "<", 1, False),
        (NOTHING, "<=", NOTHING, True),
        (10**400, ">", 1.5, True),
    ],
)
def test_types_are_never_mixed(left, operator, right, holds):
    """Equality needs one type, order needs two numbers or two strings, and absence equals only absence."""
    assert compare(operator, left, right) is holds
