"""The report as a file: whole, without scripts, and nothing that agents chose gets out of its cell."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser

from interlock.access.report import GroupUse, Report, Use
from interlock.access.report_csv import cell, report_csv
from interlock.access.report_html import report_html
from interlock.access.tallies import Row

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "\x1b[31m",
    "a\u202eb",
    "@SUM(1)",
    "＝1",
]


def _report() -> Report:
    report = Report(sessions=1, decisions=9, rules="d" * 64)
    for number, name in enumerate(HOSTILE):
        row = Row(uses=number + 1, refused=1, approved=1, examples=[name])
        for day in range(5):
            row.used(f"2026-03-0{day + 1}T09:00:00.000Z", name)
        row.reasons[name] += 1
        row.attempted(name)
        report.uses.append(Use(name, name, (name,), name, "permit", "used", row))
    report.uses.append(Use("i", "s", (), "never", "review", "never-used"))
    report.groups.append(GroupUse(HOSTILE[1], HOSTILE[2], 3, 1, 5, 0, "2026-03-01"))
    return report


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_html_is_whole_and_still() -> None:
    """One file: nothing is fetched, nothing runs, plots are there, hostile names are text."""
    page = "".join(report_html(_report()))
    parser = _Tags()
    parser.feed(page)
    tags = {tag for tag, _ in parser.tags}

    assert not tags & {"script", "img", "link", "iframe", "object", "form", "a"}
    assert not [name for _, attrs in parser.tags for name in attrs if name.startswith("on") or name in ("src", "href")]
    assert "default-src 'none'" in page
    assert {"svg", "rect", "table"} <= tags
    assert "<script>alert(1)</script>" in "".join(parser.texts)
    assert all(char.isprintable() or char == "\n" for char in page)
    assert page.count("<tr") == page.count("</tr>")


def test_plots_say_what_they_show() -> None:
    """From which day to which, how much at most; one day alone is a bar, not a wall."""
    page = "".join(report_html(_report()))
    assert "2026-03-01</text>" in page
    assert f"most on 2026-03-01: {len(HOSTILE)}" in page
    row = Row()
    row.used("2026-03-01T09:00:00.000Z", "sql.read on warehouse")
    page = "".join(report_html(Report(uses=[Use("i", "s", (), "r", "permit", "used", row)])))
    widths = [float(found) for found in re.findall(r'<rect x="[0-9.]+" y="[0-9.]+" width="([0-9.]+)"', page)]
    assert widths
    assert max(widths) < 40
    assert "Nothing passed." in "".join(report_html(Report()))


def test_csv_holds_no_formulas() -> None:
    """Every cell is text to a spreadsheet, and every row has all its cells."""
    rows = list(csv.reader(io.StringIO("".join(report_csv(_report())))))

    assert {len(row) for row in rows} == {16}
    assert len(rows) == 2 + len(HOSTILE)
    assert not [value for row in rows for value in row if value[:1] in "=+-@\t\r＝" and value]
    assert rows[1][1] == "'" + HOSTILE[0]
    assert cell("-1") == "'-1"
    assert cell("plain") == "plain"


def test_an_empty_report_is_a_report() -> None:
    """Nothing was recorded: there is still a page and a head."""
    assert "0 decisions" in "".join(report_html(Report()))
    assert len(list(report_csv(Report()))) == 1
