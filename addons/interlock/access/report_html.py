"""An access report as one HTML file: no script, nothing fetched, plots in SVG; everything from traffic is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from html import escape

from interlock.access.report import GroupUse, Report, Use
from interlock.approval.shown import escaped

__all__ = ["report_html"]

_CSS = """
:root{color-scheme:light dark;font:15px/1.45 system-ui,sans-serif}body{margin:2rem auto;max-width:76rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;overflow-wrap:normal}td.n{text-align:right;font-variant-numeric:tabular-nums}.never-used{opacity:.75}
.state{border-radius:.6rem;padding:0 .5rem;white-space:nowrap;background:#8883}.state.used{background:#2a73}
.state.refused{background:#c333}.state.never-used{background:#c913}svg{display:block}rect{fill:#37a}.tile{fill:#37a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{font-weight:600}dd{margin:0}small{opacity:.8}
"""
_DAYS = 90
_WIDE, _HIGH = 180, 28
_TOP = 12


def report_html(report: Report, *, title: str = "Access report") -> Iterator[str]:
    """Piece by piece."""
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{_text(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><style>{_CSS}</style></head><body><h1>{_text(title)}</h1>'
    )
    yield _head(report)
    days = _days(report.uses)
    yield "<h2>Use by day</h2>" + _bars(_summed(report.uses), days, 900, 90, "everything that passed, by day")
    yield "<h2>Most used</h2>" + _most(report.uses)
    yield "<h2>Groups</h2>" + _groups(report.groups)
    yield "<h2>Principals</h2><table><thead><tr>" + "".join(
        f"<th>{name}</th>"
        for name in ("principal", "rule", "state", "uses", "by day", "last", "refused", "people", "what")
    )
    yield "</tr></thead><tbody>"
    for use in report.uses:
        yield _row(use, days)
    yield "</tbody></table></body></html>\n"


def _head(report: Report) -> str:
    states = {state: sum(use.state == state for use in report.uses) for state in ("used", "refused", "never-used")}
    rows = (
        ("window", f"{report.since or 'everything'} to {report.until or 'now'}"),
        (
            "read",
            f"{report.sessions} sessions, {report.decisions} decisions, {report.damaged} lines unreadable",
        ),
        ("permissions", ", ".join(f"{count} {state}" for state, count in states.items())),
        ("rules", report.rules),
    )
    return "<dl>" + "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in rows) + "</dl>"


def _row(use: Use, days: Sequence[str]) -> str:
    row = use.row
    who = f"{_text(use.subject)}<br><small>{_text(use.issuer)}<br>{_text(', '.join(use.groups))}</small>"
    people = f"{row.approved} yes, {row.denied} no" if row.approved or row.denied else ""
    what = _text(use.operations) + (f"<br><small>{_text(', '.join(row.reasons))}</small>" if row.reasons else "")
    plot = _bars(row.days, days, _WIDE, _HIGH, f"{row.uses} uses") if row.uses else ""
    cells = (
        ("", who), ("", f"{_text(use.rule or '(no rule)')}<br><small>{_text(use.gives)}</small>"),
        ("", f'<span class="state {use.state}">{_text(use.state)}</span>'), ("n", str(row.uses)), ("", plot),
        ("", _text(row.last[:16].replace("T", " "))), ("n", str(row.refused)), ("", people), ("", what),
    )  # fmt: skip
    inner = "".join(f'<td class="{kind}">{value}</td>' if kind else f"<td>{value}</td>" for kind, value in cells)
    return f'<tr class="{use.state}">{inner}</tr>\n'


def _groups(groups: Iterable[GroupUse]) -> str:
    rows = "".join(
        f"<tr><td>{_text(one.group)}</td><td>{_text(one.rule or '(no rule)')}</td>"
        f'<td class="n">{one.users} of {one.members}</td><td class="n">{one.uses}</td>'
        f'<td class="n">{one.refused}</td><td>{_text(one.last[:16].replace("T", " "))}</td></tr>\n'
        for one in groups
    )
    names = ("group", "rule", "used by", "uses", "refused", "last")
    return (
        f"<table><thead><tr>{''.join(f'<th>{name}</th>' for name in names)}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _most(uses: Iterable[Use]) -> str:
    """A bar for each of the most used rules."""
    counts: dict[str, int] = {}
    for use in uses:
        if use.row.uses:
            counts[use.rule or "(no rule)"] = counts.get(use.rule or "(no rule)", 0) + use.row.uses
    top = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_TOP]
    largest = max((count for _, count in top), default=1)
    bars = []
    for at, (name, count) in enumerate(top):
        wide, low = max(1, 520 * count // largest), 22 * at + 15
        said = f'y="{low}" font-size="12" fill="currentColor"'
        bars.append(f'<rect class="tile" x="260" y="{low - 11}" width="{wide}" height="14"/>')
        bars.append(f'<text x="250" text-anchor="end" {said}>{_text(name[:40])}</text>')
        bars.append(f'<text x="{268 + wide}" {said}>{count}</text>')
    return (
        f'<svg role="img" aria-label="most used rules" width="860" height="{22 * len(top) + 4}">{"".join(bars)}</svg>'
    )


def _bars(counts: Mapping[str, int], days: Sequence[str], wide: int, high: int, says: str) -> str:
    largest = max((counts.get(day, 0) for day in days), default=0) or 1
    step = wide / max(1, len(days))
    bars = []
    for at, day in enumerate(days):
        count = counts.get(day, 0)
        tall = max(1, high * count // largest)
        if count:
            place = f'x="{at * step:.1f}" y="{high - tall}" width="{max(0.8, step - 0.6):.1f}" height="{tall}"'
            bars.append(f"<rect {place}><title>{_text(day)}: {count}</title></rect>")
    return f'<svg role="img" aria-label="{_text(says)}" width="{wide}" height="{high}">{"".join(bars)}</svg>'


def _summed(uses: Iterable[Use]) -> dict[str, int]:
    found: dict[str, int] = {}
    for use in uses:
        for day, count in use.row.days.items():
            found[day] = found.get(day, 0) + count
    return found


def _days(uses: Iterable[Use]) -> list[str]:
    """The last days on which anything was used, without gaps."""
    last = max((day for use in uses for day in use.row.days), default="")
    first = min((day for use in uses for day in use.row.days), default="")
    try:
        end, begin = date.fromisoformat(last), date.fromisoformat(first)
    except ValueError:
        return []
    count = min(_DAYS, (end - begin).days + 1)
    return [(end - timedelta(days=count - 1 - at)).isoformat() for at in range(count)]


def _text(text: str) -> str:
    return escape(escaped(text), quote=True)
