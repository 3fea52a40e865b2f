"""The flags that the analysis gives commands, so that a misspelt one in a rule is an error and no silence."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from interlock.schema import Reader
from interlock.settings_glob import star
from interlock.source import Node

__all__ = ["FLAGS", "check_flag"]

FLAGS: Mapping[str, str] = {
    "append": "shell: adds to a file",
    "client-command": "a database client's own command, not SQL",
    "cmd": "shell: text for the Windows prompt",
    "code": "SQL: makes code that the database runs",
    "container": "shell: starts or enters a container",
    "delete": "shell: deletes files",
    "destroys": "shell: drops or resets what a tool looks after",
    "discards-work": "git: throws away changes, commits or branches",
    "download": "shell: writes what comes from the network",
    "download-and-run": "shell: runs what comes from the network",
    "dynamic": "decided only while it runs",
    "encoded": "shell: text that was encoded and has been read",
    "environment": "shell: sets what later commands run by",
    "exfiltration": "shell: sends a secret away",
    "files": "SQL: files or programs of the database server",
    "foreign-package": "shell: installs a package from where its author keeps it, past every registry",
    "function": "shell: calls a function of the same text",
    "git-*": "shell: the command of git, as in git-push",
    "hidden-code": "shell: runs code that it unpacks from data",
    "host-access": "shell: a container that reaches the whole machine",
    "http-*": "shell: the method that an HTTP client sends, as in http-delete",
    "in-place": "shell: changes a file where it is",
    "installs": "shell: installs packages",
    "locks": "SQL: locks rows or tables",
    "multiplies": "shell: starts itself again and again",
    "multi-statement": "SQL: one of several statements in a text",
    "network": "SQL: makes the database server open a connection",
    "network-socket": "shell: a raw connection",
    "no-where": "SQL: touches every row",
    "not-understood": "nobody can say what it does; what else is flagged says why",
    "opaque": "runs content that nobody has seen here: a script, a build, a procedure",
    "overwrite": "shell: replaces a file",
    "pipe-to-shell": "shell: runs what a pipe brings",
    "powershell": "shell: text for PowerShell",
    "preloads": "shell: loads a library of its choosing into a program",
    "process": "shell: ends processes",
    "recursive": "shell: goes through folders",
    "recursive-delete": "shell: deletes folders with everything in them",
    "remote-shell": "shell: connects a program to another machine",
    "replaces": "SQL: CREATE OR REPLACE TABLE, which drops the table that stands",
    "restarts-server": "shell: starts or restarts one ordinary server of this machine, such as nginx",
    "rights": "SQL: changes who may do what",
    "runs-other-program": "shell: starts a program that is named in an option or in other text",
    "schedules": "shell: has something run later",
    "secret-read": "shell: reads a key or another secret",
    "secrets": "SQL: reads passwords or their hashes that the database keeps",
    "server": "SQL: calls a function that acts on the server or on others' sessions",
    "service": "shell: ends a service of the machine",
    "session": "SQL: changes as whom or how a session runs, or ends others'",
    "set-user-id": "shell: lets a program run as its owner",
    "slow": "SQL: keeps the server busy or waiting",
    "system-path": "shell: changes the system's own files, or what a login runs",
    "system-tables": "SQL: changes the database's own tables",
    "traceless": "shell: keeps what is done from being written down",
    "unknown-command": "shell: no command that is known",
    "unknown-function": "SQL: calls a function that is not known to be harmless",
    "upload": "shell: sends data to another machine",
    "wide-delete": "shell: deletes what a pattern, a list or a computed name stands for",
    "written-and-run": "shell: runs a file that the same text writes",
    **dict.fromkeys(("odd-*", "too-*", "un*", "nested-*", "nothing-found", "analysis-failed", "arithmetic",
                     "statement-without-separator"), "why it was not understood"),
}  # fmt: skip
"""Every flag (`*` stands for any characters) and what it says."""

_FITS = tuple(star(word) for word in FLAGS)


def check_flag(node: Node, flag: str, reader: Reader) -> None:
    """An error for a flag that no command ever carries; one with a `*` may stand for several."""
    if "*" in flag or any(fit(flag.casefold()) for fit in _FITS):
        return
    near = difflib.get_close_matches(flag, FLAGS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "known: " + ", ".join(FLAGS)
    reader.error(node, f"no operation carries the flag {flag!r}", hint)
