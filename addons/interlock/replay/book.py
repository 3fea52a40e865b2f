"""A recording's answers, by the requests they were given to: each is given once, in the order of the recording."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.replay.entry import Entry, entries
from interlock.replay.nearest import Nearest, nearest
from interlock.replay.sameness import Sameness

__all__ = ["Asked", "Book", "Miss"]

_MISSES: Final = 1000

type _Group = tuple[str, str, frozenset[str]]
"""What decides how a request was masked: the rules' digest, the connection, and the masks that a decision obliged."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An incoming request, its body of a media type `kind`.

    It went to `origin` (scheme, host, port), or to `connection` by name; neither: to any.
    """

    method: str
    target: str
    body: bytes = field(default=b"", repr=False)
    kind: str = ""
    origin: tuple[str, str, int] | None = None
    connection: str = ""

    def fits(self, entry: Entry) -> bool:
        """Whether a recorded request went to the same place."""
        if self.connection:
            return entry.connection == self.connection
        return self.origin is None or self.origin == (entry.flow.scheme, entry.flow.host, entry.flow.port)


@dataclass(frozen=True, slots=True)
class Miss:
    """A request without an answer: `given` says that the recording has it, and it was asked more often than then."""

    method: str
    path: str
    given: bool
    nearest: Nearest | None = None


class Book:
    """The answers of one recording. Not for several threads at once."""

    def __init__(self, folders: Sequence[Path], *, ignore: Sequence[str] = (), repeat: bool = False) -> None:
        """`ignore` are JSONPaths of members that may differ; with `repeat` a last answer is given again and again.

        Raises InterlockError where there is nothing to answer with, OSError for what cannot be read.
        """
        self.entries = tuple(entries(folders))
        if not self.entries:
            raise InterlockError(
                "the recording holds no answers", hint="name a session's folder, or a recordings folder"
            )
        self._repeat = repeat
        self._ignore = tuple(ignore)
        self._key = secrets.token_bytes(32)
        self._forms: dict[_Group, Sameness] = {}
        self._index: dict[tuple[_Group, str], list[int]] = {}
        self._bodies: list[JSON] = []
        self._used: set[int] = set()
        self.misses: list[Miss] = []
        for number, entry in enumerate(self.entries):
            form = self._form(entry.group, entry.rules)
            body = form.form(entry.flow.body, _kind(entry))
            self._bodies.append(body)
            digest = form.digest(entry.flow.method, entry.flow.path, body)
            self._index.setdefault((entry.group, digest), []).append(number)

    def answer(self, asked: Asked) -> Entry | Miss:
        """The recorded answer, which is then given; or why there is none."""
        given: int | None = None
        for group, form in self._forms.items():
            digest = form.digest(asked.method, asked.target, form.form(asked.body, asked.kind))
            for number in self._index.get((group, digest), ()):
                if not asked.fits(self.entries[number]):
                    continue
                if number not in self._used:
                    self._used.add(number)
                    return self.entries[number]
                given = number
        if given is not None and self._repeat:
            return self.entries[given]
        miss = Miss(asked.method, asked.target.partition("?")[0], given is not None, self._nearest(asked))
        if len(self.misses) < _MISSES:
            self.misses.append(miss)
        return miss

    @property
    def unused(self) -> tuple[Entry, ...]:
        """The answers that nobody has asked for yet."""
        return tuple(entry for number, entry in enumerate(self.entries) if number not in self._used)

    @property
    def given(self) -> int:
        """How many different answers were given."""
        return len(self._used)

    def _form(self, group: _Group, rules: Rules | None) -> Sameness:
        if group not in self._forms:
            self._forms[group] = Sameness(rules, group[1], group[2], key=self._key, ignore=self._ignore)
        return self._forms[group]

    def _nearest(self, asked: Asked) -> Nearest | None:
        return nearest(asked.method, asked.target, self._candidates(asked))

    def _candidates(self, asked: Asked) -> Iterator[tuple[Entry, JSON, JSON, bool]]:
        """Entries that went to the same place, each with its body, the body asked for masked alike, and whether it was
        given already.
        """
        forms: dict[_Group, JSON] = {}
        for number, entry in enumerate(self.entries):
            if asked.fits(entry):
                if entry.group not in forms:
                    forms[entry.group] = self._forms[entry.group].form(asked.body, asked.kind)
                yield entry, self._bodies[number], forms[entry.group], number in self._used


def _kind(entry: Entry) -> str:
    return dict(entry.flow.headers).get("content-type", "")
