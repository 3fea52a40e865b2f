"""Members that usually hold commands, by their names, and the arguments that stand beside one.

`rm` and `["-rf", "/"]` are one command, wherever the words stand: in `args`, in a list below it, in `params`.
"""

from __future__ import annotations

import functools
import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.body import encode_json
from interlock.protocols.joined import Joined, joined_words, plain_text, together
from interlock.reasons import Reason

__all__ = [
    "arguments_among",
    "client_of",
    "environment_of",
    "is_arguments",
    "language_among",
    "language_of",
    "spelled_plainly",
    "with_arguments",
]

_KNOWN = {
    **dict.fromkeys(("query", "queries", "sql", "sqlquery", "sqlqueries", "rawsql", "sqltext", "sqlstatement"), "sql"),
    **dict.fromkeys(("statement", "statements", "stmt", "stmts", "sqls", "sqltexts", "sqlstatements"), "sql"),
    **dict.fromkeys(("querystring", "querytext", "rawquery", "sqlcommand", "sqlscript", "ddl", "dml", "cql"), "sql"),
    **dict.fromkeys(("command", "commands", "cmd", "commandline", "shellcommand", "bashcommand", "script"), "shell"),
    **dict.fromkeys(("cmds", "commandlines", "shellcommands", "bashcommands", "cmdline", "cmdlines"), "shell"),
    **dict.fromkeys(("popenargs", "shellscript", "bashscript", "remotecommand"), "shell"),
}
"""Members that usually hold commands: their names in small letters, without separators."""
_SEPARATORS = re.compile(r"[\s_.-]+")
_ARGUMENTS = ("args", "arguments", "argv")
_PERHAPS = ("arg", "params", "parameters", "options", "flags", "commandargs", "extraargs")
"""Members that hold a command's arguments where they are a list of words."""
_PROGRAMS = ("program", "executable", "binary", "bin", "exe", "prog")
_PROGRAM = re.compile(r"(?:/(?:usr/)?s?bin/)?[a-z][a-z0-9_+-]*\Z", re.ASCII)
_CLIENTS = frozenset(
    ("git", "gh", "glab", "kubectl", "helm", "oc", "docker", "podman", "terraform", "tofu", "aws", "gcloud", "gsutil",
     "az", "psql", "mysql", "sqlite3", "mongosh", "ansible", "vault", "npm", "pnpm", "yarn", "pip", "cargo", "make",
     "rsync", "ssh", "curl", "systemctl", "heroku", "flyctl", "pulumi", "argocd", "bq")
)  # fmt: skip
_PARTS = re.compile(r"[a-z0-9]+")
_ENVIRONMENTS = ("env", "environ", "environment", "envvars", "environmentvariables")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)
_MAX_NAME = 64
"""Characters of names that are remembered: the same few come again and again."""
_MAX_BESIDE = 4
"""Commands that the same arguments can stand beside: each is read with them."""


def language_of(name: str) -> str:
    """The language that a member of this name usually holds; empty for any other."""
    return _KNOWN.get(spelled_plainly(name), "")


def spelled_plainly(name: str) -> str:
    """A member's name in small letters, without separators."""
    if name.isalnum() and name.islower() and name.isascii():
        return name
    if name.isascii():  # quickly: a call may have tens of thousands of names, each asked for many times
        return "".join(name.lower().replace("_", "").replace("-", "").replace(".", "").split())
    return _spelled(name) if len(name) <= _MAX_NAME else _SEPARATORS.sub("", name.casefold())


@functools.lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    # full-width letters and what nobody sees
    name = "".join(char for char in unicodedata.normalize("NFKC", name) if unicodedata.category(char) != "Cf")
    return _SEPARATORS.sub("", name.casefold())


def client_of(tool: str) -> str:
    """The program that a tool is named after (`git`, `run_kubectl`), whose arguments its own are; empty for none."""
    return next((word for word in _PARTS.findall(tool.casefold()) if word in _CLIENTS), "")


def arguments_among(members: Mapping[str, JSON], location: Location = ()) -> list[Joined]:
    """What stands beside the commands of an object at a location, each as words for a shell.

    Raises BodyRejected where it cannot be said which command they are of: each would be read with all of them.
    """
    programs = sum(spelled_plainly(name) in (*_PROGRAMS, "argv") for name in members)
    commands = sum(type(value) is str and language_of(name) == "shell" for name, value in members.items())
    found = [(name, words) for name, words in members.items() if words and is_arguments(name, words)]
    if programs > _MAX_BESIDE or (found and programs + commands > _MAX_BESIDE):
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the same arguments stand beside more than {_MAX_BESIDE} commands")
    return [
        plain_text(words, (*location, name)) if type(words) is str else joined_words(_scalars(words, (*location, name)))
        for name, words in found
    ]


def language_among(name: str, members: Mapping[str, JSON]) -> str:
    """The language of a member among others: a program with its arguments beside it is a command, and so is `argv`."""
    known, spelled = language_of(name), spelled_plainly(name)
    if spelled == "file" and _is_program(members[name]):
        spelled = "program"  # as Node's execFile calls it
    if known or spelled not in (*_PROGRAMS, "argv") or any(language_of(other) == "shell" for other in members):
        return known
    others = {spelled_plainly(other) for other in members}
    given = not others.isdisjoint(_ARGUMENTS) or any(is_arguments(other, value) for other, value in members.items())
    runs = others.isdisjoint(_PROGRAMS) if spelled == "argv" else given
    return "shell" if runs else ""


def _is_program(value: JSON) -> bool:
    return type(value) is str and _PROGRAM.match(value) is not None


def is_arguments(name: str, value: JSON) -> bool:
    """Whether a member holds the arguments of a command that stands beside it."""
    spelled = spelled_plainly(name)
    return spelled in _ARGUMENTS or (spelled in _PERHAPS and type(value) is list and all(type(x) is str for x in value))


def environment_of(name: str, value: JSON) -> str:
    """The variables in which a tool's command is to run, as a shell text that sets them for nothing; empty for any
    other member. They are an object, or a list of `NAME=value`: some of them run programs of their own (`LD_PRELOAD`).
    """
    if spelled_plainly(name) not in _ENVIRONMENTS:
        return ""
    if type(value) is dict:
        listed = [f"{key}={text if type(text) is str else ''}" for key, text in value.items()]
    else:
        listed = [item for item in value if type(item) is str] if type(value) is list else []
    known = [item for item in listed if _VARIABLE.match(item.partition("=")[0])]
    return shlex.join(["env", *known, "true"]) if known else ""


def with_arguments(text: str, location: Location, arguments: Sequence[Joined]) -> Joined:
    """The command at a location with what stands beside it: `rm` and `["-rf", "/"]` are one command."""
    return together([plain_text(text, location), *arguments])


def _scalars(value: JSON, location: Location) -> list[tuple[Location, str]]:
    """The words in arguments, however they are arranged, and where each of them stands."""
    found: list[tuple[Location, str]] = []
    todo: list[tuple[Location, JSON]] = [(location, value)]
    while todo:
        at, current = todo.pop()
        if type(current) is list:
            todo += [((*at, index), item) for index, item in reversed(list(enumerate(current)))]
        elif type(current) is dict:
            todo += [((*at, name), item) for name, item in reversed(current.items())]
        elif current is not None and type(current) is not bool:
            found.append((at, current if type(current) is str else encode_json(current).decode()))
    return found
