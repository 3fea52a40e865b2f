"""One JSON document a line: NDJSON, JSON Lines, and the bulk bodies of search engines."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.body import read_json
from interlock.reasons import Reason

__all__ = ["LINES", "is_lines_type", "read_lines"]

LINES = frozenset(
    (
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
    )
)
_MAX_LINES = 100_000


def is_lines_type(kind: str) -> bool:
    """Whether a media type (lower case, without parameters) says that every line is a document."""
    return kind in LINES or kind.endswith("+x-ndjson")


def read_lines(body: bytes, *, blank: bool = True) -> list[JSON]:
    """The document on each line, each read as strictly as a whole body.

    Lines end with LF or CRLF, the last one need not. A blank line is none, or refused if `blank` is false: where lines
    belong together, it is not the same to every reader. Raises BodyRejected.
    """
    if b"\r" in body.replace(b"\r\n", b""):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a carriage return stands within a line")
    lines = body.split(b"\n", _MAX_LINES)
    if len(lines) > _MAX_LINES:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the body has more than {_MAX_LINES} lines")
    if not blank and any(not line.strip(b" \t\r") for line in lines[:-1]):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a blank line stands among lines that belong together")
    found = [read_json(line) for line in lines if line.strip(b" \t\r")]
    if not found:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body has no line that is a document")
    return found
