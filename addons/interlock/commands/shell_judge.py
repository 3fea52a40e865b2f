"""Judges the simple commands of a shell text: what each would do, and what it carries inside."""

from __future__ import annotations

import posixpath
import re

from interlock.commands import (
    shell_builders,
    shell_clouds,
    shell_files,
    shell_foreign,
    shell_interpreters,
    shell_renamed,
    shell_runners,
)
from interlock.commands.nested import Programs
from interlock.commands.shell_brought import brought
from interlock.commands.shell_call import Call, Verdict, hosts, operation
from interlock.commands.shell_environment import COMMANDS, assign
from interlock.commands.shell_families import handler
from interlock.commands.shell_folder import elsewhere, gone_to
from interlock.commands.shell_network import network
from interlock.commands.shell_offsets import placed
from interlock.commands.shell_passed import hands_on, is_handed
from interlock.commands.shell_redirects import redirection
from interlock.commands.shell_secrets import logs_in, reads_secret, secret, shows, shows_environment
from interlock.commands.shell_sends import sends
from interlock.commands.shell_static import output
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
from interlock.commands.shell_tree import Script, Simple
from interlock.commands.shell_words import Word
from interlock.commands.shell_written import Written
from interlock.model import Operation
from interlock.ports import Analyse

__all__ = ["Judge"]

_MAX_DEPTH = 10
_STANDARD = re.compile(r"(/usr/local|/usr|/opt/homebrew|)/s?bin/[^/]+\Z")
_ARITHMETIC = frozenset(("let", "test", "[", "printf", "read", "unset", "declare", "typeset", "local", "export",
                         "readonly", "mapfile", "readarray", "wait", "shift", "return", "exit", "getopts"))  # fmt: skip
"""Builtins that evaluate a subscript in a word, and with it any command in the subscript."""
_SUBSCRIPT = re.compile(r"\[[^\[\]]*(\$[({]|`)", re.DOTALL)
_COPIES = frozenset(("cat", "tee", "base64", "xxd", "od"))
_ASKS = (["--help"], ["--version"], ["-V"])
_SCRIPTS = frozenset(("init", "service", "route", "batch", "at", "snap", "alias", "test"))  # names of projects' own


