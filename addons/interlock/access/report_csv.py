"""An access report as CSV (RFC 4180) whose cells no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from interlock.access.report import Report
from interlock.approval.shown import escaped
from interlock.recording.export_lines import guarded

__all__ = ["cell", "report_csv"]

_HEAD = (
    "issuer", "subject", "groups", "rule", "gives", "state", "uses", "refused", "approved", "denied", "first", "last",
    "operations", "tried", "reasons", "examples",
)  # fmt: skip


def report_csv(report: Report) -> Iterator[str]:
    """Line by line, the head first."""
    yield _line(_HEAD)
    for use in report.uses:
        row = use.row
        yield _line((
            use.issuer, use.subject, " ".join(use.groups), use.rule, use.gives, use.state, str(row.uses),
            str(row.refused), str(row.approved), str(row.denied), row.first, row.last, use.operations,
            ", ".join(row.tried), " ".join(f"{reason}:{count}" for reason, count in row.reasons.most_common()),
            " ".join(row.examples),
        ))  # fmt: skip


def cell(text: str) -> str:
    """A cell that is text to everybody: what is unseen is written out, what begins like a formula begins with `'`."""
    return guarded(text, escaped(text))


def _line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()
