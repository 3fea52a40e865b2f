"""A session's events as lines for people: when, what was tried, what became of it, and by which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from interlock.cli._show import plain

if TYPE_CHECKING:
    from rich.text import Text

    from interlock.model import JSON
    from interlock.recording import Line

__all__ = ["HEADINGS", "event_document", "folded", "timeline"]

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


def folded(rows: Iterator[tuple[str | Text, ...]]) -> Iterator[tuple[str | Text, ...]]:
    """The rows with the reason below what happened, for a terminal that has no room for both side by side."""
    from rich.text import Text

    for *first, what, why in rows:
        below = Text("\n").join(Text(plain(each)) if isinstance(each, str) else each for each in (what, why) if each)
        yield *first, below


def timeline(lines: Iterator[Line], shapes: Shapes | None = None) -> Iterator[tuple[str | Text, ...]]:
    """A row for every line of evidence, damaged ones too. `shapes` tells what was masked in an event, line by line."""
    from rich.text import Text

    from interlock.recording.story import outcome_word, what_words
    from interlock.recording.wording import why_words

    for line in lines:
        event = line.event
        if event is None:
            yield str(line.number), "", Text("DAMAGED", "bold red"), "", f"the line {line.fault}", ""
            continue
        outcome = outcome_word(event.kind, event.data)
        mark = Text(plain(outcome), _STYLES.get(outcome, ""))
        kind = Text("DAMAGED " + event.kind, "bold red") if line.fault else Text(event.kind)
        why = why_words(event.data) if event.kind != "opened" else ""
        why += f" (the line {line.fault})" if line.fault else ""
        what: str | Text = what_words(event.kind, event.data)
        told = shapes(event.seq, event.kind, event.data) if shapes is not None else []
        if told:
            what = Text("\n".join(plain(each) for each in (what, *(f"  {one}" for one in told)) if each))
        yield str(event.seq), event.at[_TIME], kind, mark, what, why
