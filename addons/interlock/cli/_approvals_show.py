"""Approvals and grants for a terminal: all of what would run, escaped, nothing cut (invariant 11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from interlock.approval.states import missing
from interlock.cli._show import plain, table
from interlock.model import JSON, Approval, ApprovalKind, Change, Grant

__all__ = ["approval_lines", "asked_back", "grants_table", "queue_table", "row"]

_KINDS = {
    ApprovalKind.GRANT: "its operations then pass without asking",
    ApprovalKind.BREAK_GLASS: "in an emergency, where nobody is asked otherwise",
}


def queue_table(waiting: Sequence[Approval], now: float) -> Table:
    """What waits, the most urgent first."""
    ordered = sorted(waiting, key=lambda entry: entry.expires)
    rows = [
        (entry.id, entry.operation + (" (content not seen)" if entry.unseen else ""), entry.connection,
         entry.requester.subject, _span(entry.expires - now), str(sum(missing(entry, ask) for ask in entry.asks)))
        for entry in ordered
    ]  # fmt: skip
    found = table(("id", "operation", "on", "who asks", "left", "people"), rows, f"{len(rows)} waiting", whole=("id",))
    found.caption = "interlock approvals show ID | approve ID | deny ID --reason WHY" if rows else None
    found.caption_justify = "left"
    return found


def grants_table(grants: Sequence[Grant], now: float) -> Table:
    """Grants in force."""
    rows = [
        (entry.id, entry.holder.subject, ", ".join(entry.operations), entry.connection, _span(entry.until - now),
         ", ".join(one.subject for one in entry.by), entry.because)
        for entry in grants
    ]  # fmt: skip
    return table(("id", "who", "may do", "on", "left", "given by", "because"), rows, whole=("id",))


def row(approval: Approval, now: float) -> dict[str, JSON]:
    """An approval as one line of JSON."""
    return {
        "id": approval.id, "state": str(approval.state), "kind": str(approval.kind), "operation": approval.operation,
        "connection": approval.connection, "requester": approval.requester.subject,
        "acting_for": approval.requester.acting_for, "unseen": approval.unseen, "because": approval.because,
        "rules": [ask.rule for ask in approval.asks], "wanted": sum(missing(approval, ask) for ask in approval.asks),
        "expires_in": max(0, int(approval.expires - now)), "outcome": approval.outcome,
    }  # fmt: skip


def approval_lines(approval: Approval, history: Iterable[Change], now: float) -> list[Text]:
    """One approval in full."""
    who = approval.requester
    acting = f" for {who.acting_for}" if who.acting_for else ""
    lines = [
        Text(plain(f"{approval.operation} on {approval.connection}"), style="bold"),
        Text(plain(f"{approval.state}, {_span(approval.expires - now)} left; asked by {who.subject}{acting}")),
    ]
    if approval.kind is not ApprovalKind.OPERATION:
        lines.append(Text(f"asks for a grant: {_KINDS[approval.kind]}", style="yellow"))
    if approval.because:
        lines.append(Text(plain(f"its reason (written by the agent, unverified): {approval.because}")))
    if approval.unseen:
        lines.append(Text("content not seen: nobody has read here what this runs", style="yellow"))
    lines += [Text(line) for line in _tree(approval.shown, 1)]
    lines += [Text(plain(f"rule {ask.rule}: {missing(approval, ask)} more wanted")) for ask in approval.asks]
    for change in history:
        by, why = (f" by {change.by}" if change.by else ""), (f": {change.why}" if change.why else "")
        lines.append(Text(plain(f"{_moment(change.at)} {change.state}{by}{why}"), style="dim"))
    return lines


def asked_back(action: str, approval: Approval, grant: str) -> str:
    """What somebody agrees to: this once, or everything that a grant lets its holder do meanwhile."""
    if approval.kind is ApprovalKind.OPERATION and not grant:
        return plain(f"{action} {approval.operation} once?")
    names = approval.wanted.get("operations")
    covered = ", ".join(str(name) for name in names) if isinstance(names, list | tuple) else approval.operation
    if action != "approve":
        return plain(f"{action} {covered}?")
    seconds = approval.wanted.get("seconds")
    asked = _span(seconds) if isinstance(seconds, int | float) and not grant else grant
    return plain(f"let {approval.requester.subject} do {covered} on {approval.connection} without asking for {asked}?")


def _tree(shown: Mapping[str, JSON], depth: int) -> list[str]:
    lines: list[str] = []
    for name, value in shown.items():
        head = f"{'  ' * depth}{plain(name)}:"
        if isinstance(value, Mapping):
            lines += [head, *_tree(value, depth + 1)]
        elif isinstance(value, list | tuple):
            lines.append(head)
            for item in value:
                lines += _item(item, depth + 1) if isinstance(item, Mapping) else _text("", item, depth + 1)
        else:
            lines += _text(head + " ", value, depth if head else depth + 1)
    return lines


def _item(item: Mapping[str, JSON], depth: int) -> list[str]:
    """One of several: a dash shows where it begins."""
    first, *more = _tree(item, depth + 1) or [""]
    return [f"{'  ' * depth}- {first.lstrip()}", *more]


def _text(head: str, value: JSON, depth: int) -> list[str]:
    """A text with its own lines, each of them escaped and indented."""
    first, *more = (plain(line) for line in ("null" if value is None else str(value)).split("\n"))
    pad = "  " * depth
    return [f"{head or pad + '- '}{first}", *(f"{pad}  {line}" for line in more)]


def _span(seconds: float) -> str:
    whole = max(0, int(seconds))
    return f"{whole // 60}m{whole % 60:02}s"


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
