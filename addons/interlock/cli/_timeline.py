"""A session's events as lines for people: when, what was tried, what became of it, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from interlock.cli._show import plain

if TYPE_CHECKING:
    from rich.text import Text

    from interlock.model import JSON
    from interlock.recording import Line

__all__ = ["HEADINGS", "event_document", "timeline", "what_words"]

HEADINGS = ("no", "time", "event", "outcome", "what", "why")
_STYLES = {"permit": "green", "forbid": "bold red", "review": "yellow"}
_TIME = slice(11, 23)

type Data = Mapping[str, JSON]
type Shapes = Callable[[int, str, Data], list[str]]


def event_document(line: Line) -> dict[str, JSON]:
    """One line of evidence for a machine; `fault` says why it cannot be believed."""
    found: dict[str, JSON] = {"line": line.number}
    event = line.event
    if event is not None:
        found |= {"seq": event.seq, "at": event.at, "kind": event.kind, "data": dict(event.data)}
    if line.fault:
        found["fault"] = line.fault
    return found


def timeline(lines: Iterator[Line], shapes: Shapes | None = None) -> Iterator[tuple[str | Text, ...]]:
    """A row for every line of evidence, damaged ones too. `shapes` tells what was masked in an event, line by line."""
    from rich.text import Text

    from interlock.recording.wording import text_of, why_words

    for line in lines:
        event = line.event
        if event is None:
            yield str(line.number), "", Text("DAMAGED", "bold red"), "", f"the line {line.fault}", ""
            continue
        outcome = text_of(event.data, "effect") or _outcome(event.kind, event.data)
        mark = Text(plain(outcome), _STYLES.get(outcome, ""))
        kind = Text("DAMAGED " + event.kind, "bold red") if line.fault else Text(event.kind)
        why = why_words(event.data) if event.kind != "opened" else ""
        why += f" (the line {line.fault})" if line.fault else ""
        what: str | Text = what_words(event.kind, event.data)
        told = shapes(event.seq, event.kind, event.data) if shapes is not None else []
        if told:
            what = Text("\n".join(plain(each) for each in (what, *(f"  {one}" for one in told)) if each))
        yield str(event.seq), event.at[_TIME], kind, mark, what, why


def _outcome(kind: str, data: Data) -> str:
    if kind == "response":
        return str(data.get("status", ""))
    name = "state" if kind in ("approval", "grant") else "error"
    value = data.get(name)
    return value if isinstance(value, str) else ""


def what_words(kind: str, data: Data) -> str:
    """What an event is about, in one line."""
    from interlock.recording.usage import in_words
    from interlock.recording.wording import masked_words, operation_words, text_of

    if "sealed" in data:
        return f"({text_of(data, 'sealed')})"
    if kind == "usage":
        return f"{text_of(data, 'model')} {in_words(data)}".strip()
    told = {"opened": _opened, "principal": _principal, "rules": _rules, "approval": _asked, "grant": _asked}.get(kind)
    if told is not None:
        return told(data)
    if kind == "closed":
        return text_of(data, "reason")
    parts = [" ".join(filter(None, (text_of(data, name) for name in ("connection", "method", "path", "tool"))))]
    findings = data.get("findings")
    parts += [", ".join(map(str, findings))] if isinstance(findings, list) else []
    parts += [text_of(data, "tool_use")]
    parts += operation_words(data.get("operations"))
    if kind == "response" and isinstance(data.get("milliseconds"), int):
        parts.append(f"{data['milliseconds']} ms" + (", streamed" if data.get("streamed") else ""))
    parts.append(masked_words(data.get("masked")))
    return "; ".join(filter(None, (*parts, *_claims(data))))


def _claims(data: Data) -> list[str]:
    """What the client says the request belongs to."""
    claims = data.get("claims")
    if not isinstance(claims, dict):
        return []
    found = [f"turn {claims['turn']}"] if isinstance(claims.get("turn"), int) else []
    for name, word in (("tool_use", "for"), ("results", "with results of")):
        ids = claims.get(name)
        found += [f"{word} {', '.join(map(str, ids))}"] if isinstance(ids, list) and ids else []
    return found


def _opened(data: Data) -> str:
    from interlock.recording.wording import text_of

    group = [f"{text_of(data, 'subject')} by {text_of(data, 'identity') or text_of(data, 'issuer')}"]
    group += [f"run {text_of(data, 'run')}"] if data.get("run") else []
    group += [f"rules {text_of(data, 'rules')[:12]}"] if data.get("rules") else []
    return ", ".join(group)


def _principal(data: Data) -> str:
    from interlock.recording.wording import text_of

    groups = data.get("groups")
    parts = [f"in {', '.join(map(str, groups))}"] if isinstance(groups, list) and groups else ["in no group"]
    parts += [f"acting for {text_of(data, 'acting_for')}"] if data.get("acting_for") else []
    claims = data.get("claims")
    parts += [f"{name} {value}" for name, value in claims.items()] if isinstance(claims, dict) else []
    return ", ".join(parts)


def _rules(data: Data) -> str:
    return f"rules {str(data.get('rules', ''))[:12]} from here on"


def _asked(data: Data) -> str:
    """An approval: which one, about what, by which rules, and who said what; or grants that ended under a request."""
    from interlock.recording.wording import text_of

    named, grants, votes = text_of(data, "approval"), data.get("grants"), data.get("votes")
    parts = [named or ", ".join(map(str, grants) if isinstance(grants, list) else ())]
    where = text_of(data, "connection")
    parts.append(" ".join(filter(None, (text_of(data, "operation"), where and "on " + where))))
    for vote in votes if isinstance(votes, list) else []:
        if isinstance(vote, dict):
            parts.append(f"{text_of(vote, 'by')} said {'yes' if vote.get('approves') else 'no'}")
    parts.append(text_of(data, "why"))
    return "; ".join(filter(None, parts))
