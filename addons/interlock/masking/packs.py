"""Ready-made masking rules: a pack is one YAML file with a version, whose every rule carries its own cases.

```yaml
pack: pii-eu
version: 1
says: Personal data as Europe writes it.
masking:
  - id: pii-eu-contact
    says: E-mail addresses and phone numbers.
    detect: [email, phone]
    masked: ["Mail «erika@example.com»"]
    passes: ["logo@2x.png"]
```

A case is a text, or a JSON document as text; what it masks stands between « and ».
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from interlock.errors import BodyRejected, RulesInvalid
from interlock.masking.actions import ACTIONS
from interlock.masking.detector import CONFIDENCES
from interlock.masking.masker import Masker
from interlock.masking.rules import PLACES, SEALED, THINKING, MaskRule, read_rule, read_rules
from interlock.schema import Reader
from interlock.source import Node, read_yaml

__all__ = ["ENTRY", "MaskPack", "PackedRule", "broken", "load_mask_packs", "read_mask_pack", "read_masking"]

ENTRY = ("except", "with", "min_confidence", "apply", "where", "on", "thinking", "sealed")
"""What an entry that uses a pack may say of all its rules."""
_NAME = re.compile(r"packs/[a-z0-9]+(-[a-z0-9]+)*\Z")
_VALUE = re.compile("«(.*?)»", re.DOTALL)
_NEWEST = 1
_KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class PackedRule:
    """A rule of a pack, and the texts that it promises to mask and to pass."""

    rule: MaskRule
    says: str
    masked: tuple[str, ...]
    passes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaskPack:
    """A pack of masking rules."""

    name: str
    says: str
    rules: tuple[PackedRule, ...]


def read_masking(node: Node, reader: Reader, folder: Path | None = None) -> tuple[MaskRule, ...]:
    """All rules of a `masking:` section, those of the packs it uses included; `folder` is where `packs/` lies.

    What is wrong is noted in the reader.
    """
    return read_rules(node, reader, lambda item: _used(item, reader, folder))


def load_mask_packs(folder: Path) -> tuple[MaskPack, ...]:
    """Every masking pack below a rules folder, by name. Raises RulesInvalid with everything that is wrong."""
    reader = Reader()
    found = []
    for file in sorted((folder / "packs").glob("*.yaml")):
        try:
            node = read_yaml(file, shown=f"packs/{file.name}")
        except RulesInvalid:
            continue  # whoever reads packs for the blocklist says so
        if isinstance(node.value, dict) and "masking" in node.value:
            found.append(read_mask_pack(node, file.stem, reader))
    reader.finish()
    return tuple(found)


def read_mask_pack(node: Node, stem: str, reader: Reader) -> MaskPack:
    """A pack from its file's content; `stem` is the name the file has."""
    members = reader.mapping(node, "a masking pack", required=("pack", "version", "says", "masking"))
    name = reader.name(members.get("pack"), "pack")
    if name and name != stem:
        reader.error(node, f"pack {name!r} lies in {stem}.yaml", f"name the file {name}.yaml")
    reader.number(members.get("version"), "version", _NEWEST, low=1, high=_NEWEST)
    rules = [_rule(item, reader) for item in reader.items(members.get("masking"), "masking")]
    return MaskPack(name, reader.text(members.get("says"), "says"), tuple(rule for rule in rules if rule is not None))


def broken(packed: PackedRule) -> Sequence[str]:
    """What a rule does otherwise than its pack promises; nothing where all is well."""
    masker = Masker([packed.rule], _KEY)
    found = []
    for text in packed.masked:
        shown = _masked(masker, _VALUE.sub(r"\1", text))
        if any(value in shown for value in _VALUE.findall(text)) or not _VALUE.search(text):
            found.append(f"{packed.rule.id} does not mask what is marked in {text!r}")
    for text in packed.passes:
        if _masked(masker, text) != text:
            found.append(f"{packed.rule.id} masks {text!r}, which it says passes")
    return found


def _masked(masker: Masker, text: str) -> str:
    try:
        if isinstance(json.loads(text), dict | list):
            return masker.json(text.encode()).body.decode()
    except (ValueError, RecursionError, BodyRejected):
        pass
    return masker.text(text).text


def _rule(node: Node, reader: Reader) -> PackedRule | None:
    """A rule of a pack: one of `masking:`, what it says of itself, and its cases."""
    needed = ("id", "says", "masked", "passes")
    members = reader.mapping(
        node,
        "a rule of a masking pack",
        required=needed,
        optional=("path", "detect", "fields", "with", "min_confidence"),
    )
    own = {name: value for name, value in members.items() if name not in needed or name == "id"}
    rule = read_rule(Node(own, node.place, node.keys), reader)
    if rule is None:
        return None
    says = reader.text(members.get("says"), "says")
    return PackedRule(rule, says, *(reader.texts(members.get(name), name) for name in ("masked", "passes")))


def _used(node: Node, reader: Reader, folder: Path | None) -> Sequence[MaskRule] | None:
    """The rules of an entry that uses a pack; None for an entry that is a rule itself."""
    if not isinstance(node.value, dict) or "use" not in node.value:
        return None
    members = reader.mapping(node, "a masking pack's entry", required=("use",), optional=ENTRY)
    use = reader.text(members["use"], "use")
    pack = _find(use, members["use"], reader, folder)
    off = _off(members.get("except"), pack, reader)
    said = _said(members, reader)
    return [replace(packed.rule, **said) for packed in pack.rules if packed.rule.id not in off] if pack else []


def _find(use: str, node: Node, reader: Reader, folder: Path | None) -> MaskPack | None:
    file = folder / f"{use}.yaml" if folder is not None else None
    if file is None or not _NAME.match(use) or not file.is_file():
        known = sorted(f"packs/{one.stem}" for one in (folder / "packs").glob("*.yaml")) if folder else []
        reader.known(node, "pack", use, known)
        return None
    try:
        content = read_yaml(file, shown=f"{use}.yaml")
    except RulesInvalid as error:
        reader.errors += error.errors
        return None
    if not isinstance(content.value, dict) or "masking" not in content.value:
        reader.error(node, f"{use} is no pack of masking rules", "it belongs under blocklist:")
        return None
    return read_mask_pack(content, file.stem, reader)


def _off(node: Node | None, pack: MaskPack | None, reader: Reader) -> frozenset[str]:
    names = reader.texts(node, "except")
    if node is not None and pack is not None:
        for name in names:
            reader.known(node, "rule", name, [packed.rule.id for packed in pack.rules])
    return frozenset(names)


def _said(members: dict[str, Node], reader: Reader) -> dict[str, Any]:
    """What the entry says for all rules of its pack."""
    said: dict[str, Any] = {}
    if "with" in members:
        said["action"] = reader.choice(members["with"], "with", ACTIONS, "redact")
    if "min_confidence" in members:
        said["min_confidence"] = reader.choice(members["min_confidence"], "min_confidence", CONFIDENCES, "medium")
    if "apply" in members:
        said["apply"] = reader.choice(members["apply"], "apply", ("always", "when-named"), "always")
    for name, choices in (("thinking", THINKING), ("sealed", SEALED)):
        if name in members:
            said[name] = reader.choice(members[name], name, choices, choices[0])
    if "where" in members:
        places = reader.texts(members["where"], "where")
        said["where"] = frozenset(name for name in places if reader.known(members["where"], "place", name, PLACES))
    if "on" in members:
        names = frozenset(reader.texts(members["on"], "on"))
        said["on"] = frozenset() if "*" in names else names
    return said
