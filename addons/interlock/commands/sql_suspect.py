"""What a text that nobody could parse seems to do: kinds and flags by its words, so that rules and people can name it.

Such a text is of access UNKNOWN whatever is found here; nothing is ever judged harmless by its words.
"""

from __future__ import annotations

import re

from interlock.commands.sql_kinds import OBJECTS, STARTERS
from interlock.commands.sql_warnings import warned

__all__ = ["EXTENDING", "begins_another", "is_new", "suspicions"]

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
    "import": "files", "put": "files", "get": "files", "directory": "files", "program": "files",
    "openrowset": "network",
    "opendatasource": "network", "openquery": "network", "dblink": "network", "exec": "dynamic",
    "execute": "dynamic", "prepare": "dynamic", "do": "dynamic", "call": "opaque", "declare": "opaque",
    "waitfor": "slow",
    "kill": "session", "shutdown": "session", "system": "session", "reconfigure": "session", "deallocate": "session",
    "dbcc": "session", "listen": "session", "notify": "session", "discard": "session",
}  # fmt: skip
_WORDS = """
    into outfile dumpfile infile program call do prepare copy load install rename exchange detach attach system lock
    replace reassign purge optimize export unload put list remove handler reset discard listen notify vacuum refresh
    cluster reindex comment security import perform openrowset openquery opendatasource apply returning output
    tablesample procedure for share
"""
EXTENDING = frozenset(_WORDS.split()) | STARTERS
"""Words that begin a statement or make one do more."""
_FIRST = re.compile(r"\s*(?:([\\.!])|(?:/\*(?:[^*]|\*(?!/))*+\*/\s*+)*+([^\W\d]\w*))", re.DOTALL)
_COMMON = """
    select with values table from insert update delete merge replace create alter drop truncate show desc describe
    explain exists use call savepoint release begin start commit end rollback analyze vacuum optimize check pivot
    unpivot summarize refresh cluster reindex comment declare fetch close open print if while return set get put
    copy list exec execute prepare do load install attach detach grant revoke deny rename exchange pragma import
    export backup restore bulk
"""
_ORDINARY = frozenset(_COMMON.split())
_KNOWN = frozenset(
    ("kill", "lock", "unlock", "reset", "discard", "listen", "unlisten", "notify", "deallocate", "flush", "handler",
     "checkpoint", "system", "shutdown", "remove", "rm", "ls", "reassign", "security", "xa", "undrop", "clone",
     "repair", "binlog", "purge", "stop", "help", "watch", "move", "savepoint", "reconfigure", "stream", "cache")
)  # fmt: skip
_AFTER = re.compile(r"\s*(?:([^\W\d]\w*)|[;'\"`\[@*({\d]|\Z)")
_JOINING = frozenset(
    ("from", "as", "is", "in", "and", "or", "not", "then", "when", "else", "between", "like", "asc", "desc", "where")
)


def suspicions(text: str) -> tuple[list[str], list[str]]:
    """The kinds and flags that the words of a text speak of; strings, quoted names and members (`t.drop`) do not."""
    kinds: dict[str, None] = {}
    flags: dict[str, None] = {}
    before = ""
    for token in _TOKEN.finditer(text):
        word = (token.group("word") or "").lower()
        called = bool(token.group("call"))
        if word and before != "." and (called or _begins(word, text, token)):
            _word(word, called, kinds, flags)
        before = token.group()
    if kinds.keys() & {"create", "alter", "drop", "rename"}:
        words = {(token.group("word") or "").upper() for token in _TOKEN.finditer(text)}
        flags.update((flag, None) for thing, flag in OBJECTS.items() if thing in words and "drop" not in kinds)
    if kinds.keys() & {"grant", "revoke", "deny", "reassign"}:
        flags["rights"] = None
    if re.match(r"vacuum\b.*\binto\b", text, re.IGNORECASE | re.DOTALL):
        flags["files"] = None
    first = _FIRST.match(text)
    if first and (first[1] or first[2].lower() not in _ORDINARY):
        flags.update(dict.fromkeys(("dynamic", "files") if first[1] else ("session",)))
    if ("delete" in kinds or "update" in kinds) and not re.search(r"\bwhere\b", text, re.IGNORECASE):
        flags["no-where"] = None
    if "update" in kinds and not re.search(r"\bset\b", text, re.IGNORECASE):
        del kinds["update"]
    return list(kinds), list(flags)


def _begins(word: str, text: str, token: re.Match[str]) -> bool:
    """Whether a statement could begin with a word here: `kill 5`, not `kill FROM shots`."""
    if not text[: token.start()].strip():
        return True
    after = _AFTER.match(text, token.end())
    following = after.group(1).lower() if after and after.group(1) else ""
    return after is not None and (following not in _JOINING or (word == "delete" and following == "from"))


def _word(word: str, called: bool, kinds: dict[str, None], flags: dict[str, None]) -> None:
    if called:
        flags.update(dict.fromkeys(warned(word)))
    elif word.startswith(("xp_", "sp_")):
        kinds["exec"] = flags["dynamic"] = None
    if word in _KINDS and not (called and word in ("truncate", "get", "system", "do", "update", "delete", "insert")):
        kinds[_KINDS[word]] = None
    if word in _FLAGS and not called:
        flags[_FLAGS[word]] = None


def begins_another(text: str) -> bool:
    """Whether a word of a text, outside of quotes, could begin a statement of T-SQL."""
    return any((token.group("word") or "").lower() in STARTERS for token in _TOKEN.finditer(text))


def is_new(word: str) -> bool:
    """Whether no statement that we know of begins with such a word, in lower case: `loop`."""
    return word.partition(" ")[0] not in _ORDINARY | _KNOWN
