"""What a text that nobody could parse seems to do: kinds and flags by its words, so that rules and people can name it.

Such a text is of access UNKNOWN whatever is found here; nothing is ever judged harmless by its words.
"""

from __future__ import annotations

import re

from interlock.commands.sql_functions import WARNED
from interlock.commands.sql_kinds import STARTERS

__all__ = ["is_tame", "suspicions"]

_TOKEN = re.compile(r"'[^']*'?|\"[^\"]*\"?|`[^`]*`?|(?P<word>[^\W\d][\w$]*)(?P<call>\s*\()?|[.@]", re.ASCII)
_KINDS = {
    "drop": "drop", "truncate": "truncate", "delete": "delete", "update": "update", "insert": "insert",
    "merge": "merge", "alter": "alter", "create": "create", "grant": "grant", "revoke": "revoke", "deny": "deny",
    "rename": "rename", "exchange": "rename", "detach": "detach", "kill": "kill", "shutdown": "shutdown",
    "exec": "exec", "execute": "execute", "call": "call", "do": "do", "prepare": "prepare", "declare": "declare",
    "copy": "copy", "attach": "attach", "install": "install", "load": "load", "system": "system", "undrop": "undrop",
    "optimize": "optimize", "backup": "backup", "restore": "restore", "reassign": "reassign", "purge": "purge",
}  # fmt: skip
_FLAGS = {
    "outfile": "files", "dumpfile": "files", "infile": "files", "copy": "files", "attach": "files", "backup": "files",
    "restore": "files", "bulk": "files", "unload": "files", "export": "files", "install": "files", "load": "files",
    "put": "files", "get": "files", "directory": "files", "program": "files", "openrowset": "network",
    "opendatasource": "network", "openquery": "network", "dblink": "network", "exec": "dynamic",
    "execute": "dynamic", "prepare": "dynamic", "do": "dynamic", "call": "dynamic", "declare": "dynamic",
    "kill": "session", "shutdown": "session", "system": "session", "reconfigure": "session", "deallocate": "session",
    "dbcc": "session", "listen": "session", "notify": "session", "discard": "session",
}  # fmt: skip
_WORDS = """
    into outfile dumpfile infile program call do prepare copy load install rename exchange detach attach system lock
    replace reassign purge optimize export unload put list remove handler reset discard listen notify vacuum refresh
    cluster reindex comment security import perform openrowset openquery opendatasource apply returning output
    tablesample procedure for share
"""
_EXTENDING = frozenset(_WORDS.split()) | STARTERS
_QUERY_WORDS = frozenset(("end", "else", "if", "for"))
_STARTS = tuple((start, flag) for flag, names in WARNED.items() for start in names)


def suspicions(text: str) -> tuple[list[str], list[str]]:
    """The kinds and flags that the words of a text speak of; strings, quoted names and members (`t.drop`) do not."""
    kinds: dict[str, None] = {}
    flags: dict[str, None] = {}
    before = ""
    for token in _TOKEN.finditer(text):
        word = (token.group("word") or "").lower()
        if word and before != ".":
            _word(word, bool(token.group("call")), kinds, flags)
        before = token.group()
    if ("delete" in kinds or "update" in kinds) and not re.search(r"\bwhere\b", text, re.IGNORECASE):
        flags["no-where"] = None
    if "update" in kinds and not re.search(r"\bset\b", text, re.IGNORECASE):
        del kinds["update"]
    return list(kinds), list(flags)


def _word(word: str, called: bool, kinds: dict[str, None], flags: dict[str, None]) -> None:
    if called:
        flags.update((flag, None) for start, flag in _STARTS if word.startswith(start))
    elif word.startswith(("xp_", "sp_")):
        kinds["exec"] = flags["dynamic"] = None
    if word in _KINDS and not (called and word in ("truncate", "get", "system", "do", "update", "delete", "insert")):
        kinds[_KINDS[word]] = None
    if word in _FLAGS and not called:
        flags[_FLAGS[word]] = None


def is_tame(text: str) -> bool:
    """Whether no word of a text begins or extends a statement: a parser that refuses it refuses a query's spelling."""
    words = [(token.group("word") or "").lower() for token in _TOKEN.finditer(text)]
    return (
        bool(words)
        and words[0] in ("select", "with")
        and not (set(words) & (STARTERS | _EXTENDING) - {"end", "else", "if", "for"})
    )
