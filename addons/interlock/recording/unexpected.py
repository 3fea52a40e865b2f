"""What lies among recordings and is none of their files: verification says so, and never opens or follows it.

Nothing that a gateway makes is a link, a pipe, a socket or a device: where one lies, somebody put it there, perhaps to
have its readers wait, or read something else. A plain file too many changes no evidence, and is named.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

from interlock.recording.walk import Finding

__all__ = ["unexpected"]

_MOST: Final = 1000
_MOST_LOOKED_AT: Final = 1_000_000
_DEEPEST: Final = 10
_ULID = r"[0-7][0-9A-HJKMNP-TV-Z]{25}"
_LOG = r"[a-z]+(-[0-9]{1,2})?"
_ANY = re.compile(r"[^/]+")
_NONE = re.compile(r"(?!)")
_SESSION = re.compile(r"(evidence\.jsonl|flows\.mitm|salt|key)|\.key\.\d+"), _NONE

_INSIDE: Final = (
    (
        re.compile(r"\."),
        re.compile(rf"{_LOG}(\.1)?\.jsonl|\.{_LOG}\.lock|[a-z]+\.sqlite(-wal|-shm|-journal)?|README\.md|\.gitignore"),
        re.compile(rf"{_ULID}|\.(rules|keys|runs|tree|open|ship|deleting)|\.(runs|open)\.\d+|samples|pins|heads"),
    ),
    (re.compile(_ULID), *_SESSION),
    (re.compile(r"\.tree"), re.compile(r"(\.signing-key\.pem\.\d+|signing-key\.pem)"), re.compile(r"[A-Za-z0-9_-]+")),
    (re.compile(r"\.tree/[^/]+"), re.compile(r"leaves\.jsonl|heads\.jsonl|lock"), _NONE),
    (re.compile(r"\.keys"), re.compile(r"[0-9a-f]{16}\.json|\.[0-9a-f]{16}\.json\.\d+"), _NONE),
    (re.compile(r"\.runs"), re.compile(r"[0-9a-f]{64}"), _NONE),
    (re.compile(r"\.rules"), _NONE, re.compile(r"[0-9a-f]{64}(\.\d+)?")),
    (re.compile(r"\.rules/.+"), _ANY, _ANY),
    (re.compile(r"\.ship"), _NONE, re.compile(r"[a-z0-9-]{1,100}")),
    (re.compile(r"\.(ship|open|deleting)(/.+)?|pins|heads(/.+)?"), _ANY, _ANY),
)
"""Of each folder, by its name among the recordings: which files belong there, and which folders. The first counts."""

_KINDS: Final = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def unexpected(root: Path, sessions: Sequence[str], *, single: bool = False) -> tuple[Finding, ...]:
    """What does not belong in a recordings folder, or (`single`) in the folders of these sessions. Never raises."""
    begin = [*sessions] if single else ["."]
    looked = islice((finding for name in begin for finding in _within(root, name, 0)), _MOST_LOOKED_AT)
    found: list[Finding] = []
    more = 0
    for finding in looked:
        if finding is None:
            continue
        if len(found) < _MOST:
            found.append(finding)
        else:
            more += 1
    if more:
        found.append(Finding(".", 0, "more", f"{more} more files that do not belong here", True))
    return tuple(found)


def _within(root: Path, name: str, depth: int) -> Iterator[Finding | None]:
    """Everything in one folder, in order; None for what belongs there."""
    rule = next((rule for rule in _INSIDE if rule[0].fullmatch(name)), None)
    if rule is None or depth > _DEEPEST:
        return
    try:
        with os.scandir(root / name) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return  # what is missing or cannot be read is said where it is needed
    for entry in entries:
        inside = entry.name if name == "." else f"{name}/{entry.name}"
        yield _judge(entry, inside, rule[1], rule[2])
        if entry.is_dir(follow_symlinks=False) and rule[2].fullmatch(entry.name):
            yield from _within(root, inside, depth + 1)


def _judge(entry: os.DirEntry[str], name: str, files: re.Pattern[str], folders: re.Pattern[str]) -> Finding | None:
    if entry.is_file(follow_symlinks=False):
        known = files.fullmatch(entry.name)
        return None if known else Finding(name, 0, "unexpected", "is no file of a recording", False)
    if entry.is_dir(follow_symlinks=False):
        known, wrong = folders.fullmatch(entry.name), files.fullmatch(entry.name)
        message = "is a folder in the place of a file" if wrong else "is no folder of a recording"
        return None if known else Finding(name, 0, "unexpected", message, bool(wrong))
    return Finding(name, 0, "unexpected", f"is {_kind(entry)}: no gateway makes one, and it was not opened", True)


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return "gone by now, or cannot be looked at"
    return next((name for test, name in _KINDS if test(mode)), "something strange")
