"""What is said of traffic that could not be read: what happened, never what was in it."""

from __future__ import annotations

import logging

import pytest

from interlock.mitm.saying import Quiet, error_kind, error_says

CANARY = "canary-91c2"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Client disconnected.", "client-gone"),
        ("Connection killed: address-refused", "address-refused"),
        ("Connection killed: not-ready", "not-ready"),
        ("Certificate verify failed: hostname mismatch", "upstream-unreachable"),
        ("[Errno 111] Connect call failed ('127.0.0.1', 1)", "upstream-unreachable"),
        (f"unexpected server response: b'{CANARY}'", "upstream-error"),
        (f"Received invalid header name: b'{CANARY}' from server, refusing", "upstream-error"),
        (f"Received invalid header name: b'{CANARY}' from client, refusing", "malformed-request"),
        (f"Bad HTTP request line: b'{CANARY}'", "malformed-request"),
        ("Request body exceeds mitmproxy's body_size_limit.", "body-too-large"),
        (f"something new about {CANARY}", "upstream-error"),
    ],
)
def test_an_error_is_one_of_few_kinds(message: str, kind: str) -> None:
    """The kind stands first, and nothing is quoted."""
    assert error_kind(message) == kind
    assert error_says(message).startswith(f"{kind}: ")
    assert CANARY not in error_says(message)


@pytest.mark.parametrize(
    "message",
    [
        f"Client closed connection before completing request headers: b'GET /\\r\\nA: {CANARY}'",
        f'Unexpected data from server: b"it\'s {CANARY}"',
        f"Unexpected data from server: b'cut {CANARY}",
        f"unknown transfer-encoding header: '{CANARY}'",
    ],
)
def test_the_log_quotes_no_traffic(message: str) -> None:
    """The rest of the line stays."""
    record = logging.LogRecord("x", logging.INFO, "", 0, message, (), None)

    assert Quiet().filter(record)
    assert CANARY not in record.getMessage()
    assert record.getMessage().startswith(message[:12])


def test_the_log_names_an_exception_without_its_text() -> None:
    """A traceback may hold what was parsed."""
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "crashed", (), (ValueError, error, error.__traceback__))

    assert Quiet().filter(record)
    assert CANARY not in logging.Formatter().format(record)
    assert "ValueError" in record.getMessage()
