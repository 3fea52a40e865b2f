"""What may be said about traffic that mitmproxy could not read: which of few things happened, never what was in it."""

from __future__ import annotations

import logging
import re

from interlock.reasons import Reason

__all__ = ["Quiet", "error_kind", "error_says"]

_OWN = (Reason.ADDRESS_REFUSED, Reason.UNKNOWN_HOST, Reason.NOT_READY, Reason.UPSTREAM_UNREACHABLE)
"""Reasons with which the gateway itself stops a dial; mitmproxy quotes them."""

_KINDS = (
    ("client disconnected", "client-gone"),
    ("stream reset", "client-gone"),
    ("body_size_limit", str(Reason.BODY_TOO_LARGE)),
    ("killed by", "stopped"),
    ("not judged", "stopped"),
    ("from server", "upstream-error"),
    ("server response", "upstream-error"),
    ("http response", "upstream-error"),
    ("server closed", "upstream-error"),
    ("certificate", str(Reason.UPSTREAM_UNREACHABLE)),
    ("connect", str(Reason.UPSTREAM_UNREACHABLE)),
    ("killed", "stopped"),
    ("malformed answer", "upstream-error"),
    ("malformed", str(Reason.MALFORMED_REQUEST)),
    ("invalid", str(Reason.MALFORMED_REQUEST)),
    ("smuggling", str(Reason.MALFORMED_REQUEST)),
    ("bad http", str(Reason.MALFORMED_REQUEST)),
    ("no host header", str(Reason.MALFORMED_REQUEST)),
)
_SAYS = {
    "client-gone": "the client left before the answer",
    "stopped": "the request was stopped before it was forwarded",
    "upstream-error": "the upstream's answer broke off or is not well-formed HTTP",
}
_BYTES = re.compile(r"""b'(?:[^'\\]|\\.)*'?|b"(?:[^"\\]|\\.)*"?""")
_QUOTED = re.compile(
    r"""((?:header|headers|line|encoding|method|version)\b[^'"]{0,20})(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
)


def error_kind(message: str) -> str:
    """mitmproxy's own message as one of few words; its text may hold what was in the traffic."""
    lowered = message.lower()
    for reason in _OWN:
        if f"killed: {reason}" in lowered:
            return str(reason)
    return next((kind for word, kind in _KINDS if word in lowered), "upstream-error")


def error_says(message: str) -> str:
    """The same as words for a person: the kind, and what it means."""
    kind = error_kind(message)
    return f"{kind}: {_SAYS[kind] if kind in _SAYS else Reason.of(kind).says}"


class Quiet(logging.Filter):
    """Takes quotations of traffic and the text of exceptions out of what mitmproxy logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; all of them stay."""
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text, record.exc_info, record.exc_text = f"{text} ({record.exc_info[0].__name__})", None, None
        record.msg = _QUOTED.sub(r"\1[not shown]", _BYTES.sub("[not shown]", text))
        record.args = ()
        return True