class Judge:
    """Judges one script. `written` collects what the script has written, so that running it is judged or noticed."""

    def __init__(self, script: Script, nest: Analyse) -> None:
        self.script, self._nest = script, nest
        self.written = Written()
        self.calls: list[Call] = []
        self.folder, self.programs = "", Programs()

    def nest(self, text: str, language: str, dialect: str = "") -> tuple[Operation, ...]:
        """The operations of a text, with offsets in this one; files it writes are files that this one has written."""
        found = placed(self._nest(text, language, dialect), text, self.calls, self.script)
        self.written.learn(found)
        return found

    def is_written(self, path: str) -> bool:
        """Whether the script has written a path, or a folder that it lies in."""
        return path in self.written

    def run(self) -> list[Operation]:
        """One operation for every simple command, in order."""
        found = [one for simple in self.script.commands for one in self.judge(simple)]
        if not found and all(not simple.words for simple in self.script.commands):
            return [operation(Call("", [], Simple()), Verdict())]  # comments, tests and assignments alone
        return found

    def judge(self, simple: Simple) -> list[Operation]:
        """The operations of one simple command: its redirections' and its own."""
        found = [one for redirect in simple.redirects for one in redirection(redirect, simple, self)]
        verdict = Verdict()
        for name, value in simple.assigns:
            if not (name == "IFS" and simple.words and simple.words[0].text == "read"):
                self._assign(name, value, simple, verdict)
        if simple.words:
            found.append(self._call(simple, verdict))
        elif verdict.action != "read":
            found.append(operation(Call("", [], simple), verdict))
        return found

    def _assign(self, name: str, value: Word, simple: Simple, verdict: Verdict) -> None:
        """A variable is set; where it holds a command for the one behind it, that command is judged."""
        if name == "PROMPT_COMMAND" and not value.dynamic:
            verdict.nested += self.nest(value.text, "shell")
        if COMMANDS.match(name) and simple.words and not value.dynamic and " " in value.text:
            found = self.nest(value.text, "shell")
            verdict.nested += found
            right = found[0].resource == "ssh" or not name.startswith("GIT_SSH")
            if right and all(one.action in ("read", "write", "network") for each in found for one in each.walk()):
                verdict.at_least("write")
                return
        assign(name, value, verdict)

    def feeders(self, simple: Simple) -> list[Simple]:
        """The commands whose output a pipe brings to this one."""
        start, end = simple.stdin.span
        return [
            other
            for other in self.script.commands
            if start <= other.start < end and (other.words or other.start + len(other.source.encode()) <= end)
        ]

    def repeats(self, simple: Simple) -> bool:
        """Whether a command is run again and again, for words that could be any files."""
        return any(start <= simple.start < end for start, end in self.script.loops)

    def _call(self, simple: Simple, verdict: Verdict) -> Operation:
        word = simple.words[0]
        name = posixpath.basename(word.text) or word.text
        call = Call(name, simple.words[1:], simple)
        self.calls.append(call)
        try:
            if is_handed(simple, self.script.passes):
                verdict.at_least("write", "function")  # what it runs is judged where the function is called
            elif word.dynamic or (word.glob and word.text != "[") or not name or len(self.calls) > _MAX_DEPTH:
                verdict.unknown("dynamic")
                self._printed(call, word, verdict)
            elif "/" in word.text and not _STANDARD.match(posixpath.normpath(word.text).replace("//", "/")):
                self._program(call, word, verdict)
            else:
                self._known(call, verdict)
                shell_renamed.in_its_place(call, verdict, self)
        finally:
            self.calls.pop()
        verdict.hosts.update(hosts(call.texts()))
        opened = [one.target for one in simple.redirects if one.operator == "<"]
        if any(secret(one.text, one.glob) for one in opened) or reads_secret(call, self):
            verdict.flags["secret-read"] = None
        if self.folder and not simple.assigns and name not in _ARITHMETIC:
            elsewhere(call, verdict, self)
        if simple.stdin.kind == "dynamic" and name in _COPIES and shows(simple.stdin.text):
            verdict.flags["secret-read"] = None
        if name == "cd":
            self.folder = gone_to(call, self.folder)
            fetched = [word for word in call.operands()[:1] if self.written.is_fetched(word.text)]
            self.written.unpacked = self.written.unpacked or bool(fetched)
        if shows_environment(name, call.args) and not simple.assigns:
            verdict.flags["secret-read"] = None
        if "secret-read" in verdict.flags and logs_in(call, self):
            del verdict.flags["secret-read"]
        brought(call, verdict, self)
        sends(call, verdict, self)
        return operation(call, verdict)

    def _printed(self, call: Call, word: Word, verdict: Verdict) -> None:
        """`$(echo cm0= | base64 -d) x` runs what the substitution prints, where that is certain."""
        end = call.simple.start + len(call.simple.source.encode())
        inside = [other for other in self.script.commands if call.simple.start < other.start < end and other.words]
        if not inside or not re.match(r"\$\(|`", word.text) or len(self.calls) > _MAX_DEPTH:
            return
        text = output(max(inside, key=lambda other: other.start), self)
        if text is not None and text.strip():
            verdict.nested += self.nest(" ".join([text.strip(), *call.texts()]), "shell")

    def _program(self, call: Call, word: Word, verdict: Verdict) -> None:
        """A program given by its path: opaque, and as bad as the known one that it is named like."""
        shell_interpreters.run_file(word, call, verdict, self)
        name = call.name.casefold()
        if real := shell_renamed.real_name(word.text, self):
            shell_renamed.under(real, call, verdict, self)
            return
        if self.knows(name) and name not in _SCRIPTS:
            self._known(Call(name, call.args, call.simple), verdict)
        else:
            shell_foreign.wrapped(call, verdict, self)

    def knows(self, name: str) -> bool:
        """Whether there is a command of this name (or path) whose calls can be judged."""
        name = posixpath.basename(name)
        tabled = any(
            name in table for table in (READERS, NETWORK, WRITERS, BUILDERS, DESTROYERS, ADMIN, CLOUDS, SHELLS)
        )
        return tabled or handler(name) is not None or bool(INTERPRETERS.match(name))

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
        loose = call.dynamic() and any(word.loose if name in READERS else word.dynamic for word in call.args)
        if name == "man" and re.search(r"(-P|--pager=) ?(cat|less|more)( |\Z)", " ".join(call.texts())):
            refused = None
        if refused and (call.has(*refused) or loose):
            verdict.unknown("runs-other-program")
        family = handler(name)
        if family is not None:
            family(call, verdict, self)
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
                for word in call.operands()[-1:]:
                    shell_files.changed(posixpath.normpath(word.text or "."), verdict)
        elif name in NETWORK:
            network(call, verdict, self)
        elif name in WRITERS:
            shell_files.writes(call, verdict, self)
        elif name in BUILDERS:
            shell_builders.builder(call, verdict, self)
        elif (name in DESTROYERS or name in ADMIN or name.startswith("mkfs.")) and call.texts() in _ASKS:
            return
        elif name in DESTROYERS or name.startswith("mkfs."):
            verdict.at_least("destroy", "system-path")
        elif name in ADMIN:
            verdict.at_least("admin")
        elif name in CLOUDS:
            shell_clouds.cloud(call, verdict, self)
        elif len(self.calls) == 1 and self.script.functions.get(name, call.simple.start) < call.simple.start:
            verdict.flags["function"] = None  # what its body does is judged where it stands
            (hands_on if name in self.script.passes else shell_foreign.wrapped)(call, verdict, self)
        elif real := shell_renamed.real_name(name, self):
            shell_renamed.under(real, call, verdict, self)
        else:
            shell_foreign.foreign(call, verdict, self)
