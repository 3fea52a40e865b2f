"""The `masking:` section of the rules: what is sensitive, where, and what is put in its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from interlock.errors import InterlockError
from interlock.masking.actions import ACTIONS
from interlock.masking.detector import CONFIDENCES, Detector
from interlock.masking.kinds import kind_of, known_detectors, with_kin
from interlock.masking.prose import prose_detector
from interlock.masking.rule import PLACES, SEALED, THINKING, MaskRule, Restore
from interlock.masking.timed import check
from interlock.paths import Path, compile_path
from interlock.schema import Reader
from interlock.source import Node

__all__ = [
    "PLACES",
    "SEALED",
    "THINKING",
    "MaskRule",
    "Restore",
    "applicable",
    "detectors_of",
    "fold",
    "known_detectors",
    "read_rule",
    "read_rules",
]

_MEMBERS = (
    *(
        "path",
        "detect",
        "fields",
        "pattern",
        "prose",
        "with",
        "scope",
        "min_confidence",
        "apply",
        "where",
        "on",
        "restore",
    ),
    *("thinking", "sealed"),
)
_ANY = "".join(chr(code) for code in range(1, 0x80) if chr(code) not in "\r\n")
_KEYED = ("hash", "fake")
_RESTORE = ("to", "at", "kinds", "from")


def detectors_of(rules: Iterable[MaskRule]) -> dict[str, Detector]:
    """The detectors that rules name, and perhaps others, by name: the shipped ones and their own."""
    rules = tuple(rules)
    known = known_detectors() if any(rule.detect for rule in rules) else {}
    return known | {own.name: own for rule in rules for own in rule.own}


def fold(name: str) -> str:
    """A member's name without case and separators: `Credit-Card_No` and `creditCardNo` are one."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def applicable(
    rules: Iterable[MaskRule],
    connection: str,
    place: str,
    *,
    named: Collection[str] = (),
    unmask: Collection[str] = (),
) -> tuple[MaskRule, ...]:
    """The rules for one direction of one connection: `named` are obliged by the decision, `unmask` are exempted.

    An exemption never lifts what a decision obliges.
    """
    return tuple(
        rule
        for rule in rules
        if place in rule.where
        and (not rule.on or connection in rule.on)
        and (rule.id in named or (rule.apply == "always" and rule.id not in unmask))
    )


def read_rules(node: Node, reader: Reader, used: Callable[[Node], Sequence[MaskRule] | None]) -> tuple[MaskRule, ...]:
    """All rules of a `masking:` section; `used` gives those of an entry that names a pack, None for a rule itself."""
    found: dict[str, MaskRule] = {}
    for item in reader.items(node, "masking"):
        packed = used(item)
        for rule in (read_rule(item, reader),) if packed is None else packed:
            if rule is None:
                continue
            if rule.id in found:
                reader.error(item, f"masking rule {rule.id!r} stands twice", "ids are unique; rename one")
            found[rule.id] = rule
    return tuple(found.values())


def read_rule(node: Node, reader: Reader) -> MaskRule | None:
    """One rule; None where it has no id. What is wrong is noted in the reader."""
    members = reader.mapping(node, "a masking rule", required=("id",), optional=_MEMBERS)
    if "id" not in members:
        return None
    identity = reader.name(members["id"], "id")
    chosen = [name for name in ("path", "detect", "fields", "pattern", "prose") if name in members]
    if len(chosen) != 1:
        what = f"masking rule {identity!r} needs exactly one of path, detect, fields, pattern and prose"
        reader.error(node, what, "write one rule for each")
    action = reader.choice(members.get("with"), "with", ACTIONS, "redact")
    own = _own(members.get("pattern"), identity, reader) or _prose(members.get("prose"), identity, reader)
    detect = tuple(entry.name for entry in own) or _detect(members.get("detect"), reader)
    if "scope" in members and action not in _KEYED:
        reader.error(members["scope"], f"scope says nothing of {action}", "it is for with: hash and with: fake")
    if "restore" in members and action != "token":
        reader.error(members["restore"], f"nothing restores {action}", "write with: token")
    return MaskRule(
        id=identity,
        action=action,
        paths=_paths(members.get("path"), reader),
        detect=detect,
        fields=_fields(members.get("fields"), reader),
        min_confidence=reader.choice(members.get("min_confidence"), "min_confidence", CONFIDENCES, "medium"),
        apply=reader.choice(members.get("apply"), "apply", ("always", "when-named"), "always"),
        where=_where(members.get("where"), reader),
        on=_on(members.get("on"), reader),
        scope=reader.choice(members.get("scope"), "scope", ("session", "connection"), "session"),
        restore=_restore(members.get("restore"), tuple(map(kind_of, detect)) or (identity,), reader),
        own=own,
        thinking=reader.choice(members.get("thinking"), "thinking", THINKING, THINKING[0]),
        sealed=reader.choice(members.get("sealed"), "sealed", SEALED, SEALED[0]),
    )


