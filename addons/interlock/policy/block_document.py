"""Reads `blocklist:`: packs by name, own command matches, operations by name, own text patterns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from interlock.errors import InterlockError, Place, RulesInvalid
from interlock.policy.argument import argument_members
from interlock.policy.block_index import Looks
from interlock.policy.block_match import only_paths, read_match
from interlock.policy.block_operations import read_operations
from interlock.policy.block_text import TIME, TextPattern
from interlock.policy.blocklist import AGENT, SCOPES, Blocklist, BlockRule, build_blocklist
from interlock.policy.packs import find_pack, read_pack
from interlock.policy.pattern import SPOKEN
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["read_blocklist"]

_LANGUAGES = ("shell", "sql")
_KINDS = ("match", "operations", "text")
_BELONGS = (("in", "text"), ("language", "match"), ("unless", "match"))


def read_blocklist(
    node: Node | None,
    reader: Reader,
    folder: Path,
    *,
    connections: Collection[str] | None = None,
    languages: Collection[str] = _LANGUAGES,
    time: float = TIME,
) -> Blocklist:
    """The `blocklist:` section, compiled. Everything wrong goes to `reader`.

    `folder` holds `packs/`; `connections` are the names `on:` may refer to (None: any); `time` is the limit of a
    text search in seconds.
    """
    known = _Known(connections, folder, languages, time)
    rules: list[BlockRule] = []
    for item in reader.items(node, "blocklist"):
        if isinstance(item.value, dict) and "use" in item.value:
            rules += _pack(item, reader, known)
        else:
            rule = _own(item, reader, known)
            if rule is not None:
                rules.append(rule)
    return build_blocklist(rules)


class _Known:
    """What entries may refer to, and the ids taken so far."""

    def __init__(
        self, connections: Collection[str] | None, folder: Path, languages: Collection[str], time: float
    ) -> None:
        self.places = None if connections is None else (*connections, AGENT)
        self.folder = folder
        self.languages = tuple(languages)
        self.taken: dict[str, Place] = {}
        self.packs: dict[str, Place] = {}
        self.time = time

    def take(self, name: str, node: Node, reader: Reader) -> None:
        """Note an id; an error when it is taken."""
        first = self.taken.setdefault(name, node.place)
        if name and first is not node.place:
            reader.error(node, f"id {name!r} is taken", f"the first is at {first}; rename one of them")


def _pack(item: Node, reader: Reader, known: _Known) -> list[BlockRule]:
    members = reader.mapping(item, "a pack's entry", required=("use",), optional=("except", "on", "mode"))
    if "use" not in members:
        return []
    name = reader.text(members["use"], "use")
    file = find_pack(name, known.folder)
    if file is None:
        reader.error(members["use"], f"there is no {name!r}", _packs(known.folder))
        return []
    try:
        pack = read_pack(file, reader, shown=f"{name}.yaml", languages=known.languages)
    except RulesInvalid as error:
        reader.errors += error.errors
        return []
    ids = [rule.id for rule in pack.rules]
    off, excepts = _except(members.get("except"), ids, reader)
    on = _on(members.get("on"), reader, known)
    report = _report(members.get("mode"), reader)
    chosen = [rule for rule in pack.rules if rule.id not in off and rule.looks is not None]
    first = known.packs.setdefault(name, item.place)
    if first is not item.place and any(rule.id in known.taken for rule in chosen):
        reader.error(item, f"{name} is used already", f"at {first}: say except: and on: there, or take one of them out")
        return []
    for rule in chosen:
        known.take(rule.id, item, reader)
    return [
        BlockRule(
            id=rule.id,
            protocols=rule.protocols,
            looks=rule.looks,
            excepts=excepts,
            on=on,
            report=report,
            remedy=f"{rule.says} {rule.remedy}",
            place=item.place,
        )
        for rule in chosen
    ]


def _except(node: Node | None, ids: Sequence[str], reader: Reader) -> tuple[frozenset[str], Looks | None]:
    if node is None:
        return frozenset(), None
    members = reader.mapping(node, "except", optional=("paths", "rules"))
    if not members:
        reader.error(node, "except says nothing", "except: {paths: [build]} or except: {rules: [a-rule's-id]}")
    off = reader.texts(members.get("rules"), "rules")
    for name in off:
        reader.known(members["rules"], "rule", name, ids)
    paths = reader.texts(members.get("paths"), "paths")
    for path in paths:
        name = path.removeprefix("/")  # an absolute folder has to lie somewhere: /tmp, never /
        if (
            set(name.split("/") if path != name else [name]) & {"", ".", ".."}
            or ("/" in name and path == name)
            or ("*" in name and (path != name or set(name) == {"*"}))
        ):
            reader.error(members["paths"], f"{path!r} is not a folder's name", "one name, as in node_modules, or /tmp")
    return frozenset(off), only_paths(paths) if paths else None


def _own(item: Node, reader: Reader, known: _Known) -> BlockRule | None:
    about = argument_members()
    members = reader.mapping(
        item,
        "a blocklist entry",
        required=("id",),
        optional=("language", "match", "unless", "operations", *about, "text", "in", "on", "mode", "says", "remedy"),
    )
    name = reader.name(members.get("id"), "id")
    known.take(name, item, reader)
    kinds = [word for word in _KINDS if word in members]
    if len(kinds) != 1:
        hint = "language: shell and match: {...}, or operations: [...], or text: PATTERN"
        reader.error(item, "an entry has either match or text or operations", hint)
        return None
    for word, kind in (*_BELONGS, *((word, "operations") for word in about)):
        if word in members and kind != kinds[0]:
            reader.error(members[word], f"{word} belongs to {kind}", f"leave it out, or write {kind}:")
    says = " ".join(reader.text(members.get(word), word) for word in ("says", "remedy") if word in members)
    on, report = _on(members.get("on"), reader, known), _report(members.get("mode"), reader)
    looks, protocols = _looks(kinds[0], members, item, reader, known)
    return BlockRule(
        id=name,
        protocols=protocols,
        looks=looks,
        pattern=_pattern(members["text"], reader, known.time) if "text" in members else None,
        scopes=_scopes(members.get("in"), reader),
        on=on,
        report=report,
        remedy=says,
        place=item.place,
    )


def _looks(
    kind: str, members: dict[str, Node], item: Node, reader: Reader, known: _Known
) -> tuple[Looks | None, frozenset[str]]:
    """What an entry looks for, and in operations of which protocols; nothing for a text pattern."""
    if kind == "operations":
        return read_operations(members["operations"], members, reader, known.languages)
    if kind == "text":
        return None, frozenset()
    language = _language(item, members.get("language"), reader, known)
    language = SPOKEN.get(language, language)
    return read_match(members["match"], language, reader, members.get("unless")), frozenset((language,))


def _language(item: Node, node: Node | None, reader: Reader, known: _Known) -> str:
    if node is None:
        reader.error(item, "match needs a language", "as in language: shell")
        return ""
    language = reader.text(node, "language")
    reader.known(node, "language", language, known.languages)
    return language


def _pattern(node: Node, reader: Reader, time: float) -> TextPattern | None:
    text = reader.text(node, "text")
    try:
        return TextPattern(text, time) if text else None
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return None


def _scopes(node: Node | None, reader: Reader) -> frozenset[str]:
    if node is None:
        return frozenset(SCOPES)
    scopes = reader.texts(node, "in")
    for scope in scopes:
        reader.known(node, "scope", scope, SCOPES)
    return frozenset(scopes)


def _on(node: Node | None, reader: Reader, known: _Known) -> frozenset[str]:
    names = reader.texts(node, "on")
    for name in names:
        if node is not None and names != ("*",) and known.places is not None:
            reader.known(node, "connection", name, known.places)
    return frozenset() if names == ("*",) else frozenset(names)


def _report(node: Node | None, reader: Reader) -> bool:
    return reader.choice(node, "mode", ("enforce", "report"), "enforce") == "report"


def _packs(folder: Path) -> str:
    names = sorted(f"packs/{file.stem}" for file in (folder / "packs").glob("*.yaml"))
    return "known: " + ", ".join(names) if names else f"packs lie in {folder.name}/packs/, and there are none"
