"""Where commands lie in the bodies of a connection's requests: bound to method, path and member."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from interlock.errors import InterlockError
from interlock.schema import Reader
from interlock.settings_glob import Glob, compile_glob
from interlock.source import Node

if TYPE_CHECKING:
    from interlock.paths import Path

__all__ = ["SOURCES", "CommandPlace", "read_command"]

SOURCES = ("json", "form", "multipart", "lines", "query")
"""What of a request a path may point into (`in:`); the first is meant where nothing is said."""

_METHOD = re.compile(r"[A-Z][A-Z-]{0,31}\Z")


@dataclass(frozen=True, slots=True)
class CommandPlace:
    """Where a command lies: requests of `method` whose path matches `glob`, at the JSONPath `path` of their `source`.

    A form, a multipart body and a query are objects of their fields to a path; in `lines` each line is a document.

    `also` are the other members such a body may hold; one beyond them, and the carrier is judged as `http.*`.
    """

    method: str
    glob: Glob
    path: Path = field(repr=False, compare=False)
    path_text: str
    language: str
    dialect: str = ""
    also: tuple[Path, ...] = field(default=(), repr=False, compare=False)
    also_texts: tuple[str, ...] = ()
    source: str = SOURCES[0]

    def covers(self, method: str, path: str) -> bool:
        """Whether a request with this method and canonical path holds its command here."""
        return method == self.method and self.glob.matches(path)


def read_command(item: Node, reader: Reader, languages: Collection[str]) -> CommandPlace | None:
    """One entry of `commands:`; None when it is wrong, which `reader` then knows.

    `languages` are those that exist; a mapping also holds the dialects of each, in any case.
    """
    needed = ("at", "path", "language")
    members = reader.mapping(item, "a command place", required=needed, optional=("dialect", "also", "in"))
    if not members.keys() >= set(needed):
        return None
    language = reader.text(members["language"], "language")
    if languages:
        reader.known(members["language"], "language", language, languages)
    at = _at(members["at"], reader)
    path = _json_path(members["path"], reader)
    also = [(entry, _json_path(entry, reader)) for entry in _each(members.get("also"), reader)]
    if at is None or path is None:
        return None
    dialect = reader.text(members.get("dialect"), "dialect")
    if dialect and isinstance(languages, Mapping) and languages.get(language):
        reader.known(members["dialect"], "dialect", dialect.lower(), languages[language])
    return CommandPlace(
        method=at[0],
        glob=at[1],
        path=path,
        path_text=str(members["path"].value),
        language=language,
        dialect=dialect,
        source=reader.choice(members.get("in"), "in", SOURCES, SOURCES[0]),
        also=tuple(other for _, other in also if other is not None),
        also_texts=tuple(str(entry.value) for entry, other in also if other is not None),
    )


def _at(node: Node, reader: Reader) -> tuple[str, Glob] | None:
    text = reader.text(node, "at")
    method, _, path = text.partition(" ")
    if not _METHOD.match(method) or not path:
        reader.error(node, f"at {text!r} is not a method and a path", 'as in "POST /v1/query"')
        return None
    try:
        return method, compile_glob(path.strip())
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return None


def _json_path(node: Node, reader: Reader) -> Path | None:
    from interlock.paths import compile_path

    text = reader.text(node, "a JSONPath")
    if not text:
        return None
    try:
        return compile_path(text)
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return None


def _each(node: Node | None, reader: Reader) -> list[Node]:
    if node is not None and isinstance(node.value, str):
        return [node]
    return reader.items(node, "also")
