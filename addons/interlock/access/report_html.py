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
th{font-weight:600;overflow-wrap:normal}.n{text-align:right;font-variant-numeric:tabular-nums}.never-used{opacity:.75}
.wide{overflow-x:auto}.wide table{min-width:34rem}.wide .all{min-width:62rem}svg{height:auto}
.state{border-radius:.6rem;padding:0 .5rem;white-space:nowrap;background:#8883}.state.used{background:#2a73}
.state.refused{background:#c333}.state.never-used{background:#c913}svg{display:block}rect{fill:#37a}.tile{fill:#37a}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{font-weight:600}small{opacity:.8}
dd{margin:0;overflow-wrap:anywhere}
"""
_DAYS = 90
_NUMBERS = frozenset(("used by", "uses", "refused"))
_WIDE, _HIGH = 180, 28
_THICK = 36
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
    yield "<h2>Use by day</h2>" + _by_day(_summed(report.uses), days)
    yield "<h2>Most used</h2>" + _most(report.uses)
    yield "<h2>Groups</h2>" + _groups(report.groups)
    yield '<h2>Principals</h2><div class="wide"><table class="all">' + _heads(
        "principal", "rule", "state", "uses", "by day", "last", "refused", "people", "what"
    )
    for use in report.uses:
        yield _row(use, days)
    yield "</tbody></table></div></body></html>\n"


def _heads(*names: str) -> str:
    cells = (f'<th class="n">{name}</th>' if name in _NUMBERS else f"<th>{name}</th>" for name in names)
    return f"<thead><tr>{''.join(cells)}</tr></thead><tbody>"


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
    what = _text(use.operations) + (f"<br><small>refused {_text(use.tried)}</small>" if use.tried else "")
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
    head = _heads("group", "rule", "used by", "uses", "refused", "last")
    return f'<div class="wide"><table>{head}{rows}</tbody></table></div>'


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
    plot = _svg("most used rules", 860, 22 * len(top) + 4, "".join(bars))
    return f'<div class="wide">{plot}</div>'


def _by_day(counts: Mapping[str, int], days: Sequence[str]) -> str:
    """All of it, with the first and the last day, and how much the highest bar is."""
    if not days:
        return "<p>Nothing passed.</p>"
    first, last, end = days[0], days[-1], min(900, _THICK * len(days))
    most = max(days, key=lambda day: counts.get(day, 0))
    said = 'y="104" font-size="12" fill="currentColor"'
    words = f'<text x="0" {said}>{_text(first)}</text>'
    if end > 200:
        words += f'<text x="{end}" text-anchor="end" {said}>{_text(last)}</text>'
    plot = _svg("everything that passed, by day", 900, 110, _rects(counts, days, 900, 90) + words)
    return f'<div class="wide">{plot}</div><p><small>most on {_text(most)}: {counts.get(most, 0)}</small></p>'


def _bars(counts: Mapping[str, int], days: Sequence[str], wide: int, high: int, says: str) -> str:
    return _svg(says, wide, high, _rects(counts, days, wide, high))


def _svg(says: str, wide: int, high: int, inner: str) -> str:
    return f'<svg role="img" aria-label="{_text(says)}" viewBox="0 0 {wide} {high}" width="{wide}">{inner}</svg>'


def _rects(counts: Mapping[str, int], days: Sequence[str], wide: int, high: int) -> str:
    """A bar a day, no thicker than is readable."""
    largest = max((counts.get(day, 0) for day in days), default=0) or 1
    step = min(wide / max(1, len(days)), wide * _THICK / 900)
    bars = []
    for at, day in enumerate(days):
        count = counts.get(day, 0)
        tall = max(1, high * count // largest)
        if count:
            place = f'x="{at * step:.1f}" y="{high - tall}" width="{max(0.8, step - 0.6):.1f}" height="{tall}"'
            bars.append(f"<rect {place}><title>{_text(day)}: {count}</title></rect>")
    return "".join(bars)


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
