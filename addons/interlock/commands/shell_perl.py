"""Short Perl, as it is written on a command line: substitutions, matches, prints and counting."""

from __future__ import annotations

import re

from interlock.commands.shell_call import Verdict

__all__ = ["perl_text"]

_WORDS_TEXT = """
print printf say if unless else elsif next last chomp chop BEGIN END join split sprintf scalar length uc lc ucfirst
lcfirst reverse sort keys values map grep my our foreach for while until push pop shift unshift substr index rindex
int eof undef sum min max first uniq eq ne lt gt le ge and or not x qw exists defined abs sqrt local time localtime
gmtime use strict warnings utf8 exit die hex oct ord chr STDIN STDERR STDOUT wantarray cmp v5 each delete floor ceil
return no feature sum0 lc tr exp log _ g
"""
_WORDS = frozenset(_WORDS_TEXT.split())
_QUOTED = re.compile(
    r"(?P<sub>\bs(?:(?P<x>[/|#,:!%~@])(?P<a>(?:\\.|(?!(?P=x)).)*+)(?P=x)(?P<b>(?:\\.|(?!(?P=x)).)*+)(?P=x)"
    r"|\{(?P<c>(?:\\.|[^{}\\])*)\}\s*\{(?P<d>(?:\\.|[^{}\\])*)\})(?P<flags>[a-z]*))"
    r"|(?P<tr>\b(?:tr|y)(?P<y>[/|#,:!%])(?:\\.|(?!(?P=y)).)*+(?P=y)(?:\\.|(?!(?P=y)).)*+(?P=y)[cdsr]*)"
    r"|(?P<match>\b(?:m|qr)(?P<z>[/|#,:!%])(?P<e>(?:\\.|(?!(?P=z)).)*+)(?P=z)[a-z]*|\bm\{(?P<f>(?:\\.|[^{}\\])*)\}[a-z]*)"
    r"|(?P<string>\"(?P<g>(?:\\.|[^\"\\])*)\"|'(?:\\.|[^'\\])*'|\bqq?\((?P<h>[^()\\]*)\)|\bqq?\{(?P<i>[^{}\\]*)\})",
    re.DOTALL,
)
_SLASHED = re.compile(
    r"((?:\A|[(,;{}!~&|?:=]|\.\.\.?|\b(?:if|unless|and|or|not|split|grep|while|until|return|print|when|x))\s*)/((?:\\.|[^/\\\n])*)/[a-z]*"
)
_RUNS_INSIDE = re.compile(r"@\{|\$\{(?!\w+\}|\^)|\(\?\??\{|\$\w*(?:->)?[\[{][^\]}]*[(`]|\$\(|@\w+\[[^\]]*[(`]")
"""Code in a pattern or in a string with variables."""
_LEFT = re.compile(
    r"\s+|#[^\n]*|[$@%]\{?\^?\w+\}?|\$[_.,/\\;&!0@\"'`+-]|[$@%]#?\w+|\d[\w.]*|<>|<STDIN>|<\$\w+>|[-+*/%!<>=&|?:;,.(){}\[\]~^\\]|(?P<word>[A-Za-z_][\w:]*)",
    re.DOTALL,
)
_FILES = re.compile(r"\bARGV\b(?!\[)|\bENV\b(?!\{)|&\$?\w+\s*\(|&\{|->\s*[(\w$]|`|<<|\bqx\b|\$0\s*=|\*\{|\*\w+\s*=")


def perl_text(text: str, verdict: Verdict) -> bool:
    """Whether a program only computes, matches, substitutes and prints."""
    del verdict
    if len(text) > 4096:
        return False
    for found in _QUOTED.finditer(text):
        inside = [found[name] or "" for name in "abcdefghi"]
        if any(map(_RUNS_INSIDE.search, inside)) or "e" in (found["flags"] or "") or "ee" in (found["flags"] or ""):
            return False
    left = _QUOTED.sub(" 0 ", text)
    if any(_RUNS_INSIDE.search(found[2]) for found in _SLASHED.finditer(left)):
        return False
    left = _SLASHED.sub(lambda found: found[1] + " 0 ", left)
    if _FILES.search(left):
        return False
    at = 0
    while at < len(left):
        match = _LEFT.match(left, at)
        if not match or match.end() == at:
            return False
        if match["word"] and match["word"] not in _WORDS and not _is_key(left, match):
            return False
        at = match.end()
    return True


def _is_key(text: str, match: re.Match[str]) -> bool:
    """A bare word in braces (`$h{name}`) or before `=>` is a string."""
    before, after = text[: match.start()].rstrip()[-1:], text[match.end() :].lstrip()[:2]
    return (before == "{" and after[:1] == "}" and text[: match.start()].rstrip()[-2:-1].isalnum()) or after == "=>"
