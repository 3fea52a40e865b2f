"""The client's own file tools: a path that a shell command would be stopped for is stopped here too.

What a file tool does to an everyday path adds no operation. A path that holds secrets, or whose change outlives the
task (a login's own files, a repository's hooks, the system), adds what `cat` or `touch` on it would be.
"""

from __future__ import annotations

import shlex

from interlock.model import Access, Operation
from interlock.model.places import settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.requests import Member

__all__ = ["file_operations"]

_READS = {"Read": "file_path", "NotebookRead": "notebook_path", "Grep": "path"}
_WRITES = {"Write": "file_path", "Edit": "file_path", "MultiEdit": "file_path", "NotebookEdit": "notebook_path"}
_EDITORS = frozenset(("str_replace_based_edit_tool", "str_replace_editor"))
_TELLING = frozenset(("secret-read", "system-path"))
_MAX_PATH = 4096


def file_operations(name: str, arguments: Member, at: Location, analyse: Analyse) -> tuple[Operation, ...]:
    """The shell operation that stands for a file tool's access to a path that matters; nothing for other paths."""
    found = _path(name, arguments)
    if found is None:
        return ()
    command, member, path = found
    text = shlex.join([command, "--", path[:_MAX_PATH]])
    operations = analyse(text, "shell", "", place=pointer((*at, member)), agent=True)
    return settled(filter(_matters, operations), 0)


def _path(name: str, arguments: Member) -> tuple[str, str, str] | None:
    if name in _EDITORS:
        member, command = "path", "cat" if arguments.get("command") == "view" else "touch"
    elif name in _READS:
        member, command = _READS[name], "cat"
    elif name in _WRITES:
        member, command = _WRITES[name], "touch"
    else:
        return None
    value = arguments.get(member)
    return (command, member, value) if type(value) is str and value else None


def _matters(operation: Operation) -> bool:
    flags = operation.arguments.get("flags")
    told = isinstance(flags, list) and any(flag in _TELLING for flag in flags if isinstance(flag, str))
    return told or operation.access >= Access.ADMIN
