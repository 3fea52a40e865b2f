"""One call of a command, taken apart: name, options, operands, and the facts found about it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass, field

from interlock.commands.shell_tree import Simple
from interlock.commands.shell_words import Word
from interlock.model import JSON, Access, Operation

__all__ = ["ACCESS", "Call", "Verdict", "hosts", "operation", "raised"]

ACCESS = {
    "read": Access.READ,
    "network": Access.WRITE,
    "write": Access.WRITE,
    "destroy": Access.DDL,
    "admin": Access.ADMIN,
    "unknown": Access.UNKNOWN,
}
"""What each action of a shell operation does to its resource."""
_ORDER = list(ACCESS)
# Each begins where its run of characters begins and never gives any back, so that a long word is read once.
_URL = re.compile(r"(?<=[a-z0-9+.-])://(?:[^/\s@]*+@)?(\[[0-9A-Fa-f:.%]+\]|[^/:\s?#'\"]+)", re.IGNORECASE)
_REMOTE = re.compile(
    r"(?<![\w.+-])[\w.+-]++@([\w.-]++)(?::|\Z)|(?<![\w.-])\.*+([\w-]++(?:\.++[\w-]++)++):(?!\\)", re.ASCII
)
_SOCKET = re.compile(r"/dev/(?:tcp|udp)/([^/]+)/")


def raised(action: str, other: str) -> str:
    """The more dangerous of two actions."""
    return max(action, other, key=_ORDER.index)


@dataclass(slots=True)
class Verdict:
    """What is known of a call so far; it only ever gets worse. `texts` are for a shell, and still to be judged."""

    action: str = "read"
    flags: dict[str, None] = field(default_factory=dict)
    hosts: dict[str, None] = field(default_factory=dict)
    nested: list[Operation] = field(default_factory=list)
    options: list[str] | None = None
    paths: list[str] | None = None
    texts: list[str] = field(default_factory=list)

    def at_least(self, action: str, *flags: str) -> None:
        """Raises the action and adds flags."""
        self.action = raised(self.action, action)
        self.flags.update(dict.fromkeys(flags))

    def unknown(self, *flags: str) -> None:
        """The call is not understood."""
        self.at_least("unknown", "not-understood", *flags)


@dataclass(slots=True)
class Call:
    """A command with its words taken apart. `args` are all words after the name."""

    name: str
    args: list[Word]
    simple: Simple

    def texts(self) -> list[str]:
        """The text of all arguments."""
        return [word.text for word in self.args]

    def options(self, bundled: bool = True) -> list[str]:
        """Options before `--`: `-rf` counts as -r and -f too, `--name=value` as --name."""
        found: dict[str, None] = {}
        for text in self.texts():
            if text == "--":
                break
            if text.startswith("--"):
                found[text.partition("=")[0]] = None
            elif text.startswith("-") and len(text) > 1:
                found[text.partition("=")[0]] = None
                if bundled:
                    found.update(dict.fromkeys("-" + letter for letter in text[1:] if letter.isalnum()))
        return list(found)

    def has(self, *wanted: str) -> bool:
        """Whether an option is there, bundled or with a long name abbreviated."""
        for option in self.options():
            for want in wanted:
                if option == want or (len(option) > 2 and option.startswith("--") and want.startswith(option)):
                    return True
        return False

    def operands(self, valued: Collection[str] = ()) -> list[Word]:
        """Words that are not options; `valued` are options that take the next word."""
        found: list[Word] = []
        skip = ended = False
        for word in self.args:
            if skip:
                skip = False
            elif ended or not word.text.startswith("-") or word.text == "-":
                found.append(word)
            elif word.text == "--":
                ended = True
            else:
                skip = word.text in valued
        return found

    def dynamic(self) -> bool:
        """Whether an argument that could turn into an option is decided by the run."""
        return any(word.dynamic and not word.named and not re.match(r"[\w./~]", word.text) for word in self.args)

    def after(self, index: int) -> Simple:
        """The rest of the words as a command of its own, with the same input."""
        return Simple(
            self.args[index:], [], [], self.simple.stdin, self.simple.start, self.simple.source, self.simple.at
        )


def hosts(texts: list[str]) -> dict[str, None]:
    """Hosts named by URLs, by `user@host` and `host:path`, and by Bash's /dev/tcp."""
    found: dict[str, None] = {}
    for text in texts:
        for pattern in (_URL, _SOCKET, _REMOTE):
            for match in pattern.finditer(text):
                found[next(group for group in match.groups() if group).lower().strip("[]")] = None
    return found


def operation(call: Call, verdict: Verdict) -> Operation:
    """The operation for a judged call. Paths are normalised (`a/../b` is `b`), options taken apart and sorted."""
    paths = verdict.paths
    if paths is None:
        paths = [posixpath.normpath(word.text) if word.text else "" for word in call.operands()]
    words: list[JSON] = [word.text for word in call.args]
    flags: list[JSON] = list(verdict.flags)
    if any(word.dynamic for word in call.args) and "dynamic" not in flags:
        flags.append("dynamic")
    options = sorted(verdict.options if verdict.options is not None else call.options())
    arguments: dict[str, JSON] = {
        "command": call.name,
        "words": words,
        "options": [*options],
        "paths": list(paths),
        "hosts": list(verdict.hosts),
        "flags": flags,
        "at": call.simple.at,
    }
    return Operation(
        "shell", verdict.action, resource=call.name, access=ACCESS[verdict.action], arguments=arguments,
        text=call.simple.source, nested=tuple(verdict.nested),
    )  # fmt: skip
