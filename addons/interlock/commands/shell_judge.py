"""Judges the simple commands of a shell text: what each would do, and what it carries inside."""

from __future__ import annotations

import posixpath
import re

from interlock.commands import (
    shell_containers,
    shell_files,
    shell_interpreters,
    shell_runners,
    shell_services,
    shell_tools,
)
from interlock.commands.shell_call import ACCESS, Call, Verdict, hosts, operation
from interlock.commands.shell_tables import (
    ADMIN,
    BUILDERS,
    CLOUDS,
    DESTROYERS,
    HARMFUL_VARIABLES,
    INTERPRETERS,
    MANAGERS,
    NETWORK,
    READERS,
    REFUSED_OPTIONS,
    SHELLS,
    SYSTEM,
    WRITERS,
    WRITING_OPTIONS,
    secret,
)
from interlock.commands.shell_tree import Redirect, Script, Simple
from interlock.commands.shell_words import Word
from interlock.model import JSON, Operation
from interlock.ports import Analyse

__all__ = ["Judge"]

_MAX_DEPTH = 10
_STANDARD = re.compile(r"(/usr/local|/usr|/opt/homebrew|)/s?bin/[^/]+\Z")
_SINKS = frozenset(("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "-"))
_ARITHMETIC = frozenset(("let", "test", "[", "printf", "read", "unset", "declare", "typeset", "local", "export",
                         "readonly", "mapfile", "readarray", "wait", "shift", "return", "exit", "getopts"))  # fmt: skip
"""Builtins that evaluate a subscript in a word, and with it any command in the subscript."""
_SUBSCRIPT = re.compile(r"\[[^\]]*(\$[({]|`)", re.DOTALL)
_SAFE_VALUES = frozenset(("", "cat", "true", ":", "less", "vim", "vi", "nano"))
_UPLOADS = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "-F", "--form", "-T", "--upload-file",
            "--json", "--post-data", "--post-file", "--body-data", "--body-file")  # fmt: skip
_VERSION = frozenset(("--version", "-V", "--help"))


class Judge:
    """Judges one script. `written` collects paths the script has written, so that running one is noticed."""

    def __init__(self, script: Script, nest: Analyse) -> None:
        self.script, self.nest = script, nest
        self.written: set[str] = set()
        self.depth = 0

    def run(self) -> list[Operation]:
        """One operation for every simple command, in order."""
        found = [one for simple in self.script.commands for one in self.judge(simple)]
        if not found and all(not simple.words for simple in self.script.commands):
            call = Call("", [], Simple())
            return [operation(call, Verdict())]  # comments, tests and assignments alone
        return found

    def judge(self, simple: Simple) -> list[Operation]:
        """The operations of one simple command: its redirections' and its own."""
        found = [one for redirect in simple.redirects for one in self._redirect(redirect, simple)]
        verdict = Verdict()
        for name, value in simple.assigns:
            self._assign(name, value, verdict)
        if simple.words:
            found.append(self._call(simple, verdict))
        elif verdict.action != "read":
            found.append(operation(Call("", [], simple), verdict))
        return found

    def feeders(self, simple: Simple) -> list[Simple]:
        """The commands whose output a pipe brings to this one."""
        start, end = simple.stdin.span
        return [other for other in self.script.commands if start <= other.start < end]

    def run_file(self, word: Word, verdict: Verdict) -> None:
        """A program or script is run whose content is not seen."""
        verdict.at_least("write", "opaque")
        path = posixpath.normpath(word.text).removeprefix("$PWD/")
        if word.dynamic or path in self.written or path.startswith(("/dev/", "/proc/", "/tmp/", "/var/tmp/")):  # noqa: S108
            verdict.unknown("written-and-run" if path in self.written else "dynamic")

    def _call(self, simple: Simple, verdict: Verdict) -> Operation:
        word = simple.words[0]
        name = posixpath.basename(word.text) or word.text
        call = Call(name, simple.words[1:], simple)
        self.depth += 1
        try:
            if word.dynamic or (word.glob and word.text != "[") or not name or self.depth > _MAX_DEPTH:
                verdict.unknown("dynamic")
            elif "/" in word.text and not _STANDARD.match(word.text):
                self.run_file(word, verdict)
            else:
                self._known(call, verdict)
        finally:
            self.depth -= 1
        verdict.hosts.update(hosts(call.texts()))
        inputs = [redirect.target for redirect in simple.redirects if redirect.operator == "<"]
        if any(secret(item.text, item.glob) for item in [*call.args, *inputs]):
            verdict.flags["secret-read"] = None
        return operation(call, verdict)

    def _known(self, call: Call, verdict: Verdict) -> None:
        name = call.name
        if name in _ARITHMETIC and any(_SUBSCRIPT.search(word.text) for word in call.args if not word.dynamic):
            verdict.unknown("dynamic")
        refused = REFUSED_OPTIONS.get(name)
        if refused and (call.has(*refused) or any(word.dynamic and call.dynamic() for word in call.args)):
            verdict.unknown("runs-other-program")
        for family in (shell_runners, shell_services, shell_containers, shell_tools, shell_files):
            handler = family.HANDLERS.get(name)
            if handler is not None:
                handler(call, verdict, self)
                return
        if name in SHELLS:
            shell_runners.shell(call, verdict, self)
        elif INTERPRETERS.match(name):
            shell_interpreters.interpreter(call, verdict, self)
        else:
            self._tabled(call, verdict)

    def _tabled(self, call: Call, verdict: Verdict) -> None:
        name = call.name
        if name in READERS:
            writing = WRITING_OPTIONS.get(name)
            if writing and (call.has(*writing) or call.dynamic()):
                verdict.at_least("write")
        elif name in NETWORK:
            self._network(call, verdict)
        elif name in WRITERS:
            shell_files.writes(call, verdict, self)
        elif name in BUILDERS:
            words = {word.text for word in call.args}
            only_asks = bool(words & _VERSION) and len(words) == 1
            verdict.at_least("read" if only_asks else "write", *([] if only_asks else ["opaque"]))
            if words & MANAGERS or name in ("npx", "uvx", "pipx"):
                verdict.at_least("write", "installs")
            if words & {"publish", "yank", "unpublish", "login"} or any(word.dynamic for word in call.args[:1]):
                verdict.at_least("admin")
        elif name in DESTROYERS or name.startswith("mkfs."):
            verdict.at_least("destroy", "system-path")
        elif name in ADMIN:
            verdict.at_least("admin")
        elif name in CLOUDS:
            shell_containers.cloud(call, verdict, self)
        elif self.depth == 1 and self.script.functions.get(name, call.simple.start) < call.simple.start:
            verdict.flags["function"] = None  # what its body does is judged where it stands
        else:
            verdict.unknown("unknown-command")

    def _network(self, call: Call, verdict: Verdict) -> None:
        verdict.at_least("network")
        if any(secret(word.text, word.glob) for feeder in self.feeders(call.simple) for word in feeder.words):
            verdict.flags["exfiltration"] = None
        if call.has(*_UPLOADS):
            verdict.flags["upload"] = None
            if any(secret(word.text, word.glob) for word in call.args):
                verdict.flags["exfiltration"] = None
        if call.has("--unix-socket", "--abstract-unix-socket") or any(
            re.match(r"(file|gopher|dict|ldap|smb)://", word.text, re.IGNORECASE) for word in call.args
        ):
            verdict.unknown()
        shell_services.downloads(call, verdict, self)

    def _assign(self, name: str, value: Word, verdict: Verdict) -> None:
        if ("$(" in value.text and not value.dynamic) or ("`" in value.text and not value.dynamic):
            verdict.unknown("dynamic")  # a later arithmetic or prompt expansion would run it
        if not HARMFUL_VARIABLES.match(name.partition("[")[0]):
            return
        if (name == "PATH" and _extends_path(value.text)) or name == "PYTHONPATH":
            verdict.at_least("write", "environment")
        elif name == "NODE_OPTIONS" and re.fullmatch(r"(--max[-_]old[-_]space[-_]size=\d+\s*)+", value.text):
            return
        elif not (re.search(r"PAGER|EDITOR|VISUAL", name) and value.text in _SAFE_VALUES and not value.dynamic):
            verdict.unknown("environment")

    def _redirect(self, redirect: Redirect, simple: Simple) -> list[Operation]:
        target, operator = redirect.target, redirect.operator
        verdict = Verdict()
        if "/dev/tcp/" in target.text or "/dev/udp/" in target.text:
            verdict.at_least("network", "network-socket")
            verdict.hosts.update(hosts([target.text]))
        elif operator in ("<", "<&") or target.text in _SINKS or (operator == ">&" and target.text.isdigit()):
            return []
        else:
            verdict.at_least("write", "append" if ">>" in operator else "overwrite")
            shell_files.touch(target, verdict, self)
        arguments: dict[str, JSON] = {
            "command": operator,
            "words": [target.text],
            "options": [],
            "paths": [posixpath.normpath(target.text or ".")],
            "hosts": list(verdict.hosts),
            "flags": [*verdict.flags, *(["dynamic"] if target.dynamic else [])],
        }
        access = ACCESS[verdict.action]
        return [Operation("shell", verdict.action, resource=operator, access=access, arguments=arguments,
                          text=simple.source)]  # fmt: skip


def _extends_path(value: str) -> bool:
    """Whether a PATH keeps the old one and adds only plain absolute folders."""
    parts = value.strip('"').split(":")
    kept = [part for part in parts if part in ("$PATH", "${PATH}")]
    added = [part for part in parts if part not in ("$PATH", "${PATH}")]
    plain = all(re.match(r"(~|\$HOME|/)", part) and not SYSTEM.match("/x" + part) for part in added)
    return bool(kept) and plain and not any(part.startswith(("/tmp", "/var/tmp", "/dev")) for part in added)  # noqa: S108
