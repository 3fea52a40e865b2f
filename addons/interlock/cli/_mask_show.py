"""How `interlock mask` shows answers: JSON lines for machines, coloured texts for people."""

from __future__ import annotations

import re

from interlock.cli._mask import Answer
from interlock.cli._show import console, plain

__all__ = ["show_json", "show_plain"]

_SHOWN = re.compile(r"\[redacted:[^\]]{1,100}\]|<[a-z0-9-]{1,60}:[0-9a-zA-Z_-]{8,64}>|\*{4}\w{0,4}")
"""What masks put in the place of values."""


def show_json(said: Answer) -> None:
    """One line, written out at once: whoever asks may be waiting for it."""
    import sys

    sys.stdout.buffer.write(said.encoded() + b"\n")
    sys.stdout.buffer.flush()


def show_plain(said: Answer) -> None:
    """What it became, what was put in coloured, and under it every finding."""
    from rich.text import Text

    out = console()
    name = plain(said.id.decode("utf-8", "replace"))
    if said.error:
        out.print(Text(f"{name}  ") + Text(plain(said.error), "bold red"), soft_wrap=True)
        return
    for value in (said.doc.decode("utf-8", "replace") if said.doc is not None else None, said.text):
        if value is not None:
            shown = Text(plain(value))
            shown.highlight_regex(_SHOWN, "bold magenta")
            out.print(Text(f"{name}  ", "bold") + shown, soft_wrap=True)
    for found in said.findings:
        line = f"    {found.action}: {found.detector} at {found.place or 'the top'} ({found.rule}, {found.confidence})"
        out.print(Text(plain(line), "dim"), soft_wrap=True)
    if not said.findings:
        out.print(Text("    nothing was masked", "green"))
