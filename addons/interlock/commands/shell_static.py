"""What a command reads from a pipe, where the text shows it: echo, printf and here-documents through decoders.

Only commands whose output follows from their words count: `echo aGk= | base64 -d`, `printf '\\x68\\x69'`,
`cat <<EOF`, `rev`, `tr` over plain sets, `xxd -r -p`. Everything else is None: not known.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call
from interlock.commands.shell_tree import Simple

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["output", "static_input"]

_MAX_STAGES = 12
_MAX_TEXT = 1 << 18
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|0?[0-7]{1,3}|.)", re.DOTALL)
_NAMED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v", "\\": "\\"}


def static_input(call: Call, judge: Judge, depth: int = 0) -> str | None:
    """The text on a command's standard input, or None where that is not certain."""
    stdin = call.simple.stdin
    if stdin.kind == "text":
        return stdin.text
    if stdin.kind == "file":
        targets = [one.target for one in call.simple.redirects if one.operator == "<"]
        return judge.written.content(targets[0].text) if len(targets) == 1 and not targets[0].dynamic else None
    feeders = judge.feeders(call.simple) if stdin.kind == "pipe" else []
    if len(feeders) != 1 or depth > _MAX_STAGES:
        return None
    return output(feeders[0], judge, depth + 1)


def output(simple: Simple, judge: Judge, depth: int = 0, *, redirected: bool = False) -> str | None:
    """What a command prints (to its one redirection, where it is `redirected`); None where that is not certain."""
    if not simple.words or any(word.dynamic or word.glob for word in simple.words):
        return None
    if len(simple.redirects) > (1 if redirected else 0):
        return None
    texts = [word.text for word in simple.words]
    name, args = texts[0].rpartition("/")[2], texts[1:]
    if name == "echo":
        return _echo(args)
    if name == "printf":
        return _printf(args)
    filter_ = _filter(name, args)
    if filter_ is None:
        return None
    read = static_input(Call(name, simple.words[1:], simple), judge, depth)
    if read is None or len(read) > _MAX_TEXT:
        return None
    try:
        return filter_(read)
    except (ValueError, OSError, EOFError, zlib.error):
        return None


def _echo(args: list[str]) -> str | None:
    escapes = end = False
    while args and re.fullmatch(r"-[neE]+", args[0]):
        end = end or "n" in args[0]
        escapes = "e" in args[0]
        args = args[1:]
    text = " ".join(args)
    if not escapes and "\\" in text:
        return None  # sh's own echo would read escapes, Bash's would not
    return (_escaped(text) if escapes else text) + ("" if end else "\n")


def _printf(args: list[str]) -> str | None:
    if args[:1] == ["--"]:
        args = args[1:]
    if not args or args[0].startswith("-"):
        return None
    pattern, values = args[0], args[1:]
    found = re.findall(r"%(.)", pattern.replace("%%", ""), re.DOTALL)
    if not set(found) <= {"s", "b"} or (values and not found):
        return None
    parts = []
    for start in range(0, max(len(values), 1), max(len(found), 1)):
        parts.append(_filled(_escaped(pattern), values[start : start + len(found)]))
    return "".join(parts)


def _filled(pattern: str, values: list[str]) -> str:
    rest = iter(values)

    def one(found: re.Match[str]) -> str:
        if found[1] == "%":
            return "%"
        value = next(rest, "")
        return _escaped(value) if found[1] == "b" else value

    return re.sub(r"%(.)", one, pattern, flags=re.DOTALL)


def _escaped(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        escape = found[1]
        if escape[0] in "xu" and len(escape) > 1:
            return chr(int(escape[1:], 16))
        if escape[0] in "01234567":
            return chr(int(escape, 8) & 0xFF)
        return _NAMED.get(escape, "\\" + escape)

    return _ESCAPE.sub(one, text)


def _filter(name: str, args: list[str]) -> Callable[[str], str] | None:
    """The function that a filter is, if its words are all known."""
    if name == "cat" and args in ([], ["-"]):
        return str
    if name == "base64" and args in (["-d"], ["--decode"], ["-D"], ["-di"], ["-d", "-i"]):
        return lambda text: base64.b64decode(re.sub(r"\s", "", text), validate=True).decode("latin-1")
    if name == "base32" and args in (["-d"], ["--decode"]):
        return lambda text: base64.b32decode(re.sub(r"\s", "", text)).decode("latin-1")
    if name == "xxd" and "".join(args).replace("-", "") in ("rp", "pr", "rps"):
        return lambda text: binascii.unhexlify(re.sub(r"\s", "", text)).decode("latin-1")
    if name == "rev" and not args:
        return lambda text: "\n".join(line[::-1] for line in text.split("\n"))
    if name == "tac" and not args:
        return lambda text: "".join(reversed(text.splitlines(keepends=True)))
    if name in ("gunzip", "zcat") and set(args) <= {"-c", "-"}:
        return _inflated
    if name == "openssl" and args[:1] in (["base64"], ["enc"]) and set(args[1:]) <= {"-d", "-A", "-a", "-base64"}:
        return lambda text: base64.b64decode(re.sub(r"\s", "", text), validate=True).decode("latin-1")
    return _tr(args) if name == "tr" else None


def _inflated(text: str) -> str:
    return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(text.encode("latin-1"), _MAX_TEXT).decode("latin-1")


def _tr(args: list[str]) -> Callable[[str], str] | None:
    if len(args) == 2 and args[0] == "-d":
        drop = _set(args[1])
        return None if drop is None else lambda text: text.translate({ord(char): None for char in drop})
    if len(args) != 2 or args[0].startswith("-"):
        return None
    first, second = _set(args[0]), _set(args[1])
    if not first or not second:
        return None
    table = dict(zip(map(ord, first), second.ljust(len(first), second[-1]), strict=False))
    return lambda text: text.translate(table)


def _set(text: str) -> str | None:
    if "[:" in text:
        return None
    text = _escaped(text)
    return re.sub(
        r"(.)-(.)", lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))), text, flags=re.DOTALL
    )
