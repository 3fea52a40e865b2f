"""How `interlock classify` shows answers: JSON lines for machines, tables of a few rows at a time for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.cli._classify import Answer, document

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["Rows", "show_json"]

_ROWS = 100


def show_json(said: Answer) -> None:
    """One line of JSON, written out at once: whoever asks may be waiting for it."""
    import sys

    from interlock.cli._show import json_line

    sys.stdout.write(json_line(document(said)) + "\n")
    sys.stdout.flush()


class Rows:
    """Answers as rows of a table, shown when there are enough of them, and at the end."""

    def __init__(self) -> None:
        self._rows: list[list[str | Text]] = []

    def add(self, said: Answer) -> None:
        """One more row."""
        from rich.text import Text

        name = str(said.id) if said.id is not None else f"line {said.line}"
        if said.found is None:
            self._rows.append([name, Text("not read", "bold red"), said.error, ""])
        else:
            word = Text("dangerous", "bold red") if said.found.dangerous else Text("no", "green")
            operations = [inner.name for operation in said.found.operations for inner in operation.walk()]
            rules = [f"{found.rule.id}: {found.rule.says}" for found in said.found.findings]
            self._rows.append([name, word, f"{said.found.access}: {', '.join(operations)}", "\n".join(rules)])
        if len(self._rows) >= _ROWS:
            self.show()

    def show(self) -> None:
        """The rows so far."""
        from interlock.cli._show import console, table

        if self._rows:
            console().print(table(("id", "dangerous", "does", "because"), self._rows))
            self._rows.clear()
