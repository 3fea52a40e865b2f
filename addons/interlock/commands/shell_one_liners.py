"""Programs on the command line of Node, Perl, Ruby and PHP: harmless forms are told from all the others.

These languages are not parsed, they are taken apart into tokens; every token must be one of those known to compute,
read or print. Whatever is not known makes the program not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_javascript import javascript_text
from interlock.commands.shell_perl import perl_text
from interlock.commands.shell_php import php_text
from interlock.commands.shell_ruby import ruby_text
from interlock.commands.shell_secrets import shows
from interlock.commands.shell_words import Word

__all__ = ["one_liner", "split_text"]

_MAX_TEXT = 1 << 15
_SENDS_SECRET = re.compile(r"[?&]\w+=['\"`]?\s*+\+?\s*+\$?\{?\s*+process\.env\.\w*(KEY|TOKEN|SECRET|PASS)")
_SHOWS_SECRET = re.compile(r"(?:\A\s*|console\.\w+\([^)]{0,200}?)process\.env\.(\w+)")
_LANGUAGES: dict[str, Callable[[str, Verdict], bool]] = {
    "node": javascript_text, "nodejs": javascript_text, "perl": perl_text, "ruby": ruby_text, "php": php_text,
}  # fmt: skip
_TEXT = {
    "node": r"-(?:e|p|pe|-eval|-print)", "nodejs": r"-(?:e|p|pe|-eval|-print)", "php": r"-r",
    "perl": r"-[acEFlnpsw0-7i]*[eE]", "ruby": r"-[aclnpsw0-7i]*e",
}  # fmt: skip
_CHECKS = {"php": frozenset(("-l", "-m", "-i", "-v", "--version", "--ini")),
           "ruby": frozenset(("-v", "--version", "-c")), "perl": frozenset(("-v", "-V")),
           "node": frozenset(("--version", "-v", "--check", "-c"))}  # fmt: skip
"""Options that only look at something."""
_PLAIN = {
    "node": r"--(?!require|import|loader|experimental-loader|eval|print|env-file)[\w-]+(?:=[\w./:@-]+)?"
            r"|--env-file=\S+|-r|--require|--import|(?:@[\w-]+/)?[\w-]+/[\w/.-]+|tsx|ts-node",
    "perl": r"-[acglnpsw]+|-c|-Ilib|-I\S+|-0[0-7x]*|-[acglnpsw0-7]*i(?:\.\w+)?|-F\S*|-l\d*|-M(?:strict|warnings|utf8"
            r"|List::Util(?:=\w+(?:,\w+)*)?|POSIX(?:=\w+)?|Data::Dumper|JSON::PP|Time::HiRes(?:=\w+)?|feature(?:=\S+)?|open(?:=\S+)?)|-CS\w*|-Mv5\.\d+",
    "ruby": r"-r(?:json|yaml|csv|date|time|set|digest|securerandom|pp|erb|uri|bigdecimal|ostruct)|-[lnpaw]+"
            r"|-i(?:\.\w+)?|-W\d?",
    "php": r"-n|-d\S*",
}  # fmt: skip


def split_text(call: Call) -> tuple[str | None, list[str], list[Word]]:
    """The program among an interpreter's words (None where it is not certain), the options used, the words behind."""
    name = "node" if call.name == "nodejs" else re.sub(r"[\d.]+\Z", "", call.name)
    opens, plain = _TEXT.get(name), _PLAIN.get(name)
    if opens is None or plain is None:
        return None, [], []
    texts: list[str] = []
    options: list[str] = []
    at, args = 0, call.args
    while at < len(args):
        text = args[at].text
        glued = re.fullmatch(rf"({opens})(?:=(.*))?", text, re.DOTALL) if text.startswith("-") else None
        if glued and not args[at].dynamic:
            value = Word(glued[2]) if glued[2] is not None else args[at + 1] if at + 1 < len(args) else None
            if value is None or value.dynamic:
                return None, options, []
            texts.append(value.text)
            options += _letters(text)
            at += 1 if glued[2] is not None else 2
        elif text in _CHECKS.get(name, ()):
            return "", ["checks"], args[at + 1 :]
        elif (text.startswith("-") and text != "-") or (at and args[at - 1].text in ("-r", "--require", "--import")):
            if not re.fullmatch(plain, text) or args[at].dynamic:
                return None, options, []
            options += _letters(text)
            at += 1
        else:
            break
    rest = args[at:]
    if any(re.search(r"[|<>]", word.text) for word in rest) and name == "perl":
        return None, options, []  # Perl opens `rm x|` as a command
    return ("\n".join(texts) if texts else None), options, rest


def _letters(option: str) -> list[str]:
    found = [option]
    if option.startswith("-") and not option.startswith(("--", "-M", "-F", "-C", "-r", "-d")):
        found += ["-" + letter for letter in option[1:].partition(".")[0]]
    return found


def one_liner(language: str, text: str, verdict: Verdict, options: list[str] | None = None) -> bool:
    """Whether a program is understood; what it does beyond reading goes into `verdict`."""
    if options and "checks" in options:
        return True
    shown = _SHOWS_SECRET.search(text[:_MAX_TEXT])
    if shown and shows("$" + shown[1]):
        verdict.flags["secret-read"] = None
    if _SENDS_SECRET.search(text[:_MAX_TEXT]):
        verdict.flags["exfiltration"] = None
    judge = _LANGUAGES.get(re.sub(r"[\d.]+\Z", "", language))
    return judge is not None and len(text) <= _MAX_TEXT and judge(text, verdict)
