"""Redirections: files that are read, emptied, written, and sockets."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import ACCESS, Verdict, hosts
from interlock.commands.shell_files import touch
from interlock.commands.shell_secrets import secret
from interlock.commands.shell_static import output
from interlock.commands.shell_tree import Redirect, Simple
from interlock.commands.shell_words import Word
from interlock.model import JSON, Operation

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["redirection"]

_SUBSTITUTED = re.compile(r"\$\([^()]{0,200}\)|\$\{[^{}]{0,200}\}")
_GROUPS = re.compile(r"[{(`]|\b(?:do|then|else|elif|case|select)\b")
_SINKS = frozenset(("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "-"))


def redirection(redirect: Redirect, simple: Simple, judge: Judge) -> list[Operation]:
    """The operation of one redirection; none for what only steers descriptors."""
    target, operator = redirect.target, redirect.operator
    verdict = Verdict()
    if "/dev/tcp/" in target.text or "/dev/udp/" in target.text:
        verdict.at_least("network", *([] if _probes(redirect, simple) else ["network-socket"]))
        verdict.hosts.update(hosts([target.text]))
    elif operator == "<" and secret(target.text, target.glob):
        verdict.at_least("read", "secret-read")
    elif operator in ("<", "<&") or target.text in _SINKS or (operator == ">&" and target.text.isdigit()):
        return []
    else:
        _writes(redirect, simple, verdict, judge)
    arguments: dict[str, JSON] = {
        "command": operator,
        "words": [target.text],
        "options": [],
        "paths": [posixpath.normpath(target.text or ".")],
        "hosts": list(verdict.hosts),
        "flags": [*verdict.flags, *(["dynamic"] if target.dynamic else [])],
        "at": simple.at,
    }
    access = ACCESS[verdict.action]
    return [
        Operation("shell", verdict.action, resource=operator, access=access, arguments=arguments, text=simple.source)
    ]


_HOME = re.compile(r"/dev/tcp/(?:localhost|127\.0\.0\.1|\[?::1\]?)/[\w${}]+\Z")


def _probes(redirect: Redirect, simple: Simple) -> bool:
    """Whether a connection to this machine is only opened, to see whether somebody answers."""
    words = [word.text for word in simple.words]
    return bool(_HOME.match(redirect.target.text)) and words in ([], [":"], ["true"], ["exec"], ["echo"])


def _writes(redirect: Redirect, simple: Simple, verdict: Verdict, judge: Judge) -> None:
    target, appends = redirect.target, ">>" in redirect.operator
    verdict.at_least("write", "append" if appends else "overwrite")
    if target.dynamic and not appends and judge.repeats(simple):
        verdict.at_least("destroy", "wide-delete")
    if _is_endless(_printing(simple, judge)) and not target.text.startswith("/dev/"):
        verdict.at_least("destroy", "destroys")
    before = judge.written.content(target.text)
    touch(Word(posixpath.join(judge.folder, target.text), target.dynamic) if judge.folder else target, verdict, judge)
    printed = (
        output(_printing(simple, judge), judge, redirected=True) if redirect.operator in (">", ">|", ">>") else None
    )
    if appends:
        printed = None if printed is None or before is None else before + printed
    elif printed is not None:
        printed = judge.written.either(target.text, before, printed)
    if judge.fetches(_printing(simple, judge)):
        judge.written.update([target.text])
        return
    judge.written.add(target.text, printed if not target.dynamic and not judge.repeats(simple) else None)


def _is_endless(simple: Simple) -> bool:
    """Whether a command prints until the disk is full: `yes`, `cat /dev/zero`."""
    words = [word.text for word in simple.words]
    return words[:1] == ["yes"] or (
        words[:1] == ["cat"] and bool({"/dev/zero", "/dev/urandom", "/dev/random"} & set(words))
    )


def _ends_a_list(simple: Simple, last: Simple) -> bool:
    """Whether a redirection of `a && b > f` is that of `b` alone, as it is where no group stands around both."""
    before = _SUBSTITUTED.sub("", simple.source.encode()[: last.start - simple.start].decode(errors="replace"))
    end = before.rstrip()
    return (end.endswith(("&&", "|", ";")) or "\n" in before[len(end) :]) and not _GROUPS.search(before)


def _printing(simple: Simple, judge: Judge) -> Simple:
    """The command that prints: of a pipeline it is the last one, which the grammar does not say."""
    if simple.words:
        return simple
    end = simple.start + len(simple.source.encode())
    inside = [other for other in judge.script.commands if simple.start <= other.start < end and other.words]
    last = inside[-1] if inside else simple
    if inside and _ends_a_list(simple, last):
        return last
    while inside and last.stdin.kind == "pipe":
        if last.stdin.span[0] == simple.start:
            return inside[-1]
        before = judge.feeders(last)
        last = before[0] if len(before) == 1 else simple
    return simple
