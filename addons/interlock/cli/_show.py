"""Shows what came from traffic or from files to a person: everything in it is hostile to its reader (invariant 11).

Texts are escaped, never cut, and never read as markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from interlock.model import JSON

__all__ = ["console", "json_line", "plain", "table", "write_json"]

_WIDE = 200
_WHOLE = 26  # a session's id can be copied


def plain(value: object) -> str:
    r"""A text in which only printable characters stand for themselves; any other is written out as `\u{202e}`."""
    return "".join(char if char.isprintable() else f"\\u{{{ord(char):x}}}" for char in str(value))


def console(*, stderr: bool = False) -> Console:
    """A console that reads no markup, no emoji names and highlights nothing; wide where no terminal says how wide."""
    import os
    import sys

    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else _WIDE
    return Console(markup=False, emoji=False, highlight=False, stderr=stderr, width=width)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str | Text]], title: str = "", *, whole: Collection[str] = ()
) -> Table:
    """A table of escaped texts that folds long ones instead of cutting them; the columns named `whole` fold last."""
    from rich.table import Table
    from rich.text import Text

    found = Table(
        title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for heading in headings:
        found.add_column(heading, overflow="fold", header_style="bold", min_width=_WHOLE if heading in whole else None)
    for row in rows:
        found.add_row(*(cell if isinstance(cell, Text) else Text(plain(cell)) for cell in row))
    return found


def json_line(document: JSON) -> str:
    """One line of JSON, all ASCII: no terminal can be steered by it."""
    import json

    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))


def write_json(document: JSON) -> None:
    """One line of JSON to standard output."""
    import typer

    typer.echo(json_line(document))
