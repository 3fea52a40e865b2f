"""Folds a word of shell text to what the shell would make of it, or marks it dynamic.

Follows the order of expansions in the Bash manual 3.5: braces, parameters, word splitting, quote removal. Only
variables whose one value is certain are expanded; whatever depends on the run makes the word dynamic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.commands.shell_values import Variables, Word, comes_with_the_task

__all__ = ["Variables", "Word", "fold"]

_MAX_WORDS = 256
_MAX_BRACED = 2048
_OWN = frozenset(("HOME", "PWD", "OLDPWD", "TMPDIR", "USER", "LOGNAME", "UID", "HOSTNAME"))
"""Variables the system sets: their value is not known, but it is one word without surprises."""
_NUMBERS = frozenset("?#$!")
"""Special parameters that are numbers."""
_DEFAULT = re.compile(r"\$\{(\w+):?-[\w./~][\w./~:@-]*\}\Z", re.ASCII)
"""With something else in its place where it is not set."""
_COUNTS = re.compile(r"\$\((?:nproc|date \+%s|id -[ug]|getconf _NPROCESSORS_ONLN|sysctl -n hw\.\w+)\)")
"""Commands that print one number."""
_ANSI = re.compile(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c.|.)", re.DOTALL)
_ANSI_NAMED = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
_ARRAY = re.compile(r'"\$\{(\w+)\[@\]\}"|\$\{(\w+)\[[@*]\]\}')
_PLAIN = re.compile(rb"[\w./:@%+,=-]+")
"""A word that stands for itself."""
_BRACE = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.-?\d+)?\Z", re.ASCII)


@dataclass(slots=True)
class _Piece:
    """Part of a word: `split` for unquoted expansions, `bare` for unquoted literal text."""

    text: str
    bare: bool = False
    split: bool = False
    dynamic: bool = False
    loose: bool = False
    named: bool = False


def fold(node: Any, variables: Variables) -> list[Word]:
    """The words that one word node becomes; more than one after splitting or braces, none after an empty expansion."""
    if variables.listed and (whole := _ARRAY.fullmatch(node.text.decode("utf-8", "replace"))):
        listed = variables.listed.get(whole[1] or whole[2])
        if listed is not None:
            variables.spend(sum(len(word.text) for word in listed))
            return list(listed)
    if node.type == "word" and (plain := _PLAIN.fullmatch(node.text)):
        return [Word(plain[0].decode(), start=node.start_byte)]
    pieces: list[_Piece] = []
    todo = [(node, False)]
    while todo:
        current, quoted = todo.pop()
        if current.type in ("concatenation", "command_name"):
            todo.extend((child, quoted) for child in reversed(current.children))
        elif current.type in ("string", "translated_string"):
            pieces.extend(_string(current, variables))
        else:
            pieces.append(_piece(current, quoted, variables))
    start = node.start_byte
    return [Word(one.text, one.dynamic, one.glob, one.loose, one.named, start) for one in _words(pieces)]


def _string(node: Any, variables: Variables) -> list[_Piece]:
    """The parts of a double-quoted string; blanks that the grammar leaves out between them are kept."""
    if node.type == "translated_string":
        node = next((child for child in node.children if child.type == "string"), node)
    source, base = node.text, node.start_byte
    at, end = 1, len(source) - 1
    pieces = []
    for child in node.children:
        if child.type == '"':
            continue
        pieces.append(_Piece(_unquoted(source[at : child.start_byte - base])))
        pieces.append(_piece(child, True, variables))
        at = child.end_byte - base
    pieces.append(_Piece(_unquoted(source[at:end])))
    return pieces


def _unquoted(source: bytes) -> str:
    text = source.decode("utf-8", "replace")
    return re.sub(r'\\([$`"\\\n])', lambda found: "" if found[1] == "\n" else found[1], text)


def _piece(node: Any, quoted: bool, variables: Variables) -> _Piece:
    text = node.text.decode("utf-8", "replace")
    kind = node.type
    if kind == "string_content":
        return _Piece(_unquoted(node.text))
    if kind == "raw_string":
        return _Piece(text[1:-1])
    if kind == "ansi_c_string":
        return _Piece(_ansi(text[2:-1]))
    if kind in ("word", "number", "variable_name", "test_operator", "regex", "extglob_pattern", "file_descriptor"):
        return _Piece(text, bare=not quoted)
    if kind == "brace_expression":
        return _Piece(text, bare=True)
    if kind in ("simple_expansion", "expansion"):
        return _expansion(node, text, quoted, variables)
    if kind == "command_substitution" and _COUNTS.fullmatch(text) and not variables.shadowed:
        return _Piece("8")
    if kind == "command_substitution" and text in ("$(pwd)", "`pwd`"):
        return _Piece("$PWD", named=True)
    if kind == "arithmetic_expansion":
        return _Piece("0")
    if text == "$$":  # at the end of a word the grammar has no name for it
        return _Piece("9999")
    if kind in ("{", "}", "[", "]", "=", ",", "..") or (not node.is_named and len(text) == 1):
        return _Piece(text, bare=not quoted)
    return _Piece(text, dynamic=True, loose=not quoted)


def _expansion(node: Any, text: str, quoted: bool, variables: Variables) -> _Piece:
    name = text[2:-1] if text.startswith("${") else text[1:]
    if name in _NUMBERS or (name.startswith("#") and name[1:].isidentifier()):
        return _Piece("9999")
    if name == "IFS" and name not in variables.assigned:
        return _Piece(" \t\n", split=not quoted)
    value = variables.value(name, node.start_byte)
    if value is not None:
        return _Piece(value, split=not quoted, named=value.startswith(("$PWD", "$HOME")))
    if name in _OWN and name not in variables.assigned and variables.fixed:
        return _Piece("$" + name, named=True)
    plain = re.fullmatch(r"\$\{?(\w+)(?:\[[@*]\])?\}?", text)
    default = _DEFAULT.match(text)
    if quoted and comes_with_the_task(default[1] if default else name, variables):
        return _Piece(text, dynamic=True, named=True)
    single = variables.headed.get(plain[1]) if plain is not None and variables.fixed else None
    whole = quoted or (single is True and "IFS" not in variables.assigned)
    return _Piece(text, dynamic=True, loose=not whole or "@" in text, named=single is not None and whole)


def _ansi(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        escape = found[1]
        if escape[0] in "xuU":
            if len(escape) == 1:
                return "\\" + escape
            number = int(escape[1:], 16)
            return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "�"
        if escape[0] in "01234567":
            return chr(int(escape, 8) & 0xFF)
        if escape[0] == "c" and len(escape) > 1:
            return chr(ord(escape[1]) & 0x1F)
        return _ANSI_NAMED.get(escape, escape)

    folded = _ANSI.sub(one, text)
    return folded.partition("\x00")[0]  # the shell's strings end at a NUL


def _unescaped(text: str) -> str:
    return re.sub(r"\\(\n|.)?", lambda found: "" if found[1] in (None, "\n") else found[1], text, flags=re.DOTALL)


def _words(pieces: list[_Piece]) -> list[Word]:
    if any(piece.bare and "{" in piece.text for piece in pieces):
        braced = _braced(pieces)
        if braced is not None:
            return braced
    words: list[Word] = []
    text, dynamic, glob, started = "", False, False, False
    loose = any(piece.loose for piece in pieces)
    full = [piece for piece in pieces if piece.text]
    named = bool(full) and full[0].named and all(part.named or re.match(r"[\w./:@~]", part.text) for part in full[1:2])
    for piece in pieces:
        if piece.split:
            parts = re.split(r"[ \t\n]+", piece.text)
            for index, part in enumerate(parts):
                if index and (started or text):
                    words.append(Word(text, dynamic, glob, loose))
                    text, dynamic, glob, started = "", False, False, False
                text += part
                glob = glob or bool(re.search(r"[*?\[]", part))
                started = started or bool(part)
            continue
        started = True
        dynamic = dynamic or piece.dynamic
        if piece.bare:
            glob = glob or bool(re.search(r"(?<!\\)[*?\[]", piece.text))
            text += _unescaped(piece.text)
        else:
            text += piece.text
    if started or text:
        words.append(Word(text, dynamic, glob, loose, named and not words))
    if len(words) > _MAX_WORDS:
        raise NotUnderstood("too-many-words")
    return words


def _braced(pieces: list[_Piece]) -> list[Word] | None:
    """Brace expansion of a wholly literal word; None where there is nothing to expand."""
    source = "".join(piece.text for piece in pieces)
    bare = "".join(piece.text for piece in pieces if piece.bare)
    if "," not in source and not any(".." in part.partition("{")[2] for part in bare.split("}")):
        return None
    simple = all(piece.bare and "\\" not in piece.text and "$" not in piece.text for piece in pieces)
    if not simple or len(source) > _MAX_BRACED:
        inner = source.partition("{")[2].rpartition("}")[0]
        return [Word(source, dynamic=True)] if "," in inner or ".." in inner else None
    todo, done = [source], list[str]()
    while todo:
        if len(todo) + len(done) > _MAX_WORDS:
            raise NotUnderstood("too-many-words")
        text = todo.pop()
        for found in _BRACE.finditer(text):
            if "," in found[1]:
                options = found[1].split(",")
            elif _RANGE.match(found[1]):
                return [Word(source, dynamic=not re.fullmatch(r"-?\d+\.\.-?\d+", found[1]), glob=True)]
            else:
                continue
            todo.extend(text[: found.start()] + option + text[found.end() :] for option in reversed(options))
            break
        else:
            done.append(text)
    return [Word(text, glob=bool(re.search(r"[*?\[]", text))) for text in done if text]
