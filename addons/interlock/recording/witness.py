"""Gathers what all trees of a folder say, by chain and by file. Entries are hostile: what is not one says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interlock.model import JSON
from interlock.recording.event import Event
from interlock.recording.log_facts import LogFacts
from interlock.recording.log_word import LOG_NAME, may_go, word_of
from interlock.recording.ties import Facts, Ties
from interlock.recording.ulid import is_ulid

__all__ = ["FileFact", "Witness"]

_FILE = re.compile(r"\.runs/[0-9a-f]{64}|\.keys/[0-9a-f]{16}\.json|\.rules/[0-9a-f]{64}/([^/\0]+/){0,8}[^/\0]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_WHAT = frozenset({"session", "flows", "salt", "key"})
_MAX_WHY = 1000
_MOST = 64


@dataclass(frozen=True, slots=True)
class FileFact:
    """What is known of a file: so many bytes with this digest, at its beginning or (`whole`) altogether."""

    name: str
    size: int
    digest: str
    whole: bool
    at: str
    who: str


class Witness:
    """Hears the entries of every tree, one tree after the other."""

    def __init__(self) -> None:
        self.sessions: dict[str, Facts] = {}
        self.logs: dict[str, LogFacts] = {}
        self._files: dict[str, dict[int, list[FileFact]]] = {}

    @property
    def files(self) -> dict[str, tuple[FileFact, ...]]:
        """What is known of each file, the largest last; of one replaced as a whole, the newest that is signed."""
        return {name: _that_count(facts) for name, facts in self._files.items()}

    def hear(self, event: Event, place: str, *, anchored: bool | None, signed: bool) -> None:
        """One entry, where it stands, and whether an anchored (None: there is none) or a signed head vouches for it."""
        data, name = event.data, event.data.get("name")
        if not isinstance(name, str):
            return
        strength = 2 if anchored else int(signed)
        if event.kind == "session" and is_ulid(name):
            self._chain(self.sessions.setdefault(name, Facts()), data, place, strength)
        elif event.kind == "log" and LOG_NAME.fullmatch(name):
            if (word := word_of(data, event.at)) is not None and word.seq:
                self.logs.setdefault(name, LogFacts()).event(word, place, strength)
        elif event.kind == "broken" and signed and LOG_NAME.fullmatch(name):  # what nobody signed accuses nobody
            seq, why = data.get("seq"), str(data.get("why"))[:_MAX_WHY]
            self.logs.setdefault(name, LogFacts()).breaks(seq if type(seq) is int else 0, why, event.at, place)
        elif event.kind == "gone" and signed and may_go(name):  # what nobody signed excuses nothing
            seq = data.get("seq")
            self.logs.setdefault(name, LogFacts()).ends(seq if type(seq) is int else 0, event.at, place)
        elif event.kind in ("file", "whole") and _FILE.fullmatch(name) and ".." not in name.split("/"):
            self._file(event, name, place, strength)
        elif event.kind == "tombstone" and signed and is_ulid(name) and data.get("what") in _WHAT:
            gone = self.sessions.setdefault(name, Facts()).gone  # what nobody signed excuses nothing
            gone[str(data["what"])] = _because(event, place, anchored)

    def ties(self, name: str) -> Ties | None:
        """What is known of a session; None when nothing is."""
        facts = self.sessions.get(name)
        return facts.ties() if facts is not None else None

    def log(self, name: str) -> Ties | None:
        """What is known of a log; None when nothing is."""
        facts = self.logs.get(name)
        return facts.ties() if facts is not None else None

    def _chain(self, facts: Facts, data: Mapping[str, JSON], place: str, strength: int) -> None:
        seq, digest, flows = data.get("seq"), data.get("hash"), data.get("flows")
        if type(seq) is not int or seq < 1 or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            return
        facts.event(seq, digest, place, strength)
        if isinstance(flows, dict):
            size, known = flows.get("bytes"), flows.get("sha256")
            if type(size) is int and size >= 0 and isinstance(known, str):
                facts.flow(size, known, place, strength)

    def _file(self, event: Event, name: str, place: str, strength: int) -> None:
        size, digest = event.data.get("bytes"), event.data.get("sha256")
        if type(size) is not int or size < 0 or not isinstance(digest, str):
            return
        fact = FileFact(name, size, digest, event.kind == "whole", event.at, place)
        known = self._files.setdefault(name, {}).setdefault(strength, [])
        if not fact.whole:
            if not known or (known[-1].size, known[-1].digest) != (size, digest):
                known.append(fact)
            if len(known) > _MOST:
                known[1:-1] = known[1:-1:2]
        elif not known or fact.at >= known[-1].at:
            known[:] = [fact]


def _that_count(facts: Mapping[int, Sequence[FileFact]]) -> tuple[FileFact, ...]:
    """What nobody signed says nothing about a file that somebody signed; one that grows keeps what it began with."""
    signed = [fact for strength, known in facts.items() if strength for fact in known]
    signed = signed or [fact for known in facts.values() for fact in known]
    if any(fact.whole for fact in signed):
        return (max(signed, key=lambda fact: fact.at),)
    return tuple(sorted(signed, key=lambda fact: fact.size))


def _because(event: Event, place: str, anchored: bool | None) -> str:
    """When, why and by which rule something was deleted, and who says so."""
    why, rule = (str(event.data.get(name, ""))[:200] for name in ("why", "rule"))
    by = f", rule {rule}" if rule else ""
    late = ", after the last anchored head" if anchored is False else ""
    return f"{event.at}: {why}{by}{late}; {place}"
