"""Shell (POSIX sh and Bash): one operation a simple command, at any depth.

Arguments: `command` (base name; `>` and its like for a redirection), `words` (what stands after it), `options` (short
ones taken apart, long ones without their value), `paths` (operands, normalised), `hosts`, and `flags`:
recursive-delete, wide-delete, system-path, no-where and the other SQL flags on nested SQL, pipe-to-shell,
download-and-run, written-and-run, secret-read, exfiltration, upload, network-socket, environment, opaque
(content not seen), dynamic
(decided by the run), not-understood. What a wrapper or a database client carries is nested in its operation.
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

    if not text.strip():
        return ()
    try:
        return suspected(Judge(read_script(text), nest).run(), text)
    except NotUnderstood as error:
        return suspected([not_understood("shell", "unknown", text, str(error))], text)


PART = Language("shell", _analyse, unknown_action="unknown", heavy_above=16384)
