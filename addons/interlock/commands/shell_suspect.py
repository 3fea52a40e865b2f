"""What a command that nobody can read speaks of: a deletion of folders, or code from the network.

Such a command is of access UNKNOWN whatever is found here, and waits for a person; what it speaks of lets rules
forbid it at once. Nothing is ever judged harmless by its words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from interlock.model import JSON, Access, Operation

__all__ = ["SUSPICIONS", "program_suspicions", "suspected", "suspicions"]

SUSPICIONS = (
    "recursive-delete", "secret-read", "download-and-run", "remote-shell", "hidden-code", "system-path", "multiplies",
    "exfiltration",
)  # fmt: skip
"""The flags that words alone may give a command that nobody can read."""
_MAX_TEXT, _MAX_OWN = 1 << 16, 1 << 13
_BLANK = re.compile(r"\$\{?IFS\}?|\$'\\t'|[ \t\r\f\v,{}]+")
_NOTHING = re.compile(r"\$[@*]|\$\(\)|``|[\"'\\]")
_DEFAULT = re.compile(r"\$\{\w+(?::?[-=+]|//?[^/}\s]{0,40}/)([\w./-]{1,40})\}")
_APPENDED = re.compile(r"\)[\s;&]{1,10}\w{1,40}\+=\(")
_ADDED = re.compile(r"['\"]?[\s;&]{1,10}\w{1,40}\+=['\"]?(?!\()")
"""Words that are put behind what a variable or an array holds already."""
_LISTS = re.compile(r"[\[\]() ,]+")
_PREFIX = re.compile(r"(?<![\w'\"-])[bBrRfFuU]{1,2}(?=['\"])")
_IFS = re.compile(r"(?<!\w)IFS=\$?['\"]?((?:[^\s'\";\w$\\]|_){1,4})['\"]?(?=[\s;])")
"""What stands for blanks from here on."""
_EMPTY = re.compile(r"(?<=\w)\$\{\w+\}(?=\w)")
_DELETION = re.compile(r"(?:\A|[\s;&|(`/=!<[])(?:rm|rimraf)(?: [^\s;&|]{1,80}){0,6}? --?[a-zA-Z]{0,9}[rR]")
_FLAGS = re.compile(r" -(?:[a-zA-Z]{0,4}r[a-zA-Z]{0,4}f|[a-zA-Z]{0,4}f[a-zA-Z]{0,4}r)[a-zA-Z]{0,4}(?: |\Z)")
_RUNS = re.compile(r"\b(?:system|exec\w*|popen|spawn\w*|run|call|check_\w+|proc_open|passthru|shell_exec)\b")
_FETCH = re.compile(r"(?:\A|[\s;&|(`])(?:curl|wget|fetch|iwr|irm|aria2c|Invoke-WebRequest)\s")
_CODE = re.compile(
    r"\b(?:rmtree|rm_rf?|remove_dir|remove_entry\w*|remove_tree|removedirs|RemoveAll|deltree|deleteRecursively)\b"
    r"|\b(?:remove_dir_all|delete-directory|removeDirectoryRecursive|removePathForcibly|deleteDir(?:ectory)?|del_dir_r)\b"
    r"|\bfinddepth\b|\b(?:unlink|rmdir)\b.{0,80}?\b(?:unlink|rmdir)\b|\bfile delete -force|\bnftw\b"
    r"|\bdelete\([^()\n]{1,120}[ ,]rf\)|\bglob\b[^;\n]{0,200}?\b(?:delete|unlink|rm_?[rf]*)\b"
    r"|\bDir\b[^;\n]{0,200}?\bFile\.(?:delete|unlink)\b|\bremove_all\b|\bdired-delete-file\b"
    r"|\b(?:walk|listFiles|readdir\w*|iterdir|rglob|scandir|list_dir)\b.{0,300}?\b(?:delete|unlink|remove)\w*\("
    r"|\b\w*(?:rm|remove|unlink|delete)\w*\([^;\n]{0,200}?recursive[:= ]{1,3}(?:true|T)",
    re.IGNORECASE | re.DOTALL,
)
"""Calls of other languages that delete folders."""
_FOREIGN = re.compile(
    r"https?://|\b(?:urlopen|LWP|HTTP::Tiny|Net::HTTP|open-uri|requests\.get|file_get_contents|fetch)\b"
)
_RUNS_TEXT = re.compile(
    r"(?<![.\w])(?:eval|exec|load|include|require_once|Function)\b|\b(?:instance_eval|class_eval|runIn\w+Context|loadstring)\b"
)
"""Text from elsewhere, and what runs text, in one program."""
_DECODES = re.compile(
    r"\b(?:b64decode|b32decode|b85decode|a85decode|unhexlify|fromhex|decompress|gunzip|gzinflate|gzuncompress"
    r"|base64_decode|decode_base64|unpack1?|atob|str_rot13|rot_?13|rot-13|marshal\.loads|urlsafe_b64decode"
    r"|Base64\.(?:decode64|strict_decode64))\b|Buffer\.from ?\([^)]{0,4000}(?:base64|hex)\b",
    re.IGNORECASE,
)
"""What makes text out of what looks like data."""
_SOCKETS = re.compile(
    r"\b(?:connect|create_connection|sockaddr_in|fsockopen|pfsockopen|stream_socket_client|TCPSocket|UNIXSocket|TCPServer"
    r"|IO::Socket\w*|require ?\(? ?socket\b"
    r"|net\.(?:connect|createConnection|Socket|createServer|Dial)|socket_create)\b|/inet/(?:tcp|udp)/|/dev/(?:tcp|udp)/"
)
_SHELL = re.compile(
    r"(?:\b|-e)(?:exec|execute|execl|execv|execve|execvp|system|popen|spawn|spawnSync|proc_open|shell_exec|passthru|dup2|fork|getline"
    r"|pty)\b"
    r"|/bin/(?:ba|z|da|k)?sh\b|\b(?:ba|z|da|k)?sh -i\b|open\(STD"
)
"""A connection and a program in one text: a shell that somebody else types into."""
_CHANGES = re.compile(
    r"(?:write|append|put_contents|copy|symlink|chmod|open\([^()\n]{0,200} [wa]\b)[^\n]{0,300}?"
    r"(?:authorized_keys|/etc/(?:passwd|shadow|sudoers|cron|profile|hosts|ld\.so|systemd|pam\.d|ssh)"
    r"|/\.(?:bashrc|bash_profile|zshrc|zshenv|profile)\b|LaunchAgents|autostart/)",
    re.IGNORECASE,
)
"""What a program writes that every login runs, or that belongs to the system."""
_ENVIRONMENT = re.compile(
    r"\bENV\.(?:to_\w|each|map|inspect|sort)|\$_ENV\b|%ENV\b|\bENVIRON\b|Sys\.getenv\(\)|getenv\(\)"
)
_BRINGS = re.compile(r"\b(?:urlopen|urlretrieve|requests\.get|httpx\.get|URI\.open|DownloadFile)\b")
_RUNS_ALL = re.compile(r"\bshell=True\b|\bos\b.{0,12}\.system\b|\bpopen\b|\bexec\b", re.DOTALL)
"""What brings something from the network, and what runs a text, in one program."""
_FORKS = re.compile(
    r"(?:\b|_)fork\b[\s();]{0,6}\b(?:while|until|for)\b[^;\n]{0,20}(?:\b1\b|fork|;;)|\b(?:while|loop|for)\b[^\n]{0,30}\n?[^\n]{0,40}(?:\b|_)fork\b"
)
"""A program that starts itself without an end."""
_SENDS = re.compile(
    r"\b(?:post|put|urlopen|upload\w*|send(?:all|to|mail)?|request|fetch|get)\b|Net::(?:HTTP|FTP|SMTP)|LWP|HTTP::Tiny|curl_exec"
    r"|\bTCPSocket\b|https?://[^\s]{0,200}[?&]",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"\bENV\.to_|\$_ENV\b|%ENV\b|(?:^|[\s/~])(?:\.env(?:\.\w+)?|id_(?:rsa|ed25519|ecdsa)|\.aws/credentials|\.netrc|\.pgpass|\.kube/config|\.npmrc|\.git-credentials)"
    r"(?:\s|\Z|[);|`}>])|/etc/(?:passwd|shadow)\b|\.ssh/"
)
"""A file of secrets, and what sends, in one program."""
_RUNNERS = frozenset(("eval", "source", ".", "sh", "bash", "zsh", "dash", "ksh", "python", "python3", "node", "perl",
                      "ruby", "php"))  # fmt: skip
_INTERPRETER = re.compile(
    r"(?:python|pypy|perl|ruby|php|node|nodejs|deno|bun|lua|luajit|Rscript|awk|gawk|mawk|tclsh|wish|expect|julia|groovy"
    r"|emacs|vim|nvim|ex|jrunscript|jjs|latex|pdflatex|xelatex|lualatex|rpm|guile|osascript|scala|kotlin|swift|elixir|ghc|runghc|octave|jshell|sbcl|clojure|bb|janet|raku|crystal|nim"
    r"|dart|R|erl|gdb|go|rust|c|java|tsx|ts-node|powershell|pwsh)[\d.]*\Z"
)
_MULTIPLIES = re.compile(r"([\w:.@+-]{1,40})\s*\(\)\s*[{(][^{}]{0,80}?(?<![\w:.@+-])\1\s*\|\s*\1\s*&")
"""A function that starts itself twice, in the background."""
_ASSIGNS = re.compile(r"(?<!\w)([A-Za-z_]\w{0,60})=(?=(.{0,120}))")
_READ = re.compile(r"(?<![\w-])(?:read|mapfile|readarray)\s([\w\s.'\"-]{1,80})")
_MAX_ASSIGNMENTS = 500
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")
_PLAIN = re.compile(r"[\w.+-]*\Z")


def suspicions(text: str, command: str = "", around: Callable[[], bool] = lambda: False) -> list[str]:
    """The flags that the words of a shell text speak of, quotes and empty expansions taken away.

    `command` is the name it runs as far as that was read. One that is computed could be any program, and be put
    together from words anywhere in the text: `around` says whether that text speaks of a deletion.
    """
    folded = _folded(text[: 2 * _MAX_OWN])
    if _INTERPRETER.match(command):
        folded += "\n" + _LISTS.sub(" ", folded)
    computed = not _PLAIN.match(command)
    found = []
    if (
        _DELETION.search(folded)
        or (computed and (_FLAGS.search(folded) or around()))
        or (_INTERPRETER.match(command) and (_CODE.search(folded) or (_FLAGS.search(folded) and _RUNS.search(folded))))
    ):
        found.append("recursive-delete")
    if _INTERPRETER.match(command) and _CHANGES.search(folded):
        found.append("system-path")
    if _INTERPRETER.match(command) and _ENVIRONMENT.search(folded):
        found.append("secret-read")
    if _INTERPRETER.match(command) and _BRINGS.search(folded) and _RUNS_ALL.search(folded):
        found.append("download-and-run")
    if _INTERPRETER.match(command) and _FORKS.search(folded):
        found.append("multiplies")
    if _INTERPRETER.match(command) and _FOREIGN.search(folded) and _HIDDEN.search(folded) and _SENDS.search(folded):
        found.append("exfiltration")
    if _INTERPRETER.match(command) and _RUNS_TEXT.search(folded) and _DECODES.search(folded):
        found.append("hidden-code")
    if _INTERPRETER.match(command) and _SOCKETS.search(folded) and _SHELL.search(folded):
        found.append("remote-shell")
    fetches = (computed or command in _RUNNERS) and _FETCH.search(folded)
    if fetches or (_INTERPRETER.match(command) and _FOREIGN.search(folded) and _RUNS_TEXT.search(folded)):
        found.append("download-and-run")
    return found


@functools.lru_cache(maxsize=4)
def program_suspicions(text: str, language: str) -> tuple[str, ...]:
    """The flags that a program speaks of; a script may run the same one again and again."""
    return tuple(suspicions(text, language))


def _folded(text: str) -> str:
    text = _ADDED.sub("", _APPENDED.sub(" ", text))
    if set_apart := _IFS.search(text):
        text = text.translate({ord(char): " " for char in set_apart[1]})
    text = _PREFIX.sub("", text)
    text = _EMPTY.sub("", _DEFAULT.sub(r"\1", text.replace("\\\n", "")))
    return _BLANK.sub(" ", _NOTHING.sub("", _BLANK.sub(" ", text)))


def suspected(operations: Iterable[Operation], text: str) -> tuple[Operation, ...]:
    """The operations of a text; those that were not understood say what their words speak of, nested ones too."""

    @functools.cache
    def around() -> bool:
        return bool(_DELETION.search(_folded(text[:_MAX_TEXT])))

    @functools.cache
    def assignments() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, value in islice(_ASSIGNS.findall(text[:_MAX_TEXT]), _MAX_ASSIGNMENTS):
            found.setdefault(name, []).append(value)
        return found

    @functools.cache
    def read() -> set[str]:
        lines = islice(_READ.findall(text[:_MAX_TEXT]), _MAX_ASSIGNMENTS)
        return {word for line in lines for word in line.split()}

    def assigned(command: str) -> list[str]:
        """What a variable is filled with that a command is called by."""
        name = _VARIABLE.match(command)
        if name and name[1] in read():
            return [text[:_MAX_OWN]]
        return assignments().get(name[1], []) if name else []

    found = [_said(operation, around, assigned) for operation in operations]
    if found and found[0].protocol == "shell" and _MULTIPLIES.search(text[:_MAX_TEXT]):
        flags: list[JSON] = [*_texts(found[0].arguments.get("flags")), "multiplies"]
        found[0] = replace(
            found[0], action="admin", access=Access.ADMIN, arguments={**found[0].arguments, "flags": flags}
        )
    return tuple(found)


def _said(
    operation: Operation, around: Callable[[], bool], assigned: Callable[[str], list[str]] = lambda _: []
) -> Operation:
    nested = suspected(operation.nested, operation.text[:_MAX_OWN]) if operation.nested else ()
    if operation.protocol != "shell" or operation.action != "unknown":
        return operation if nested == operation.nested else replace(operation, nested=nested)
    command = str(operation.arguments.get("command", ""))
    known, words = (_texts(operation.arguments.get(name)) for name in ("flags", "words"))
    own = "\n".join((operation.text[:_MAX_OWN], " ".join((command, *words))[:_MAX_OWN], *assigned(command)))
    spoken = [flag for flag in suspicions(own, command, around) if flag not in known]
    return replace(operation, nested=nested, arguments={**operation.arguments, "flags": [*known, *spoken]})


def _texts(value: JSON) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
