"""`method:` and `path:` in `when:`."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid

ROWS = [
    ("{method: POST}", "POST", "/x", True),
    ("{method: [GET, HEAD]}", "POST", "/x", False),
    ("{path: '/v1/**'}", "POST", "/v1/query", True),
    ("{path: ['/v2/*', '/v1/*']}", "GET", "/v1/query", True),
    ("{path: '/v2/*'}", "GET", "/v1/query", False),
    ("{method: POST, path: '/v1/*'}", "GET", "/v1/query", False),
    ("{method: POST, path: '/v1/*'}", "POST", "/v1/query", True),
]


@pytest.mark.parametrize(("text", "method", "path", "expected"), ROWS)
def test_the_request_around_an_operation(text: str, method: str, path: str, expected: bool, condition, moment) -> None:
    """Method and path both have to fit where both are written."""
    assert condition("when", text)(moment(method=method, path=path)) is expected


@pytest.mark.parametrize("text", ["{method: post}", "{method: []}", "{path: v1}", "{path: ['/a//b']}"])
def test_broken_requests_are_refused(text: str, condition) -> None:
    """What no request has is an error."""
    with pytest.raises(RulesInvalid):
        condition("when", text)
