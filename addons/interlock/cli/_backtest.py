"""Shows the result of a backtest to a person, and how far it has come."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text

    from interlock.replay import Change, Differences

__all__ = ["progress", "show"]

_ROWS = 200
_STYLES = {"permitted": "bold red", "unmasked": "bold red", "forbidden": "yellow", "reviewed": "yellow", "masked": ""}
_WHY = {
    "body-not-recorded": "a rule looks at the body, and that was not recorded",
    "operations-not-recorded": "not all operations were recorded, and the recorded body does not give them",
    "principal-not-recorded": "a rule asks for groups or claims that were not recorded",
    "only-counted": "like refusals beyond a number a minute were counted and not written",
    "request-not-recorded": "the request of a model's answer is not there",
    "text-masked": "a text entry of the blocklist may have found what is masked now",
    "sealed": "it is encrypted, and the key is not here",
    "erased": "it was erased",
    "changed": "it is not what was encrypted there",
}


@contextlib.contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal's standard error; nothing elsewhere."""
    import sys

    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    columns = (TextColumn("judging"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def show(found: Differences) -> None:
    """The table, and below it what could not be told."""
    from rich.text import Text

    from interlock.cli._show import console, table

    out = console()
    if found.changes:
        headings = ("newly", "times", "who", "on", "operation", "then", "now", "for example")
        out.print(table(headings, [_row(change) for change in found.changes[:_ROWS]]))
    if len(found.changes) > _ROWS:
        out.print(f"... and {len(found.changes) - _ROWS} more rows: --json has all of them")
    for one in found.undecided:
        why = _WHY.get(one.why, one.why)
        out.print(Text(f"undecided: {one.count} ({why}); for example {', '.join(one.examples)}", "bold"))
    for line in _notes(found):
        out.print(line)


def _row(change: Change) -> tuple[str | Text, ...]:
    from rich.text import Text

    then = f"{change.before} ({change.was or 'no rule'})"
    now = change.rule or change.reason
    return (
        Text(change.kind, _STYLES[change.kind]), str(change.count), f"{change.subject} ({change.issuer})",
        change.connection, change.operation, then, now, ", ".join(change.examples[:2]),
    )  # fmt: skip


def _notes(found: Differences) -> Iterator[str]:
    newly = ", ".join(f"{found.count(kind)} newly {kind}" for kind in _STYLES if found.count(kind))
    yield (
        f"{found.decisions} decisions ({found.proposals} of them proposals of models) in {found.sessions} sessions:"
        f" {found.same} as they were, {newly or 'nothing new'}"
    )
    if found.otherwise:
        yield f"{found.otherwise} come out the same by another rule"
    if found.carried:
        told = ", ".join(f"{reason} {count}" for reason, count in sorted(found.carried.items()))
        yield f"{sum(found.carried.values())} were refused by no rule of the policy, and are as they were: {told}"
    if found.bodies:
        yield f"{found.bodies} were judged by their recorded bodies, {found.masked_bodies} of those by masked ones"
    if found.unknown_masks:
        yield f"the masks of {found.unknown_masks} were not recorded and are not compared"
    if found.uncounted:
        yield f"{found.uncounted} differences more than there is room for; --since and --until look at fewer"
    if found.damaged:
        yield f"{found.damaged} lines or files cannot be read; interlock verify says which"
