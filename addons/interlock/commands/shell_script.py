"""What a shell text would run, taken apart: simple commands, their redirections, the functions they may call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from interlock.commands.shell_input import Stdin
from interlock.commands.shell_where import Place
from interlock.commands.shell_words import Variables, Word

__all__ = ["Redirect", "Script", "Simple"]


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirection to or from a file; `operator` as written without the descriptor."""

    operator: str
    target: Word


@dataclass(slots=True)
class Simple:
    """One simple command: words after expansion, assignments before it, redirections, where its input comes from.

    `start` is its offset in bytes, for comparing; `at` in characters, for people.
    """

    words: list[Word] = field(default_factory=list)
    assigns: list[tuple[str, Word]] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    stdin: Stdin = field(default_factory=Stdin)
    start: int = 0
    source: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """Everything a text would run, in order, and the functions it certainly defines: name -> offset of the end.

    `loops` are the spans of loops that could run over any files: `for f in *`, `while read f`. `variables` are those
    whose value is certain, `passes` functions that run the words they are given; `places` is where the text certainly
    stands in a folder for temporary files.
    """

    commands: tuple[Simple, ...]
    functions: Mapping[str, int]
    loops: tuple[tuple[int, int], ...] = ()
    variables: Variables | None = None
    passes: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    text: str = ""
    places: tuple[Place, ...] = ()
