"""What a blocklist entry looks for in the arguments of a command: `match: {command: kubectl, words:
[delete]}`.

Members are "and", lists are "any of", `*` stands for any characters. `action` is the operation's own; `args`
reads the words as a program does (`-n prod`, `-nprod`, `-n=prod`, `--namespace=prod`, `--namespace prod`);
`verb` is what the command is told to do (`stash drop`), wherever its options stand; every other member is the
argument of that name. SQL is compared without case, and a table's name also without its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from interlock.model import JSON, Operation
from interlock.policy.argument import texts_of
from interlock.policy.block_index import Looks, Match
from interlock.policy.flag_words import check_flag
from interlock.policy.free_words import free_options, free_words
from interlock.policy.verb import verb
from interlock.schema import Reader
from interlock.settings_glob import star
from interlock.source import Node

__all__ = ["only_paths", "read_match"]

_MEMBERS: Mapping[str, Sequence[str]] = {
    "sql": ("action", "kinds", "objects", "tables", "reads", "writes", "columns", "flags", "functions"),
    "shell": ("action", "command", "verb", "words", "args", "options", "paths", "hosts", "flags"),
}
_FREE = "free words"
_CHEAP = ("action", "command", "flags")
_NAMES = ("tables", "reads", "writes", "columns", "functions")


def read_match(node: Node, language: str, reader: Reader, unless: Node | None = None) -> Looks | None:
    """The compiled `match:` of one entry, save what `unless:` describes in the same words; None after telling the
    reader what is wrong.
    """
    looks = _read(node, "match", language, reader)
    spared = _spares(unless, language, reader) if unless is not None else None
    if looks is None or (unless is not None and spared is None):
        return None
    needs = _needs(node, language)
    if spared is None:
        return Match(looks, **needs)
    return Match(lambda operation: looks(operation) and not spared(operation), **needs)


def _spares(node: Node, language: str, reader: Reader) -> Looks | None:
    """What `unless:` describes. In a shell's command, a word that an option may have taken spares nothing."""
    looks = _read(node, "unless", language, reader)
    if looks is None or language != "shell":
        return looks

    def spares(operation: Operation) -> bool:
        if not looks(operation):
            return False
        said = operation.arguments
        words = free_words(str(said.get("command", "")), texts_of(said.get("words")))
        options = free_options(texts_of(said.get("options")), words)
        free: dict[str, JSON] = {**said, _FREE: [*words], "options": [*options]}
        return looks(replace(operation, arguments=free))

    return spares


def _needs(node: Node, language: str) -> dict[str, frozenset[str]]:
    """Commands or flags of which one must be there for a match, where they are written without a `*`."""
    members = node.value if isinstance(node.value, dict) else {}
    found = {}
    for name, member in (("commands", members.get("command")), ("flags", members.get("flags"))):
        texts = [item.value for item in member.value] if member and isinstance(member.value, list) else []
        texts = [member.value] if member and isinstance(member.value, str) else texts
        exact = [text for text in texts if isinstance(text, str) and "*" not in text]
        if texts and len(exact) == len(texts) and language in _MEMBERS:
            found[name] = frozenset(exact if name == "commands" else map(str.casefold, exact))
    return found


def _read(node: Node, what: str, language: str, reader: Reader) -> Looks | None:
    known = _MEMBERS.get(language)
    members = reader.mapping(node, what, optional=known or tuple(_keys(node)))
    if not members:
        reader.error(node, f"{what} says nothing and would match everything", "name a command, kinds, flags, ...")
        return None
    ordered = sorted(members.items(), key=lambda member: member[0] not in _CHEAP)
    looks = tuple(_member(name, value, language, reader) for name, value in ordered)
    if len(looks) == 1:
        return looks[0]

    def matches(operation: Operation) -> bool:
        return all(look(operation) for look in looks)

    return matches


def only_paths(names: Sequence[str]) -> Looks:
    """Whether a command touches only what lies in (or is) a folder of one of these names, or below an absolute one.

    Never so when it names no path, when something about it is dynamic, or when a path is absolute at its
    first step, climbs (`..`) or holds what a shell expands. What is below `/tmp` is so, `/tmp` itself is not. A
    pattern is so where everything it can mean is: `build/*`, `*/build`, `a.egg-*` never, `*.egg-info` for that name.
    """
    fits = tuple(star(name) for name in names if not name.startswith("/"))
    roots = tuple(name.rstrip("/") + "/" for name in names if name.startswith("/"))

    def matches(operation: Operation) -> bool:
        paths = texts_of(operation.arguments.get("paths"))
        flags = texts_of(operation.arguments.get("flags"))
        return bool(paths) and "dynamic" not in flags and all(_inside(path, fits, roots) for path in paths)

    return matches


