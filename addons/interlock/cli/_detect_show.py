"""How `interlock detect` shows answers: JSON lines for machines, coloured texts for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from interlock.cli._detect import Answer, document

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["coloured", "show_json", "show_person"]

_STYLES = {"high": "bold red", "medium": "yellow", "low": "cyan"}


def show_json(said: Answer) -> None:
    """One line of JSON, written out at once: whoever asks may be waiting for it."""
    from interlock.cli._show import json_line

    sys.stdout.write(json_line(document(said)) + "\n")
    sys.stdout.flush()


def show_person(said: Answer) -> None:
    """The text with its findings in colour, and below it what they are."""
    from interlock.cli._show import console

    console().print(coloured(said))


def coloured(said: Answer) -> Text:
    """An answer as a text for a terminal. Nothing in it can steer one."""
    from rich.text import Text

    from interlock.cli._show import plain

    name = plain(said.id) if said.id is not None else f"line {said.line}"
    shown = Text(f"{name}: ", "bold")
    if said.error:
        return shown.append(said.error, "bold red")
    at = 0
    for found in said.findings:
        shown.append(plain(said.text[at : found.start]), "default not bold")
        shown.append(plain(said.text[found.start : found.end]), _STYLES[found.confidence])
        at = found.end
    shown.append(plain(said.text[at:]), "default not bold")
    for found in said.findings:
        place = f"\n    {found.start}-{found.end} {found.detector} ({found.confidence})"
        shown.append(place, f"not bold {_STYLES[found.confidence].split()[-1]}")
    return shown
