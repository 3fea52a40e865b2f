"""Judges the simple commands of a shell text: what each would do, and what it carries inside."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from interlock.commands import (
    shell_archives,
    shell_builders,
    shell_clouds,
    shell_containers,
    shell_deletes,
    shell_files,
    shell_forges,
    shell_interpreters,
    shell_runners,
    shell_services,
    shell_tools,
)
from interlock.commands.shell_call import ACCESS, Call, Verdict, hosts, operation
from interlock.commands.shell_environment import assign
from interlock.commands.shell_secrets import secret, shows_environment
from interlock.commands.shell_tables import (
    ADMIN,
    BUILDERS,
    CLOUDS,
    DESTROYERS,
    INTERPRETERS,
    NETWORK,
    READERS,
    REFUSED_OPTIONS,
    SHELLS,
    WRITERS,
    WRITING_OPTIONS,
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
_SCRIPTS = frozenset(("init", "service", "route", "batch", "at", "snap", "alias", "test"))
"""Names of commands that projects give to scripts of their own."""
_UPLOADS = ("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "-F", "--form", "-T", "--upload-file",
            "--json", "--post-data", "--post-file", "--body-data", "--body-file")  # fmt: skip


class Judge:
    """Judges one script. `written` collects paths the script has written, so that running one is noticed."""

    def __init__(self, script: Script, nest: Analyse) -> None:
        self.script, self.nest = script, nest
        self.written: set[str] = set()
        self.unpacked = False
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
            assign(name, value, verdict)
        if simple.words:
            found.append(self._call(simple, verdict))
        elif verdict.action != "read":
            found.append(operation(Call("", [], simple), verdict))
        return found

    def feeders(self, simple: Simple) -> list[Simple]:
        """The commands whose output a pipe brings to this one."""
        start, end = simple.stdin.span
        return [other for other in self.script.commands if start <= other.start < end]

    def repeats(self, simple: Simple) -> bool:
        """Whether a command is run again and again, for words that could be any files."""
        return any(start <= simple.start < end for start, end in self.script.loops)

    def run_file(self, word: Word, verdict: Verdict) -> None:
        """A program or script is run whose content is not seen."""
        verdict.at_least("write", "opaque")
        path = posixpath.normpath(word.text).removeprefix("$PWD/")
        written = path in self.written or any(path.startswith(folder + "/") for folder in self.written)
        written = written or (self.unpacked and not path.startswith(("/", "~", "$")))
        if word.dynamic or written or path.startswith(("/dev/", "/proc/", "/tmp/", "/var/tmp/")):  # noqa: S108
            verdict.unknown("written-and-run" if written else "dynamic")

    def _call(self, simple: Simple, verdict: Verdict) -> Operation:
        word = simple.words[0]
        name = posixpath.basename(word.text) or word.text
        call = Call(name, simple.words[1:], simple)
        self.depth += 1
        try:
            if word.dynamic or (word.glob and word.text != "[") or not name or self.depth > _MAX_DEPTH:
                verdict.unknown("dynamic")
            elif "/" in word.text and not _STANDARD.match(posixpath.normpath(word.text).replace("//", "/")):
                self._program(call, word, verdict)
            else:
                self._known(call, verdict)
        finally:
            self.depth -= 1
        verdict.hosts.update(hosts(call.texts()))
        inputs = [redirect.target for redirect in simple.redirects if redirect.operator == "<"]
        searches = name in ("find", "fd", "fdfind")
        if any(secret(item.text, item.glob or searches) for item in [*call.args, *inputs]):
            verdict.flags["secret-read"] = None
        if shows_environment(name, call.args) and not simple.assigns:
            verdict.flags["secret-read"] = None
        return operation(call, verdict)

    def _program(self, call: Call, word: Word, verdict: Verdict) -> None:
        """A program given by its path: opaque, and as bad as the known one that it is named like."""
        self.run_file(word, verdict)
        name = call.name.casefold()
        if self.knows(name) and name not in _SCRIPTS:
            self._known(Call(name, call.args, call.simple), verdict)

    def knows(self, name: str) -> bool:
        """Whether there is a command of this name (or path) whose calls can be judged."""
        name = posixpath.basename(name)
        tabled = any(
            name in table for table in (READERS, NETWORK, WRITERS, BUILDERS, DESTROYERS, ADMIN, CLOUDS, SHELLS)
        )
        return tabled or _handler(name) is not None or bool(INTERPRETERS.match(name))

    def fetches(self, simple: Simple) -> bool:
        """Whether a command brings something from the network."""
        return any(posixpath.basename(word.text) in NETWORK for word in simple.words[:4])

    def _known(self, call: Call, verdict: Verdict) -> None:
        name = call.name
        if name in _ARITHMETIC and any(_SUBSCRIPT.search(word.text) for word in call.args if not word.dynamic):
            verdict.unknown("dynamic")
        if name in ("less", "more", "zless") and any(word.text.startswith("+") for word in call.args):
            verdict.unknown("runs-other-program")
        refused = REFUSED_OPTIONS.get(name)
        if refused and (call.has(*refused) or any(word.dynamic and call.dynamic() for word in call.args)):
            verdict.unknown("runs-other-program")
        handler = _handler(name)
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
            shell_builders.builder(call, verdict, self)
        elif name in DESTROYERS or name.startswith("mkfs."):
            verdict.at_least("destroy", "system-path")
        elif name in ADMIN:
            verdict.at_least("admin")
        elif name in CLOUDS:
            shell_clouds.cloud(call, verdict, self)
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

    def _redirect(self, redirect: Redirect, simple: Simple) -> list[Operation]:
        target, operator = redirect.target, redirect.operator
        verdict = Verdict()
        if "/dev/tcp/" in target.text or "/dev/udp/" in target.text:
            verdict.at_least("network", "network-socket")
            verdict.hosts.update(hosts([target.text]))
        elif operator == "<" and secret(target.text, target.glob):
            verdict.at_least("read", "secret-read")
        elif operator in ("<", "<&") or target.text in _SINKS or (operator == ">&" and target.text.isdigit()):
            return []
        else:
            verdict.at_least("write", "append" if ">>" in operator else "overwrite")
            if target.dynamic and ">>" not in operator and self.repeats(simple):
                verdict.at_least("destroy", "wide-delete")
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


def _handler(name: str) -> Callable[[Call, Verdict, Judge], None] | None:
    for family in _FAMILIES:
        found = family.get(name)
        if found is not None:
            return found
    return None


_FAMILIES = (
    shell_runners.HANDLERS, shell_services.HANDLERS, shell_containers.HANDLERS, shell_tools.HANDLERS,
    shell_archives.HANDLERS, shell_forges.HANDLERS, shell_deletes.HANDLERS, shell_files.HANDLERS,
)  # fmt: skip
