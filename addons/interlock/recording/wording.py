"""Events in words, for people: what was tried, what became of it. Whoever shows them escapes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interlock.model import JSON
from interlock.recording.operations import detail

__all__ = ["innermost", "masked_words", "operation_words", "text_of", "touched", "why_words"]

_DETAILS = ("kinds", "command", "tables", "hosts", "model", "flags")
_MANY = 12

type Data = Mapping[str, JSON]


def operation_words(items: JSON) -> Iterator[str]:
    """Every operation of a packed list, or of one of format 1, with what it touches: `sql.ddl drop customers`."""
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        more = item.get("more")
        if more:
            yield "and more" if more is True else f"and {more} more"
            continue
        found = (detail(item, name) for name in _DETAILS)
        words = [" ".join(map(str, each)) if isinstance(each, list) else str(each) for each in found if each]
        yield " ".join([text_of(item, "name"), *words])


def touched(items: JSON) -> str:
    """The telling ones of them in one line: those that nest nothing, each once, at most a dozen."""
    words = list(dict.fromkeys(operation_words(innermost(items))))
    return "; ".join(words[:_MANY]) + (f"; and {len(words) - _MANY} more" if len(words) > _MANY else "")


def innermost(items: JSON) -> list[JSON]:
    """The operations that nest nothing, of a packed list; all, of one of format 1."""
    listed = items if isinstance(items, list) else []
    outer = {around for item in listed if isinstance(item, dict) and type(around := item.get("in")) is int}
    return [item for index, item in enumerate(listed) if index not in outer]


def masked_words(items: JSON) -> str:
    """What was masked, counted by detector: `masked email x2, cards x1`; empty where nothing was."""
    counts: dict[str, int] = {}
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            more = item.get("more")
            name = text_of(item, "detector") or text_of(item, "rule") or "more"
            counts[name] = counts.get(name, 0) + (more if isinstance(more, int) else 1)
    return "masked " + ", ".join(f"{name} x{count}" for name, count in counts.items()) if counts else ""


def why_words(data: Data) -> str:
    """The reason of a decision, its rule, the grants and the approval it stands on, and what silent rules would say."""
    rule, rules, grants = text_of(data, "rule"), data.get("rules"), data.get("grants")
    said = [f"rule {rule}"] if rule else []
    said += [f"rule {name}" for name in rules] if isinstance(rules, list) else []
    said += [f"grant {name}" for name in grants] if isinstance(grants, list) and "effect" in data else []
    said += [f"approval {text_of(data, 'approval')}"] if data.get("approval") and "effect" in data else []
    reports = data.get("reports")
    for item in reports if isinstance(reports, list) else []:
        if isinstance(item, dict):
            said.append(f"rule {text_of(item, 'rule')} would {text_of(item, 'effect')}")
    return ", ".join(filter(None, (text_of(data, "reason") if "effect" in data else "", *said)))


def text_of(data: Data, name: str) -> str:
    """A member that is a text; empty otherwise."""
    value = data.get(name)
    return value if isinstance(value, str) else ""