def _own(node: Node | None, identity: str, reader: Reader) -> tuple[Detector, ...]:
    """The detector of an operator's own pattern; what it finds is called as the rule is."""
    if node is None:
        return ()
    pattern = reader.text(node, "pattern")
    if identity in known_detectors():
        reader.error(node, f"a detector is called {identity!r} already", "rename the rule")
    try:
        check(pattern)
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return ()
    return (Detector(identity, pattern, (), (), chars=_ANY, wide=True, timed=True),)


def _prose(node: Node | None, identity: str, reader: Reader) -> tuple[Detector, ...]:
    """The detector of names in prose, by the model that a rule names."""
    if node is None:
        return ()
    try:
        return (prose_detector(identity, reader.text(node, "prose")),)
    except InterlockError as error:
        reader.error(node, str(error), error.hint)
        return ()


def _restore(node: Node | None, known: Sequence[str], reader: Reader) -> tuple[Restore, ...]:
    """One place to restore at, or a list of them. `known` are the kinds of tokens that the rule makes."""
    if node is None:
        return ()
    found = []
    for item in reader.items(node, "restore") if isinstance(node.value, list) else (node,):
        members = reader.mapping(item, "restore", required=_RESTORE)
        named = {name: _texts(members.get(name), name, reader) for name in _RESTORE}
        for name, texts in named.items():
            if name in members and not texts:
                reader.error(members[name], f"restore {name} is empty", "name every one")
        kinds = frozenset(text for where, text in named["kinds"] if reader.known(where, "kind", text, known))
        origins, to = (frozenset(text for _, text in named[name]) for name in ("from", "to"))
        found.append(Restore(to, _paths(members.get("at"), reader), kinds, origins))
    return tuple(found)


def _texts(node: Node | None, what: str, reader: Reader) -> Sequence[tuple[Node, str]]:
    if node is None:
        return ()
    values = reader.texts(node, what)
    nodes = node.value if isinstance(node.value, list) else [node]
    return [(one, text) for one, text in zip(nodes, values, strict=True) if text]


def _paths(node: Node | None, reader: Reader) -> tuple[Path, ...]:
    found = []
    for where, text in _texts(node, "path", reader):
        try:
            found.append(compile_path(text))
        except InterlockError as error:
            reader.error(where, str(error), error.hint)
    return tuple(found)


def _detect(node: Node | None, reader: Reader) -> tuple[str, ...]:
    named = _texts(node, "detect", reader)
    return with_kin(text for where, text in named if reader.known(where, "detector", text, known_detectors()))


def _fields(node: Node | None, reader: Reader) -> frozenset[str]:
    found = set()
    for where, text in _texts(node, "fields", reader):
        folded = fold(text)
        if not folded:
            reader.error(where, f"field {text!r} has no letter or digit", "as in ssn, or date_of_birth")
        else:
            found.add(folded)
    return frozenset(found)


def _where(node: Node | None, reader: Reader) -> frozenset[str]:
    named = _texts(node, "where", reader)
    found = frozenset(text for where, text in named if reader.known(where, "place", text, PLACES))
    return found or frozenset(PLACES)


def _on(node: Node | None, reader: Reader) -> frozenset[str]:
    names = frozenset(text for _, text in _texts(node, "on", reader))
    return frozenset() if "*" in names else names
