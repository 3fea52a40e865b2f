"""Refusals in the shapes that end an attempt."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.model import Exchange, Refusal
from interlock.protocols.answers import is_identity, jsonrpc_error, problem, proxy_challenge, status_of
from interlock.reasons import Reason

REFUSAL = Refusal("blocked", "a rule forbids it", "Ask a person.", "run/7", "http.post")


def test_problem_details_say_everything(request_of: Callable[..., Exchange]) -> None:
    """RFC 9457, with the reference in body and header."""
    answer = problem(request_of("POST", "/x"), REFUSAL)

    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": REFUSAL.sentence(),
        "reason": "blocked",
        "reference": "run/7",
    }
    assert dict(answer.headers) == {
        "content-type": "application/problem+json",
        "cache-control": "no-store",
        "interlock-reference": "run/7",
    }


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.FORBIDDEN, 403),
        (Reason.UNKNOWN_HOST, 403),
        (Reason.NOT_FOUND, 404),
        (Reason.BODY_TOO_LARGE, 413),
        (Reason.BODY_AMBIGUOUS, 400),
        (Reason.AMBIGUOUS_TARGET, 400),
        (Reason.HOST_MISMATCH, 421),
        (Reason.UPSTREAM_UNREACHABLE, 502),
        (Reason.NOT_READY, 503),
        (Reason.RECORDING_UNAVAILABLE, 503),
        (Reason.INTERNAL_ERROR, 500),
        ("something-new", 403),
    ],
)
def test_the_status_says_whose_fault_it_is(reason: str, status: int) -> None:
    """403 where nothing says more."""
    assert status_of(reason) == status


def test_a_refused_answer_is_not_the_clients_fault(
    request_of: Callable[..., Exchange], reply_to: Callable[..., Exchange]
) -> None:
    """An upstream's unreadable body is a bad gateway."""
    reply = reply_to(request_of("GET", "/"), b"")

    assert problem(reply, Refusal("body-unparsable", "x")).status == 502
    assert problem(reply, REFUSAL).status == 403


def test_no_body_follows_a_head(request_of: Callable[..., Exchange]) -> None:
    """The reference is in the headers."""
    answer = problem(request_of("HEAD", "/"), REFUSAL)

    assert (answer.body, dict(answer.headers)["interlock-reference"]) == (b"", "run/7")


def test_a_missing_token_is_challenged() -> None:
    """401 here, 407 for a proxy; Basic first, for git sends nothing before it has seen that."""
    missing = Refusal("token-missing", "no token was presented")
    here, proxy = problem(None, missing), proxy_challenge(missing)

    assert (here.status, dict(here.headers)["www-authenticate"]) == (401, 'Bearer realm="interlock"')
    assert dict(here.headers)["x-should-retry"] == "false"
    assert proxy.status == 407 == json.loads(proxy.body)["status"]
    assert [value for name, value in proxy.headers if name == "proxy-authenticate"] == [
        'Basic realm="interlock", charset="UTF-8"',
        'Bearer realm="interlock"',
    ]
    assert "www-authenticate" not in dict(proxy.headers)


def test_a_challenge_is_one_line_of_ascii() -> None:
    """Whatever the message holds (RFC 6750)."""
    answer = problem(None, Refusal("token-expired", 'expired "yesterday"\\\r\nX: ü', reference="r\n1"))
    headers = dict(answer.headers)

    assert headers["www-authenticate"] == (
        'Bearer realm="interlock", error="invalid_token", error_description="expired \'yesterday\'??X: ?"'
    )
    assert headers["interlock-reference"] == "r?1"


def test_identity_reasons_are_known() -> None:
    """Those that another token may help."""
    assert is_identity(Reason.TOKEN_MISSING)
    assert is_identity(Reason.CERTIFICATE_REFUSED)
    assert not is_identity(Reason.ISSUER_UNAVAILABLE)
    assert not is_identity(Reason.RUN_REFUSED)


def test_a_closing_refusal_is_no_challenge() -> None:
    """An expired token inside a tunnel: the next CONNECT gets its 407."""
    assert problem(None, Refusal("token-expired", "x", closing=True)).status == 403


def test_jsonrpc_errors_carry_reason_and_reference() -> None:
    """For programs; the sentence is for the model."""
    assert jsonrpc_error("a", REFUSAL)["error"] == {
        "code": -32001,
        "message": REFUSAL.sentence(),
        "data": {"reason": "blocked", "reference": "run/7"},
    }
