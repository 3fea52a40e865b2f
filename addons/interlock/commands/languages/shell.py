"""Shell (POSIX sh and Bash): one operation a simple command, at any depth.

Arguments: `command` (base name; `>` and its like for a redirection), `words` (what stands after it), `options` (short
ones taken apart, long ones without their value), `paths` (operands, normalised), `hosts`, `at` (offset in characters in
the text it stands in), and `flags`: recursive-delete, wide-delete, destroys, system-path, no-where and the other SQL
flags on nested SQL, pipe-to-shell, download-and-run, written-and-run, secret-read, exfiltration, upload, http-delete,
network-socket, environment, opaque (content not seen), dynamic (decided by the run), unknown-command, not-understood.

What a wrapper, an interpreter, a database or an HTTP client carries is nested in its operation: Python given as text is
read with its own grammar, short Node, Perl, Ruby and PHP by their tokens, PowerShell and cmd as languages of their own,
SQL as SQL, requests as `http.*`. Files that a text writes and then runs are judged by what it has written into them.

A program that no table names is a write with the flag opaque, as any script of the project is: nobody has seen what it
does. Its words are searched as a wrapper's would be, and words that say it destroys make it `destroy`. A name that is
no plain one, a name decided by the run, and text in a language that nobody reads here are `unknown`.
"""

from __future__ import annotations

from interlock.commands.language import Language, NotUnderstood, not_understood
from interlock.model import Operation
from interlock.ports import Analyse

__all__ = ["PART"]


def _analyse(text: str, dialect: str, nest: Analyse) -> tuple[Operation, ...]:
    del dialect
    from interlock.commands.shell_judge import Judge
    from interlock.commands.shell_suspect import suspected
    from interlock.commands.shell_tree import read_script
    from interlock.commands.shell_windows_said import windows_around

    if not text.strip():
        return ()
    try:
        return suspected([*Judge(read_script(text), nest).run(), *windows_around(text, nest)], text)
    except NotUnderstood as error:
        return suspected([not_understood("shell", "unknown", text, str(error))], text)


PART = Language("shell", _analyse, unknown_action="unknown", heavy_above=16384)