def _inside(path: str, fits: Sequence[Callable[[str], bool]], roots: tuple[str, ...]) -> bool:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if not parts or ".." in parts or any(mark in path for mark in "~$?[{`\\\x00") or any(map(_climbs, parts)):
        return False
    if any(path.startswith(root) and path[len(root) :].partition("/")[0].strip("/.*") for root in roots):
        return True
    candidates = parts[1:] if path.startswith("/") else parts
    return any(fit(part) for part in candidates for fit in fits)


def _climbs(part: str) -> bool:
    """Whether a pattern such as `.*` could also mean the folder above."""
    return "*" in part and part.strip("*") in (".", "..")


def _keys(node: Node) -> list[str]:
    return list(node.value) if isinstance(node.value, dict) else []


def _member(name: str, node: Node, language: str, reader: Reader) -> Looks:
    texts = reader.texts(node, name)
    if name == "action":
        wanted = frozenset(texts)
        return lambda operation: operation.action in wanted
    if name == "args":
        specs = tuple((_arg(text), len(text.split()) == 1 and "=" not in text) for text in texts)
        return lambda operation: _has_arg(operation, specs)
    if name == "verb" and language == "shell":
        verbs = tuple(verb(text) for text in texts)
        return lambda operation: any(said(_told(operation)) for said in verbs)
    if name == "flags" and language in _MEMBERS:
        for text in texts:
            check_flag(node, text, reader)
    fold = language == "sql"
    fits = tuple(star(text.casefold() if fold else text) for text in texts)
    short = tuple(fit for fit, text in zip(fits, texts, strict=True) if fold and name in _NAMES and "." not in text)

    def matches(operation: Operation) -> bool:
        for value in texts_of(operation.arguments.get(_given(name, operation))):
            word = value.casefold() if fold else value
            for fit in fits:
                if fit(word):
                    return True
            if short and "." in word and any(fit(word.rpartition(".")[2]) for fit in short):
                return True
        return False

    return matches


def _told(operation: Operation) -> Sequence[str]:
    """The words that a verb is looked for in."""
    if _FREE not in operation.arguments:
        return texts_of(operation.arguments.get("words"))
    return [word for word in texts_of(operation.arguments[_FREE]) if not word.startswith("-")]


def _given(name: str, operation: Operation) -> str:
    """The argument to look at: of the words, only the free ones where something is to be spared."""
    return _FREE if name == "words" and _FREE in operation.arguments else name


type _Arg = Callable[[Sequence[str], Sequence[str]], bool]


def _has_arg(operation: Operation, specs: Sequence[tuple[_Arg, bool]]) -> bool:
    words = texts_of(operation.arguments.get("words"))
    single = texts_of(operation.arguments.get(_given("words", operation)))
    options = texts_of(operation.arguments.get("options"))
    return any(spec(single if alone else words, options) for spec, alone in specs)


def _arg(text: str) -> _Arg:
    tokens = text.split()
    if len(tokens) == 1 and tokens[0].startswith("-") and "=" in tokens[0]:
        name, _, value = tokens[0].partition("=")
        return _option(name, value)
    if len(tokens) == 2 and tokens[0].startswith("-"):
        return _option(tokens[0], tokens[1])
    fits = [star(token) for token in tokens]
    if len(fits) == 1:
        return lambda words, options: any(map(fits[0], words)) or any(map(fits[0], options))
    return lambda words, options: any(
        all(fit(word) for fit, word in zip(fits, words[start:], strict=False))
        for start in range(len(words) - len(fits) + 1)
    )


def _option(name: str, value: str) -> _Arg:
    """An option with its value, however it is joined; a short one may be glued to it."""
    fits = star(value)
    heads = (name + "=",) if name.startswith("--") else (name + "=", name)

    def matches(words: Sequence[str], options: Sequence[str]) -> bool:
        if any(word == name and fits(after) for word, after in pairwise(words)):
            return True
        return any(word.startswith(head) and fits(word[len(head) :]) for word in words for head in heads)

    return matches
