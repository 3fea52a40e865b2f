"""Where tokens and run ids are taken from, what is ambiguous, and what must be stripped."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import TokenRejected
from interlock.identity import Placement, Presented, present, same_token, within
from interlock.model import Secret
from interlock.reasons import Reason

FORWARD = [Placement.FORWARD_CONNECT, Placement.FORWARD_REQUEST, Placement.TUNNEL]


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def _token(found: Presented) -> str | None:
    return None if found.token is None else found.token.reveal()


def _reason(headers: list[tuple[str, str]], placement: Placement, **more: list[str]) -> Reason:
    with pytest.raises(TokenRejected) as caught:
        present(headers, placement, **more)
    assert "e.y.J" not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize("placement", FORWARD)
@pytest.mark.parametrize("value", ["Bearer e.y.J", "bearer  e.y.J", "BEARER e.y.J "])
def test_bearer_for_the_proxy_is_the_token(placement: Placement, value: str) -> None:
    """Proxy-Authorization names the caller wherever the gateway is a proxy."""
    found = present([("Host", "x"), ("Proxy-Authorization", value)], placement)
    assert (_token(found), found.run, found.source) == ("e.y.J", "", "proxy-authorization bearer")


@pytest.mark.parametrize("placement", FORWARD)
def test_userinfo_carries_run_and_token(placement: Placement) -> None:
    """http://RUN:TOKEN@gateway becomes Basic: the password is the token, the user name the run id."""
    found = present([("proxy-authorization", _basic("run-7:e.y.J"))], placement)
    assert (_token(found), found.run, found.source) == ("e.y.J", "run-7", "proxy-authorization basic")
    assert present([("proxy-authorization", _basic(":e.y.J"))], placement).run == ""


def test_operators_header_carries_the_token() -> None:
    """Raw or with Bearer, and it is stripped whether it is there or not."""
    for value in ("e.y.J", "Bearer e.y.J"):
        found = present([("X-Agent-Token", value)], Placement.FORWARD_CONNECT, token_headers=["x-agent-token"])
        assert _token(found) == "e.y.J"
    empty = present([], Placement.TUNNEL, token_headers=["X-Agent-Token"])
    assert empty.token is None
    assert empty.strip == {"proxy-authorization", "x-interlock-run", "x-agent-token"}


def test_unlisted_header_carries_nothing() -> None:
    """Only the operator's header counts, not one that looks like it."""
    assert (
        present([("x-other-token", "e.y.J")], Placement.FORWARD_CONNECT, token_headers=["x-agent-token"]).token is None
    )


@pytest.mark.parametrize("placement", FORWARD)
def test_upstream_credentials_are_not_identity(placement: Placement) -> None:
    """In forward placements Authorization and x-api-key belong to the agent's upstream: not read, not stripped here."""
    found = present([("authorization", "Bearer a"), ("x-api-key", "b")], placement)
    assert found.token is None
    assert not found.strip & {"authorization", "x-api-key"}


@pytest.mark.parametrize(
    "headers",
    [
        [("Authorization", "Bearer e.y.J")],
        [("X-Api-Key", "e.y.J")],
        [("api-key", "e.y.J")],
        [("x-goog-api-key", "e.y.J")],
    ],
)
def test_reverse_takes_the_clients_credential_as_token(headers: list[tuple[str, str]]) -> None:
    """A base URL has no proxy header, so the API key's place carries the token, and both places are stripped."""
    found = present(headers, Placement.REVERSE)
    assert _token(found) == "e.y.J"
    assert found.strip >= {"authorization", "x-api-key", "api-key", "x-goog-api-key", "proxy-authorization"}
    assert "x-interlock-run" in found.strip


def test_reverse_ignores_and_strips_the_proxys_header() -> None:
    """Proxy-Authorization means nothing to a base URL; it still never travels on."""
    found = present([("proxy-authorization", "Bearer e.y.J")], Placement.REVERSE)
    assert found.token is None
    assert "proxy-authorization" in found.strip


def test_same_token_twice_is_no_contradiction() -> None:
    """A client may send one value in both places, as Claude Code's apiKeyHelper does."""
    both = [("authorization", "Bearer e.y.J"), ("x-api-key", "e.y.J")]
    assert _token(present(both, Placement.REVERSE)) == "e.y.J"


def test_differing_tokens_are_ambiguous() -> None:
    """No reader may choose which caller it is."""
    both = [("authorization", "Bearer e.y.J"), ("x-api-key", "sk-1")]
    assert _reason(both, Placement.REVERSE) is Reason.TOKEN_AMBIGUOUS
    mixed = [("proxy-authorization", "Bearer e.y.J"), ("x-agent-token", "other")]
    assert _reason(mixed, Placement.TUNNEL, token_headers=["x-agent-token"]) is Reason.TOKEN_AMBIGUOUS


