"""File tools, of the client and of MCP servers: a path that a command would be stopped for is stopped here too.

What a file tool does to an everyday path adds no operation. A path that holds secrets, or whose change outlives the
task (a login's own files, a repository's hooks, the system), adds what `cat` or `touch` on it would be.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from itertools import islice

from interlock.model import JSON, Access, Operation
from interlock.model.places import settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.requests import Member

__all__ = ["file_operations"]

_READS = {"Read": "file_path", "NotebookRead": "notebook_path", "Grep": "path"}
_WRITES = {"Write": "file_path", "Edit": "file_path", "MultiEdit": "file_path", "NotebookEdit": "notebook_path"}
_EDITORS = frozenset(("str_replace_based_edit_tool", "str_replace_editor"))
_SERVERS_READ = frozenset(
    ("read_file", "read_text_file", "read_media_file", "read_multiple_files", "fs_read", "view_file", "open_file",
     "readfile", "read_files")
)  # fmt: skip
_SERVERS_WRITE = frozenset(
    ("write_file", "edit_file", "create_file", "save_file", "append_file", "append_to_file", "fs_write", "multi_edit",
     "replace_in_file", "write_to_file", "delete_file", "move_file", "writefile")
)  # fmt: skip
"""Tools of MCP servers that work on files, by the names that they commonly have."""
_PATHS = ("path", "paths", "file_path", "filepath", "filename", "file", "destination", "target_file",
          "files", "file_paths", "uri")  # fmt: skip
_MAX_PATHS = 100
_TELLING = frozenset(("secret-read", "system-path"))
_MAX_PATH = 4096


def file_operations(name: str, arguments: Member, at: Location, analyse: Analyse) -> tuple[Operation, ...]:
    """The shell operations that stand for a file tool's access to paths that matter; nothing for other paths."""
    found: list[Operation] = []
    for number, (command, where, path) in enumerate(islice(_paths(name, arguments), _MAX_PATHS + 1)):
        if number == _MAX_PATHS:
            return (*found, _unread(pointer((*at, *where))))
        text = shlex.join([command, "--", path[:_MAX_PATH]])
        operations = analyse(text, "shell", "", place=pointer((*at, *where)), agent=True)
        found += settled(filter(_matters, operations), 0)
    return tuple(found)


def _unread(place: str) -> Operation:
    """What stands for more paths than are judged: nobody knows what lies there."""
    flags: list[JSON] = ["not-understood", "too-large"]
    return Operation("shell", "unknown", "", Access.UNKNOWN, {"flags": flags, "at": 0}, place=place, agent=True)


def _paths(name: str, arguments: Member) -> Iterator[tuple[str, Location, str]]:
    """What a shell would do to a path, where it stands, and the path."""
    tool = name.rpartition("__")[2].casefold().replace("-", "_")
    if name in _EDITORS:
        named = {"path": "cat" if arguments.get("command") == "view" else "touch"}
    elif name in _READS:
        named = {_READS[name]: "cat"}
    elif name in _WRITES:
        named = {_WRITES[name]: "touch"}
    elif tool in _SERVERS_READ or tool in _SERVERS_WRITE:
        command = "cat" if tool in _SERVERS_READ else "touch"
        named = {**dict.fromkeys(_PATHS, command), "source": "cat"}
    else:
        return
    for member, command in named.items():
        value = arguments.get(member)
        listed = value if type(value) is list else [value]
        for number, path in enumerate(listed):
            if type(path) is str and path:
                yield command, (member, number) if type(value) is list else (member,), path


def _matters(operation: Operation) -> bool:
    flags = operation.arguments.get("flags")
    told = isinstance(flags, list) and any(flag in _TELLING for flag in flags if isinstance(flag, str))
    return told or operation.access >= Access.ADMIN
