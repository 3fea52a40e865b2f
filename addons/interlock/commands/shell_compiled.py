"""Sources of compiled languages that a text writes and runs: whether such a program only computes and prints.

Go, C, C++, Rust and Java are not parsed. A source is harmless if all it brings in is known to be, and none of the names
stands in it by which the rest would lead to files, programs or other machines. Everything else is not understood.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Call, Verdict
from interlock.commands.shell_files import changed
from interlock.commands.shell_static import static_input
from interlock.commands.shell_suspect import SUSPICIONS, suspicions
from interlock.commands.shell_words import Word

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["COMPILERS", "only_computes"]

_MAX_TEXT = 1 << 16
_MAX_SOURCES = 20
_LANGUAGES = {".go": "go", ".c": "c", ".cc": "c", ".cpp": "c", ".cxx": "c", ".rs": "rust", ".java": "java"}
_GO_TEXT = """
fmt time strings strconv sort math math/big math/bits math/rand math/rand/v2 math/cmplx errors bytes regexp unicode
unicode/utf8 unicode/utf16 encoding/json encoding/hex encoding/base64 encoding/binary encoding/csv encoding/xml bufio
context sync sync/atomic container/list container/heap container/ring slices maps cmp iter hash hash/fnv hash/crc32
crypto/sha256 crypto/sha1 crypto/md5 crypto/sha512 crypto/hmac io log reflect runtime text/tabwriter text/template
html html/template net/url path path/filepath testing flag unique
"""
_GO = frozenset(_GO_TEXT.split())
_GO_OS = re.compile(r"\bos\.(?!(?:Args|Exit|Stdin|Stdout|Stderr|Getenv|Getpid|Getwd|Hostname)\b)")
_GO_IMPORT = re.compile(r'^import\s*+(?:\(([^)]*)\)|([\w.]*\s*"[^"]*"))', re.MULTILINE)
_GO_NAMES = re.compile(r"go:linkname|\bunsafe\b|filepath\.\w*(?:Walk|Glob)|\bpanic\(nil\)|import\s*/\*")
_C_TEXT = """
stdio.h stdlib.h stdint.h stddef.h stdbool.h string.h math.h ctype.h time.h limits.h float.h errno.h assert.h
inttypes.h stdarg.h wchar.h locale.h complex.h iso646.h stdalign.h stdnoreturn.h iostream iomanip vector string map set
unordered_map unordered_set algorithm numeric array deque queue stack list tuple utility optional variant memory
functional chrono random limits cstdint cstddef cstdio cstdlib cstring cmath cctype sstream string_view bitset
type_traits initializer_list iterator ranges span complex cassert climits cfloat ratio concepts compare bit numbers
"""
_C = frozenset(_C_TEXT.split())
_C_NAMES = re.compile(
    r"\b(?:system|popen|\w*exec[lv]\w*|v?fork|clone|remove|rename\w*|\w*unlink\w*|rmdir|n?ftw|fopen\w*|freopen\w*|tmpfile"
    r"|open\w*|creat|socket|connect|send\w*|__?asm\w*|asm|dl(?:open|sym)|syscall|mmap|mprotect|ptrace|kill|chmod|chown"
    r"|set\w*[ug]id|posix_spawn\w*|truncate|mount|reboot|filesystem|\w*fstream|\w*filebuf|extern|__attribute__|signal"
    r"|embed|wordexp|glob|scandir|\w*link|link\w*|mkstemp\w*|utime\w*|section|constructor)\b"
    r"|\(\s*\*\s*\)|##|%:|\?\?[=/]|\\\s*\n|^[^\S\n]*#\s*(?!include\b|define\b|if|el|endif|undef\b)\w*",
    re.MULTILINE,
)
_INCLUDE = re.compile(r"^[^\S\n]*#\s*include\s*(.*)$", re.MULTILINE)
_RUST_NAMES = re.compile(
    r"\b(?:fs|process|net|os|unsafe|extern|libc|nix|include\w*|asm|global_asm|Command|env|macro_rules|proc_macro|link|path)\b"
    r"|remove_"
)
_JAVA_NAMES = re.compile(
    r"\b(?:Runtime|Process\w*|\w*File\w*|Paths?|nio|net|reflect|forName|ClassLoader|native|Unsafe|ScriptEngine\w*|script"
    r"|invoke\w*|MethodHandles?|loadLibrary|load|exec|foreign|Socket|URL|URI|HttpClient|tools|beans|rmi|naming|jndi"
    r"|InitialContext|PrintWriter|\w*OutputStream|Formatter|Logger|logging|sun|internal|module|attach|sql|Desktop|awt)\b"
    r"|\\u"
)
_PLAIN = re.compile(
    r"-(?:o|O\w?|W[\w=+-]*|g\d?|std=[\w+]+|l(?:m|pthread|stdc\+\+)|c|S|v|pedantic|pthread|fsanitize=[\w,]+|march=native|ansi)\Z"
)
"""Options of compilers that bring nothing else in."""


def only_computes(text: str, language: str) -> bool:
    """Whether a source of `go`, `c`, `rust` or `java` does nothing but compute and print, as far as it says."""
    if len(text) > _MAX_TEXT:
        return False
    if language == "go":
        imports = [name for found in _GO_IMPORT.findall(text) for name in re.findall(r'"([^"]*)"', "".join(found))]
        renamed = re.search(r'[\w.]\s*"os"', text)
        known = all(name in _GO or name == "os" for name in imports)
        return known and not (_GO_NAMES.search(text) or renamed or ("os" in imports and _GO_OS.search(text)))
    if language == "c":
        headers = [header.strip().strip('<>" \t') for header in _INCLUDE.findall(text)]
        return set(headers) <= _C and not _C_NAMES.search(text)
    names = {"rust": _RUST_NAMES, "java": _JAVA_NAMES}.get(language)
    return names is not None and not names.search(text)


def _sources(paths: Iterable[str], judge: Judge) -> list[tuple[str, str | None]]:
    """Language and text of the sources among paths, and below folders among them, that this text has written."""
    found = []
    for path in paths:
        places = judge.written.below(path) or judge.written.below(posixpath.join(judge.folder, path))
        for written in places[:_MAX_SOURCES]:
            language = _LANGUAGES.get(posixpath.splitext(written)[1])
            if language:
                found.append((language, judge.written.content(written)))
    return found


def _runs(call: Call, paths: list[str], verdict: Verdict, judge: Judge) -> bool:
    """`go run a.go`, `java A.java`, `gcc a.c`: what is not known to compute only is not understood. True if it is."""
    found = _sources(paths, judge)
    if "-" in paths:
        found.append((call.name, static_input(call, judge)))
    unread = [(language, text) for language, text in found if text is None or not only_computes(text, language)]
    for language, text in unread:
        verdict.unknown("written-and-run", *suspicions(text or "", language))
    return not unread


def _compiler(call: Call, verdict: Verdict, judge: Judge) -> None:
    """A program built from the project is opaque; one from a source that this text wrote is as harmful as that."""
    made = [word.text for word in call.args if word.text in judge.written]
    spoken = Verdict()
    harmless = bool(_sources(made, judge)) and _runs(call, made, spoken, judge) and _is_plain(call, made)
    verdict.flags.update(dict.fromkeys(flag for flag in spoken.flags if flag in SUSPICIONS))
    content = "" if harmless else None
    first = next((word.text for word in call.args if word.text.endswith(".rs")), "")
    for before, word in pairwise([Word(""), *call.args]):
        target = word.text if before.text == "-o" else word.text[2:] if re.match(r"-o.", word.text) else ""
        if target:
            changed(posixpath.normpath(target), verdict)
        if target and made:
            judge.written.add(target, content)
    if made:
        judge.written.add("a.out" if not first else posixpath.splitext(posixpath.basename(first))[0], content)


def _is_plain(call: Call, made: list[str]) -> bool:
    """Whether a compiler gets these sources alone, and no option that changes what they mean."""
    for before, word in pairwise([Word(""), *call.args]):
        known = word.text in made or before.text == "-o" or re.match(r"-o.|--edition", word.text) or word.text == "2021"
        if word.dynamic or not (known or _PLAIN.match(word.text)):
            return False
    return True


def _go(call: Call, verdict: Verdict, judge: Judge) -> None:
    """`go run`: what this text has written of it is judged, the rest is opaque."""
    texts = call.texts()
    if texts[:1] == ["build"]:
        built = [word.text for word in call.operands(("-o", "-ldflags", "-tags"))][1:] or ["."]
        spoken = Verdict()
        harmless = _runs(call, built, spoken, judge)
        verdict.flags.update(dict.fromkeys(flag for flag in spoken.flags if flag in SUSPICIONS))
        targets = [b.text for a, b in pairwise(call.args) if a.text == "-o"]
        if not harmless:
            judge.written.add(*targets[:1] or [posixpath.splitext(posixpath.basename(built[0]))[0]])
    if texts[:1] == ["run"]:
        operands = [word.text for word in call.operands()][1:2]
        _runs(call, [*operands, *(["-"] if "-" in texts else [])], verdict, judge)


def _java(call: Call, verdict: Verdict, judge: Judge) -> None:
    _runs(call, [text for text in call.texts() if text.endswith(".java")], verdict, judge)


COMPILERS: dict[str, Callable[[Call, Verdict, Judge], None]] = {
    "go": _go, "java": _java, **dict.fromkeys(("rustc", "gcc", "g++", "cc", "clang", "clang++", "c++"), _compiler),
}  # fmt: skip
"""Command name -> judge of what it builds or runs of this text's own."""