@pytest.mark.parametrize("name", ["proxy-authorization", "x-interlock-run", "x-agent-token"])
def test_header_twice_is_refused(name: str) -> None:
    """Also when both say the same, and when case differs."""
    headers = [(name, "Bearer e.y.J"), (name.title(), "Bearer e.y.J")]
    assert _reason(headers, Placement.FORWARD_CONNECT, token_headers=["x-agent-token"]) is Reason.DUPLICATE_HEADER


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", Reason.TOKEN_MALFORMED),
        ("e.y.J", Reason.TOKEN_MALFORMED),
        ("Bearer", Reason.TOKEN_MALFORMED),
        ("Bearer ", Reason.TOKEN_MALFORMED),
        ("Negotiate abc", Reason.TOKEN_MALFORMED),
        ("Bearer e.y.J, Bearer x", Reason.TOKEN_MALFORMED),
        ("Bearer e.y.J x", Reason.TOKEN_MALFORMED),
        ("Bearer e.y.Jé", Reason.TOKEN_MALFORMED),
        ("Bearer e.y.J\x00", Reason.TOKEN_MALFORMED),
        ("Bearer " + "x" * 16385, Reason.TOKEN_TOO_LARGE),
        ("Basic !!!!", Reason.TOKEN_MALFORMED),
        ("Basic eA", Reason.TOKEN_MALFORMED),
        (_basic("e.y.J"), Reason.TOKEN_MISSING),
        (_basic("run:"), Reason.TOKEN_MISSING),
        (_basic("a b:e.y.J"), Reason.RUN_REFUSED),
        (_basic("../../x:e.y.J"), Reason.RUN_REFUSED),
        (_basic("r" * 65 + ":e.y.J"), Reason.RUN_REFUSED),
        (_basic("run:e.y.J:x"), Reason.TOKEN_MALFORMED),
        (_basic("run:" + "x" * 16385), Reason.TOKEN_TOO_LARGE),
        ("Basic " + "A" * 40000, Reason.TOKEN_TOO_LARGE),
    ],
)
def test_malformed_credentials_are_refused(value: str, reason: Reason) -> None:
    """Each with what is wrong, and never as no credentials at all."""
    assert _reason([("proxy-authorization", value)], Placement.FORWARD_CONNECT) is reason


def test_basic_in_reverse_is_refused() -> None:
    """Authorization there is Bearer only."""
    assert _reason([("authorization", _basic("run:e.y.J"))], Placement.REVERSE) is Reason.TOKEN_MALFORMED


@pytest.mark.parametrize("run", ["01J9ZQ3V7M8N4K2W5X6Y7Z8A9B", "nightly_build-7", "x"])
def test_run_ids_pass(run: str) -> None:
    """A ULID, or short text for a folder's sake."""
    assert present([("X-Interlock-Run", run)], Placement.TUNNEL).run == run


@pytest.mark.parametrize("run", ["", "a/b", "..", "a b", "é", "x" * 65, "a\n"])
def test_run_ids_out_of_shape_are_refused(run: str) -> None:
    """A run id never becomes a path, a header or a line of its own."""
    assert _reason([("x-interlock-run", run)], Placement.TUNNEL) is Reason.RUN_REFUSED


def test_two_run_ids_must_agree() -> None:
    """Userinfo and header name the same run, or none."""
    headers = [("proxy-authorization", _basic("run-1:e.y.J")), ("x-interlock-run", "run-2")]
    assert _reason(headers, Placement.FORWARD_CONNECT) is Reason.RUN_REFUSED
    assert present([headers[0], ("x-interlock-run", "run-1")], Placement.FORWARD_CONNECT).run == "run-1"


def test_tunnel_keeps_its_connects_identity() -> None:
    """Inside: nothing, or the same token; the CONNECT's run is inherited."""
    connect = present([("proxy-authorization", _basic("run-1:e.y.J"))], Placement.FORWARD_CONNECT)
    for inner in ([], [("proxy-authorization", "Bearer e.y.J")], [("x-interlock-run", "run-1")]):
        found = within(connect, present(inner, Placement.TUNNEL))
        assert (_token(found), found.run) == ("e.y.J", "run-1")


@pytest.mark.parametrize(
    ("outer", "inner", "reason"),
    [
        ("Bearer e.y.J", ("proxy-authorization", "Bearer e.y.K"), Reason.TOKEN_AMBIGUOUS),
        ("", ("proxy-authorization", "Bearer e.y.J"), Reason.TOKEN_AMBIGUOUS),
        (_basic("run-1:e.y.J"), ("x-interlock-run", "run-2"), Reason.RUN_REFUSED),
    ],
)
def test_another_caller_inside_a_tunnel_is_refused(outer: str, inner: tuple[str, str], reason: Reason) -> None:
    """A second, differing token or run inside a tunnel is somebody else's."""
    connect = present([("proxy-authorization", outer)] if outer else [], Placement.FORWARD_CONNECT)
    with pytest.raises(TokenRejected) as caught:
        within(connect, present([inner], Placement.TUNNEL))
    assert caught.value.reason is reason


def test_comparison_sees_every_character() -> None:
    """Equal is equal, also for text that is not ASCII."""
    assert same_token(Secret("abc"), Secret("abc"))
    assert not same_token(Secret("abc"), Secret("abd"))
    assert not same_token(Secret("é"), Secret("e"))


def test_nothing_shows_the_token() -> None:
    """A Presented in a log hides what it carries."""
    assert "e.y.J" not in repr(present([("proxy-authorization", "Bearer e.y.J")], Placement.TUNNEL))


_NAME = st.sampled_from(["proxy-authorization", "authorization", "x-api-key", "x-interlock-run", "x-t"])
_VALUE = st.one_of(st.text(), st.text().map(_basic), st.text().map("Bearer {}".format))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(_NAME, _VALUE), max_size=4), st.sampled_from(list(Placement)))
def test_any_headers_give_a_presented_or_a_refusal(headers: list[tuple[str, str]], placement: Placement) -> None:
    """No header list raises anything else."""
    outcome = _outcome(headers, placement)
    assert outcome is not Reason.INTERNAL_ERROR
    assert isinstance(outcome, Reason) or outcome.strip >= {"proxy-authorization", "x-interlock-run", "x-t"}


def _outcome(headers: list[tuple[str, str]], placement: Placement) -> Presented | Reason:
    try:
        return present(headers, placement, token_headers=["X-T"])
    except TokenRejected as rejected:
        return rejected.reason
