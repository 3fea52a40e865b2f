"""What trees said last of each log of a folder, found again at a start: how a log goes on is judged by that.

With every head that holds an edge, all of it is written down together (an entry `logs`), so little has to be read.
What no head covers does not count, nor does another tree whose last head somebody else signed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.model import JSON
from interlock.recording.chain import open_plain, tail
from interlock.recording.entries import entries, recent_heads
from interlock.recording.event import GENESIS, Event
from interlock.recording.head import Head
from interlock.recording.signing import PublicKey

__all__ = ["LOG_NAME", "LogWord", "known_words", "learn", "may_go", "word_of", "words_data"]

LOG_NAME: Final = re.compile(r"[a-z]+(-[0-9]{1,2})?|\.ship/[a-z0-9-]{1,100}/shipped")
"""What a log can be called: its file within the folder, without its ending."""

_SHIPPED = ".ship/"

_HEADS, _LEAVES = "heads.jsonl", "leaves.jsonl"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_TREES, _TREES_READ = 10_000, 8
_A_LOOK = 16 << 10


@dataclass(frozen=True, slots=True)
class LogWord:
    """A log's last event, with which events its halves begin, how many bytes its current half had, and when that was.

    One without an event (`seq` 0) says that nothing is known any more: the log was found broken, or is gone. `unread`:
    there was a half of which nobody could tell where it begins (a 0 among the `starts` of an entry).
    """

    seq: int = 0
    hash: str = GENESIS
    starts: tuple[int, ...] = ()
    end: int = 0
    at: str = ""
    unread: bool = False

    def data(self) -> dict[str, JSON]:
        """As it stands in an entry, but for the name."""
        starts = [0, *self.starts] if self.unread else [*self.starts]
        return {"bytes": self.end, "hash": self.hash, "seq": self.seq, "starts": [*starts]}


def may_go(name: str) -> bool:
    """Whether a log may go as a whole: what was shipped to a place, when that place is dropped from the rules."""
    return name.startswith(_SHIPPED) and LOG_NAME.fullmatch(name) is not None


def word_of(said: Mapping[str, JSON], at: str = "") -> LogWord | None:
    """The word of an entry; None for what is none."""
    seq, digest, starts, end = (said.get(name) for name in ("seq", "hash", "starts", "bytes"))
    if type(seq) is not int or seq < 0 or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        return None
    told = [start for start in starts[:2] if type(start) is int and start >= 0] if isinstance(starts, list) else []
    numbers = tuple(start for start in told if start)
    return LogWord(seq, digest, numbers, end if type(end) is int and end > 0 else 0, at, 0 in told)


def words_data(words: Mapping[str, LogWord]) -> dict[str, JSON]:
    """All words as one entry (`logs`)."""
    return {"logs": {name: {**word.data(), "at": word.at} for name, word in words.items()}}


def learn(words: dict[str, LogWord], kind: str, data: Mapping[str, JSON], at: str) -> None:
    """What one entry says of logs."""
    name, said = data.get("name"), data.get("logs")
    if kind == "logs" and isinstance(said, dict):
        for known, value in said.items():
            if LOG_NAME.fullmatch(known) and isinstance(value, dict) and (word := word_of(value, str(value.get("at")))):
                words[known] = word
    elif isinstance(name, str) and LOG_NAME.fullmatch(name):
        if kind in ("broken", "gone"):
            words[name] = LogWord(at=at)
        elif kind == "log" and (word := word_of(data, at)) is not None:
            words[name] = word


def known_words(trees: Path, own: Path, key: PublicKey) -> dict[str, LogWord]:
    """The last word of each log: by the gateway's own tree, or a later one by others that the same key signed.

    Raises OSError for its own tree; others that cannot be read say nothing.
    """
    found = _words(own, key, strict=False)
    for other in _latest(trees, own, key):
        try:
            said = _words(other, key, strict=True)
        except OSError:
            continue
        for name, word in said.items():
            if name not in found or word.at > found[name].at:
                found[name] = word
    return found


def _latest(trees: Path, own: Path, key: PublicKey) -> list[Path]:
    """The other trees that this key signed last: each vouched for every log, so the latest few know all of them."""
    found: list[tuple[str, Path]] = []
    for other in sorted(trees.iterdir())[:_MOST_TREES] if trees.is_dir() else ():
        with suppress(OSError):
            heads = recent_heads(other / _HEADS, _A_LOOK) if other != own and other.is_dir() else []
            signed = next((head for head in reversed(heads) if head.signed_by(key)), None)
            found += [(signed.at, other)] if signed is not None else []
    return [tree for _, tree in sorted(found, reverse=True)[:_TREES_READ]]


def _words(tree: Path, key: PublicKey, *, strict: bool) -> dict[str, LogWord]:
    """What one tree says up to its last head; `strict`: only one that this key signed counts."""
    words: dict[str, LogWord] = {}
    heads = recent_heads(tree / _HEADS)
    last = next((head for head in reversed(heads) if head.signed_by(key)), None)
    if last is None and heads and not strict:
        last = heads[-1]  # the key was changed since: what a forger signed instead, `verify` finds
    if last is None:
        return words
    for event in _said(tree / _LEAVES, heads, last):
        if event.seq > last.size:
            break
        learn(words, event.kind, event.data, event.at)
    return words


def _said(path: Path, heads: list[Head], last: Head) -> Iterator[Event]:
    """The entries that say it all: from the last that holds all together on, else (an older version's) every one."""
    for head in reversed(heads):
        if head.edge and head.size <= last.size and (event := _before(path, head.leaves)) is not None:
            yield event
            yield from (event for event, _ in entries(path, head.leaves))
            return
    yield from (event for event, _ in entries(path))


def _before(path: Path, end: int) -> Event | None:
    """The entry that ends there, when it is one that holds all together."""
    with open_plain(path) as file:
        if end > os.fstat(file.fileno()).st_size:
            return None
        event, found = tail(file.fileno(), end)
    return event if event is not None and found == end and event.kind == "logs" else None
