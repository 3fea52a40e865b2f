"""What an event says, in one line for people. Whoever shows it escapes it."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.model import JSON
from interlock.recording.usage import in_words
from interlock.recording.wording import masked_words, operation_words, text_of

__all__ = ["outcome_word", "what_words"]

type Data = Mapping[str, JSON]


def outcome_word(kind: str, data: Data) -> str:
    """What came of it, in one word: a decision's effect, a status, a state, an error."""
    effect = text_of(data, "effect")
    if effect:
        return effect
    if kind == "response":
        return str(data.get("status", ""))
    name = "state" if kind in ("approval", "grant") else "error"
    value = data.get(name)
    return value if isinstance(value, str) else ""


def what_words(kind: str, data: Data) -> str:
    """What an event is about, in one line."""
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
    group = [f"{text_of(data, 'subject')} by {text_of(data, 'identity') or text_of(data, 'issuer')}"]
    group += [f"run {text_of(data, 'run')}"] if data.get("run") else []
    group += [f"rules {text_of(data, 'rules')[:12]}"] if data.get("rules") else []
    return ", ".join(group)


def _principal(data: Data) -> str:
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
    named, grants, votes = text_of(data, "approval"), data.get("grants"), data.get("votes")
    parts = [named or ", ".join(map(str, grants) if isinstance(grants, list) else ())]
    where = text_of(data, "connection")
    parts.append(" ".join(filter(None, (text_of(data, "operation"), where and "on " + where))))
    for vote in votes if isinstance(votes, list) else []:
        if isinstance(vote, dict):
            parts.append(f"{text_of(vote, 'by')} said {'yes' if vote.get('approves') else 'no'}")
    parts.append(text_of(data, "why"))
    return "; ".join(filter(None, parts))
