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

A pack about commands has a `language`, and its cases are commands. A pack about what a protocol carries has a
`protocol`; its rules name `operations`, and its cases are requests (`send`), tool calls that a model proposes
(`propose`), or operations by name where no request shows them (`operation`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from interlock.model import Operation
from interlock.policy.argument import argument_members
from interlock.policy.block_index import Looks
from interlock.policy.block_match import read_match
from interlock.policy.block_operations import read_operations
from interlock.policy.cases import Proposal, Send, read_proposal, read_send
from interlock.policy.pattern import SPOKEN
from interlock.schema import Reader
from interlock.source import Node, read_yaml

__all__ = ["Pack", "PackRule", "Sample", "find_pack", "read_pack"]

_NAME = re.compile(r"packs/[a-z0-9]+(-[a-z0-9]+)*\Z")
_NEWEST = 1
_COMMON = ("id", "says", "remedy", "caught", "passes")
_SAMPLES = ("send", "propose", "operation")


type Sample = str | Send | Proposal | Operation
"""One case of a rule: a command, a request, a proposed tool call, an operation as it is."""


@dataclass(frozen=True, slots=True)
class PackRule:
    """One rule of a pack: what it looks for in operations of which protocols, why, what to do instead, and what it
    catches and lets pass.
    """

    id: str
    says: str
    remedy: str
    looks: Looks | None = field(repr=False, compare=False)
    protocols: frozenset[str] = frozenset()
    caught: tuple[Sample, ...] = ()
    passes: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack. Its cases are commands of `language` (SQL read in `dialect`), or what `protocol` carries."""

    name: str
    says: str = ""
    language: str = ""
    dialect: str = ""
    protocol: str = ""
    rules: tuple[PackRule, ...] = ()


def find_pack(name: str, folder: Path) -> Path | None:
    """The file of `packs/<name>` in a folder of rules; never one outside its `packs/`."""
    file = folder / f"{name}.yaml"
    return file if _NAME.match(name) and file.is_file() else None


def read_pack(file: Path, reader: Reader, *, shown: str = "", languages: Collection[str] = ()) -> Pack:
    """A pack from its file. Raises RulesInvalid when it is no YAML; what else is wrong goes to `reader`."""
    node = read_yaml(file, shown=shown)
    members = reader.mapping(
        node,
        "a pack",
        required=("pack", "version", "says", "rules"),
        optional=("language", "dialect", "protocol"),
    )
    name = reader.name(members.get("pack"), "pack")
    if name and name != file.stem:
        reader.error(node, f"pack {name!r} lies in {file.name}", f"name the file {name}.yaml")
    reader.number(members.get("version"), "version", _NEWEST, low=1, high=_NEWEST)
    if ("language" in members) is ("protocol" in members):
        reader.error(node, "a pack has either a language or a protocol", "language: shell, or protocol: anthropic")
    pack = Pack(
        name,
        reader.text(members.get("says"), "says"),
        reader.name(members.get("language"), "language"),
        reader.text(members.get("dialect"), "dialect"),
        reader.name(members.get("protocol"), "protocol"),
    )
    items = reader.items(members.get("rules"), "rules")
    rules = tuple(_rule(item, pack, reader, languages) for item in items)
    seen: set[str] = set()
    for rule, item in zip(rules, items, strict=True):
        if rule.id in seen:
            reader.error(item, f"rule {rule.id!r} stands twice", "rename one of them")
        seen.add(rule.id)
    return Pack(pack.name, pack.says, pack.language, pack.dialect, pack.protocol, rules)


def _rule(node: Node, pack: Pack, reader: Reader, languages: Collection[str]) -> PackRule:
    key, more = ("match", ("unless",)) if not pack.protocol else ("operations", argument_members())
    members = reader.mapping(node, "a rule of a pack", required=(*_COMMON, key), optional=more)
    language = SPOKEN.get(pack.language, pack.language)
    looks, protocols = None, frozenset((language,))
    if key not in members:
        pass
    elif key == "match":
        looks = read_match(members["match"], language, reader, members.get("unless"))
    else:
        looks, protocols = read_operations(members["operations"], members, reader, languages)
    return PackRule(
        id=reader.name(members.get("id"), "id"),
        says=reader.text(members.get("says"), "says"),
        remedy=reader.text(members.get("remedy"), "remedy"),
        looks=looks,
        protocols=protocols,
        caught=_samples(members.get("caught"), "caught", pack, reader),
        passes=_samples(members.get("passes"), "passes", pack, reader),
    )


def _samples(node: Node | None, what: str, pack: Pack, reader: Reader) -> tuple[Sample, ...]:
    if not pack.protocol:
        return reader.texts(node, what)
    items = reader.items(node, what)
    if node is not None and not items:
        reader.error(node, f"{what} is empty and would promise nothing", "send: {at: ..., body: {...}}")
    found = [_sample(item, reader) for item in items]
    return tuple(sample for sample in found if sample is not None)


def _sample(node: Node, reader: Reader) -> Sample | None:
    members = reader.mapping(node, "a pack's case", optional=_SAMPLES)
    if len(members) != 1:
        reader.error(node, "a case is one of " + ", ".join(_SAMPLES), 'send: {at: "POST /v1/messages", body: {...}}')
        return None
    ((what, value),) = members.items()
    if what == "operation":
        return _operation(value, reader)
    return read_send(value, reader) if what == "send" else read_proposal(value, reader)


def _operation(node: Node, reader: Reader) -> Operation | None:
    members = reader.mapping(node, "an operation", required=("name",), optional=("resource", "arguments"))
    protocol, dot, action = reader.text(members.get("name"), "name").partition(".")
    arguments = members["arguments"].plain() if "arguments" in members else {}
    if not dot or not isinstance(arguments, dict):
        reader.error(node, "an operation has a name and perhaps arguments", "operation: {name: mcp.sample}")
        return None
    return Operation(protocol, action, reader.text(members.get("resource"), "resource"), arguments=arguments)
