"""MCP's headers, which repeat the body (whole requests: adapters/test_mcp.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.protocols.mcp_headers import check_headers, check_once, check_parameters, header_texts, message_subject
from interlock.reasons import Reason

VERSION = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
CALL: dict[str, JSON] = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/call",
    "params": {"name": "x", "arguments": {"database": "prod", "in": {"n": 7, "yes": True, "no": None}},
               "_meta": VERSION},
}  # fmt: skip


def test_a_subject_is_what_the_header_repeats() -> None:
    """Tool, prompt or resource; nothing for the rest or for other types."""
    assert message_subject({"method": "tools/call", "params": {"name": "x"}}) == "x"
    assert message_subject({"method": "resources/read", "params": {"uri": "u"}}) == "u"
    assert message_subject({"method": "tools/list", "params": {"name": "x"}}) == ""
    assert message_subject({"method": "tools/call", "params": {"name": 7}}) == ""
    assert message_subject({"method": "tools/call"}) == ""


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"mcp_param_database": "prod"},
        {"mcp_param_n": "7", "mcp_param_yes": "true"},
        {"mcp_param_database": "=?base64?cHJvZA==?="},
        {"mcp_protocol_version": "2026-07-28"},
        {"mcp_method": "tools/call", "mcp_name": "x"},
        {"mcp_session_id": "s"},
    ],
)
def test_headers_that_agree_pass(request_of: Callable[..., Exchange], headers: dict[str, str]) -> None:
    """Absent ones tell no other story."""
    check_headers(request_of("POST", "/mcp", **headers), [((), CALL)])


@pytest.mark.parametrize(
    "headers",
    [
        (("mcp-param-database", "test"),),
        (("mcp-param-database", "prod "), ("mcp-param-database", "prod")),
        (("mcp-param-database", "=?base64?cHJvZB==?="),),
        (("mcp-param-no", "null"),),
        (("mcp-protocol-version", "2025-11-25"),),
        (("mcp-name", "x"), ("mcp-name", "x")),
        (("mcp-session-id", "a"), ("mcp-session-id", "b")),
    ],
)
def test_headers_that_disagree_are_refused(
    request_of: Callable[..., Exchange], headers: tuple[tuple[str, str], ...]
) -> None:
    """Also where one stands twice, with the same value: some server takes another one than we."""
    with pytest.raises(BodyRejected) as caught:
        check_headers(replace(request_of("POST", "/mcp"), headers=headers), [((), CALL)])

    assert caught.value.reason is Reason.BODY_AMBIGUOUS


def test_a_session_has_one_id(request_of: Callable[..., Exchange]) -> None:
    """Also where there is no body to compare with."""
    request = replace(request_of("GET", "/mcp"), headers=(("mcp-session-id", "a"), ("mcp-session-id", "b")))
    with pytest.raises(BodyRejected):
        check_once(request)
    check_once(request_of("DELETE", "/mcp", mcp_session_id="a"))


def test_a_parameter_on_anything_but_a_call_is_refused(request_of: Callable[..., Exchange]) -> None:
    """And in a batch, where it would belong to nothing."""
    request = request_of("POST", "/mcp", mcp_param_database="prod")
    for found in ([((), {"method": "tools/list"})], [((0,), CALL)]):
        with pytest.raises(BodyRejected):
            check_headers(request, found)


def test_a_schema_says_which_argument_a_header_repeats(request_of: Callable[..., Exchange]) -> None:
    """The value of another argument is another story."""
    request = request_of("POST", "/mcp", mcp_param_database="prod", mcp_param_other="x")
    check_parameters(request, {"database": "prod", "query": "x"}, {"database": ("database",)})
    check_parameters(request, {"in": {"db": "prod"}}, {"database": ("in", "db")})
    with pytest.raises(BodyRejected):
        check_parameters(request, {"database": "test", "query": "prod"}, {"database": ("database",)})


def test_what_a_header_can_repeat() -> None:
    """Texts, whole numbers and truth values."""
    assert header_texts("a ") == ("a ", "a")
    assert (header_texts(7), header_texts(True), header_texts(False)) == (("7",), ("true",), ("false",))
    assert header_texts(1.5) == header_texts([]) == header_texts(None) == header_texts(1 << 20000) == ()
