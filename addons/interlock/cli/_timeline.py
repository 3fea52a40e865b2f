"""A session's events as lines for people: when, what was tried, what became of it, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from interlock.cli._show import plain

if TYPE_CHECKING:
    from rich.text import Text

    from interlock.model import JSON
    from interlock.recording import Line

__all__ = ["HEADINGS", "event_document", "timeline"]

HEADINGS = ("no", "time", "event", "outcome", "what", "why")
_STYLES = {"permit": "green", "forbid": "bold red", "review": "yellow"}
_TIME = slice(11, 23)

type Data = Mapping[str, JSON]


def event_document(line: Line) -> dict[str, JSON]:
    """One line of evidence for a machine; `fault` says why it cannot be believed."""
    found: dict[str, JSON] = {"line": line.number}
    event = line.event
    if event is not None:
        found |= {"seq": event.seq, "at": event.at, "kind": event.kind, "data": dict(event.data)}
    if line.fault:
        found["fault"] = line.fault
    return found


def timeline(lines: Iterator[Line]) -> Iterator[tuple[str | Text, ...]]:
    """A row for every line of evidence, damaged ones too."""
    from rich.text import Text

    for line in lines:
        event = line.event
        if event is None:
            yield str(line.number), "", Text("DAMAGED", "bold red"), "", f"the line {line.fault}", ""
            continue
        outcome = _text(event.data, "effect") or _outcome(event.kind, event.data)
        mark = Text(plain(outcome), _STYLES.get(outcome, ""))
        kind = Text("DAMAGED " + event.kind, "bold red") if line.fault else Text(event.kind)
        why = _why(event.data) + (f" (the line {line.fault})" if line.fault else "")
        yield str(event.seq), event.at[_TIME], kind, mark, _what(event.kind, event.data), why


def _outcome(kind: str, data: Data) -> str:
    if kind == "response":
        return str(data.get("status", ""))
    if kind in ("approval", "grant"):
        return _text(data, "state")
    return _text(data, "error")


def _what(kind: str, data: Data) -> str:
    if kind == "opened":
        group = [f"{_text(data, 'subject')} by {_text(data, 'identity') or _text(data, 'issuer')}"]
        group += [f"run {_text(data, 'run')}"] if data.get("run") else []
        group += [f"rules {_text(data, 'rules')[:12]}"] if data.get("rules") else []
        return ", ".join(group)
    if kind == "closed":
        return _text(data, "reason")
    if kind in ("approval", "grant"):
        return _asked(data)
    parts = [" ".join(filter(None, (_text(data, name) for name in ("connection", "method", "path", "tool"))))]
    findings = data.get("findings")
    parts += [", ".join(map(str, findings))] if isinstance(findings, list) else []
    parts += _operations(data.get("operations"))
    if kind == "response" and isinstance(data.get("milliseconds"), int):
        parts.append(f"{data['milliseconds']} ms" + (", streamed" if data.get("streamed") else ""))
    parts += _masked(data.get("masked"))
    return "; ".join(filter(None, parts))


def _asked(data: Data) -> str:
    """An approval: which one, about what, by which rules, and who said what; or grants that ended under a request."""
    named, grants, votes = _text(data, "approval"), data.get("grants"), data.get("votes")
    parts = [named or ", ".join(map(str, grants) if isinstance(grants, list) else ())]
    parts.append(
        " ".join(
            filter(None, (_text(data, "operation"), _text(data, "connection") and "on " + _text(data, "connection")))
        )
    )
    for vote in votes if isinstance(votes, list) else []:
        if isinstance(vote, dict):
            parts.append(f"{_text(vote, 'by')} said {'yes' if vote.get('approves') else 'no'}")
    parts.append(_text(data, "why"))
    return "; ".join(filter(None, parts))


def _operations(value: JSON) -> list[str]:
    """Every operation with what it touches."""
    from interlock.recording.operations import detail

    found = []
    for item in value if isinstance(value, list) else []:
        if not isinstance(item, dict):
            continue
        if item.get("more"):
            found.append("and more")
            continue
        details = [detail(item, name) for name in ("kinds", "command", "tables", "hosts", "model", "flags")]
        words = [" ".join(map(str, each)) if isinstance(each, list) else str(each) for each in details if each]
        found.append(" ".join([_text(item, "name"), *words]))
    return found


def _masked(value: JSON) -> list[str]:
    counts: dict[str, int] = {}
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            more = item.get("more")
            name = _text(item, "detector") or _text(item, "rule") or "more"
            counts[name] = counts.get(name, 0) + (more if isinstance(more, int) else 1)
    return ["masked " + ", ".join(f"{name} x{count}" for name, count in counts.items())] if counts else []


def _why(data: Data) -> str:
    rule, reason = _text(data, "rule"), _text(data, "reason")
    said = [f"rule {rule}"] if rule else []
    rules, grants = data.get("rules"), data.get("grants")
    said += [f"rule {name}" for name in rules] if isinstance(rules, list) else []
    said += [f"grant {name}" for name in grants] if isinstance(grants, list) and "effect" in data else []
    said += [f"approval {_text(data, 'approval')}"] if data.get("approval") and "effect" in data else []
    reports = data.get("reports")
    for item in reports if isinstance(reports, list) else []:
        if isinstance(item, dict):
            said.append(f"rule {_text(item, 'rule')} would {_text(item, 'effect')}")
    return ", ".join(filter(None, (reason if "effect" in data else "", *said)))


def _text(data: Data, name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
