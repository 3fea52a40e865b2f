"""A session as lines: every event as JSON (`jsonl`), or decisions as a table for spreadsheets (`csv`).

A cell of a table is text that came from traffic: where a spreadsheet would take it for a formula, an apostrophe stands
before it, and control characters and direction marks are written out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

from interlock.recording.event import Event
from interlock.recording.exporting import Exported
from interlock.recording.wording import masked_words, operation_words, text_of, why_words

__all__ = ["cell", "csv_rows", "event_lines", "guarded"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_APART = re.compile(r"(;[\s\"']*)(?=[=+\-@＝＋－＠])")
_BEHIND = re.compile(r"[\s;,|\"']*[=+\-@＝＋－＠]")
_HEADINGS = (
    "session", "number", "time", "event", "subject", "connection", "method", "path", "effect", "why", "operations",
    "masked", "status", "milliseconds", "tokens", "cost_millionths",
)  # fmt: skip
_KINDS = frozenset(("decision", "reply", "response", "error", "usage", "approval", "grant", "tool"))


def event_lines(session: Exported) -> Iterator[str]:
    """Every event, as `interlock sessions show --json` prints it, with its chain: hash and the one before."""
    for event in session.events():
        document = {
            "session": session.summary.id, "seq": event.seq, "at": event.at, "kind": event.kind,
            "data": dict(event.data), "prev": event.prev, "hash": event.hash,
        }  # fmt: skip
        yield json.dumps(document, ensure_ascii=True, separators=(",", ":")) + "\n"


def csv_rows(session: Exported) -> Iterator[str]:
    """A row for each event that says what happened (RFC 4180), with a heading."""
    yield _line(_HEADINGS)
    for event in session.events():
        if event.kind in _KINDS:
            yield _line(_row(session, event))


def _row(session: Exported, event: Event) -> tuple[str, ...]:
    data = event.data
    tokens = [data.get(name) for name in ("input", "output", "cache_read", "cache_write")]
    counted = sum(told for told in tokens if type(told) is int) if event.kind == "usage" else ""
    return (
        session.summary.id, str(event.seq), event.at, event.kind, session.summary.subject, text_of(data, "connection"),
        text_of(data, "method"), text_of(data, "path"), text_of(data, "effect") or text_of(data, "state"),
        why_words(data), "; ".join(operation_words(data.get("operations"))), masked_words(data.get("masked")),
        _number(data.get("status")), _number(data.get("milliseconds")), str(counted), _number(data.get("cost")),
    )  # fmt: skip


def _number(value: object) -> str:
    return str(value) if type(value) is int else ""


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([cell(one) for one in cells])
    return out.getvalue()


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula and no reader for a command."""
    shown = "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in text)
    return guarded(text, shown)


def guarded(text: str, shown: str) -> str:
    """A text as it is `shown`, with a `'` wherever a spreadsheet could take it for a formula: at its beginning, and
    after semicolons, which end a cell where commas are decimal (and a quote that follows a comma begins none there).
    """
    apart = _APART.sub(r"\1'", shown)
    return f"'{apart}" if is_formula(text) else apart


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take a text for one, also behind blanks and what separates cells."""
    return text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) or _BEHIND.match(text) is not None
