"""Rules as they stand in an operator's files, and a copy of the folder with other rules that permit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.source import Node, read_yaml

__all__ = ["PROPOSED", "copy_with", "written_rules"]

PROPOSED = "proposed.yaml"
"""The file that holds proposed rules."""

_POLICY = "policy"


def written_rules(folder: Path) -> dict[str, Mapping[str, JSON]]:
    """Every entry of `policy:`, by id. Raises RulesInvalid."""
    found: dict[str, Mapping[str, JSON]] = {}
    for file in _files(folder):
        for entry in _entries(read_yaml(file)):
            plain = entry.plain()
            if isinstance(plain, dict) and isinstance(plain.get("id"), str):
                found[str(plain["id"])] = plain
    return found


def copy_with(folder: Path, target: Path, dropped: Collection[str], patch: str) -> None:
    """A copy of a rules folder without these rules, and with a file of others. Raises InterlockError, OSError.

    Entries are taken out by their lines, so that everything else stays as it was written; where that would not leave
    the very same rules, the file is written anew without its comments.
    """
    if target.exists():
        raise InterlockError(f"{target} exists already", hint="name a folder that does not")
    shutil.copytree(folder, target, symlinks=True)
    for file in _files(target):
        root = read_yaml(file)
        if any(_id(entry) in dropped for entry in _entries(root)):
            file.write_text(_without(file.read_text(encoding="utf-8"), root, dropped, file.name), encoding="utf-8")
    (target / PROPOSED).write_text(patch, encoding="utf-8")


def _without(text: str, root: Node, dropped: Collection[str], name: str) -> str:
    wanted = root.plain()
    if isinstance(wanted, dict):
        left = [entry.plain() for entry in _entries(root) if _id(entry) not in dropped]
        wanted = {**wanted, _POLICY: left} if left else {key: wanted[key] for key in wanted if key != _POLICY}
    try:
        cut = _cut(text, root, dropped)
        from interlock.source import read_yaml_text

        if read_yaml_text(cut, name).plain() == wanted:
            return cut
    except InterlockError:
        pass
    return json.dumps(wanted, indent=1, ensure_ascii=True) + "\n"


def _cut(text: str, root: Node, dropped: Collection[str]) -> str:
    """The text without the lines of these entries, and without the section where none is left."""
    lines, entries = text.splitlines(keepends=True), _entries(root)
    starts = sorted({*(entry.place.line for entry in entries), *(place.line for place in root.keys.values())})
    gone: set[int] = set()
    for entry in entries:
        if _id(entry) in dropped:
            after = next((line for line in starts if line > entry.place.line), len(lines) + 1)
            end = after - 1
            while end > entry.place.line and not lines[end - 1].strip():
                end -= 1  # what stands apart from the next entry stays apart
            while end > entry.place.line and lines[end - 1].lstrip().startswith("#"):
                end -= 1  # a comment before the next entry is its own
            gone |= set(range(entry.place.line, end + 1))
    if entries and all(_id(entry) in dropped for entry in entries):
        gone.add(root.keys[_POLICY].line)
    return "".join(line for number, line in enumerate(lines, 1) if number not in gone)


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])


def _entries(root: Node) -> list[Node]:
    section = root.value.get(_POLICY) if isinstance(root.value, dict) else None
    return section.value if section is not None and isinstance(section.value, list) else []


def _id(entry: Node) -> str:
    plain = entry.plain()
    name = plain.get("id") if isinstance(plain, dict) else None
    return name if isinstance(name, str) else ""
