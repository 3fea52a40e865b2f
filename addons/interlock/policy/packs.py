"""Ready-made blocklists: a pack is one YAML file with a version, whose every rule carries its own cases.

```yaml
pack: sql-destructive
version: 1
language: sql
rules:
  - id: sql-drop
    says: It drops a table or another object.
    remedy: Ask a person to do it.
    match: {kinds: [drop]}
    caught: ["DROP TABLE customers"]
    passes: ["SELECT 'DROP TABLE customers'"]
```
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from interlock.policy.block_match import Looks, read_match
from interlock.schema import Reader
from interlock.source import Node, read_yaml

__all__ = ["Pack", "PackRule", "find_pack", "read_pack"]

_NAME = re.compile(r"packs/[a-z0-9]+(-[a-z0-9]+)*\Z")
_NEWEST = 1


@dataclass(frozen=True, slots=True)
class PackRule:
    """One rule of a pack: what it looks for, why, what to do instead, and commands that it catches and lets
    pass.
    """

    id: str
    says: str
    remedy: str
    looks: Looks | None = field(repr=False, compare=False)
    caught: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack: all its rules speak about commands of one language, read in `dialect` by its cases."""

    name: str
    language: str
    dialect: str = ""
    rules: tuple[PackRule, ...] = ()


def find_pack(name: str, folder: Path) -> Path | None:
    """The file of `packs/<name>` in a folder of rules; never one outside its `packs/`."""
    file = folder / f"{name}.yaml"
    return file if _NAME.match(name) and file.is_file() else None


def read_pack(file: Path, reader: Reader, *, shown: str = "") -> Pack:
    """A pack from its file. Raises RulesInvalid when it is no YAML; what else is wrong goes to `reader`."""
    node = read_yaml(file, shown=shown)
    members = reader.mapping(
        node, "a pack", required=("pack", "version", "language", "rules"), optional=("says", "dialect")
    )
    name = reader.name(members.get("pack"), "pack")
    if name and name != file.stem:
        reader.error(node, f"pack {name!r} lies in {file.name}", f"name the file {name}.yaml")
    reader.number(members.get("version"), "version", _NEWEST, low=1, high=_NEWEST)
    language = reader.name(members.get("language"), "language")
    rules = tuple(_rule(item, language, reader) for item in reader.items(members.get("rules"), "rules"))
    seen: set[str] = set()
    for rule, item in zip(rules, reader.items(members.get("rules"), "rules"), strict=False):
        if rule.id in seen:
            reader.error(item, f"rule {rule.id!r} stands twice", "rename one of them")
        seen.add(rule.id)
    return Pack(name, language, reader.text(members.get("dialect"), "dialect"), rules)


def _rule(node: Node, language: str, reader: Reader) -> PackRule:
    members = reader.mapping(
        node, "a rule of a pack", required=("id", "says", "remedy", "match", "caught", "passes"), optional=()
    )
    return PackRule(
        id=reader.name(members.get("id"), "id"),
        says=reader.text(members.get("says"), "says"),
        remedy=reader.text(members.get("remedy"), "remedy"),
        looks=read_match(members["match"], language, reader) if "match" in members else None,
        caught=reader.texts(members.get("caught"), "caught"),
        passes=reader.texts(members.get("passes"), "passes"),
    )
