"""A rules folder as one checked, immutable value: every file merged, every reference resolved, one digest.

Loading is all or nothing: `load_rules` returns rules that can be used or raises RulesInvalid with everything wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from interlock import commands
from interlock.approval.notifier import Notify, read_notify
from interlock.engine.adapters import adapters
from interlock.engine.console_rules import Console, read_console
from interlock.errors import Place, RuleError, RulesInvalid
from interlock.identity import Identity, read_identities
from interlock.masking import AGENT, MaskRule, Restore, read_masking
from interlock.policy import Case, Policy, read_blocklist, read_cases, read_policy
from interlock.policy.named_claims import named_claims
from interlock.recording.anchor import sink_members
from interlock.recording.kept_rules import rules_digest
from interlock.recording.ship_target import ship_members
from interlock.schema import Reader
from interlock.settings import (
    Connection,
    Gateway,
    Recording,
    check_keeping,
    read_connections,
    read_gateway,
    read_recording,
)
from interlock.source import Node, read_yaml

__all__ = ["Rules", "load_rules", "rules_digest"]

_SECTIONS = ("identities", "connections", "policy", "blocklist", "masking", "notify", "cases")
_SINGLE = ("gateway", "console", "recording")
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything an operator wrote, compiled. `digest` (hex SHA-256) names this very text in every event."""

    folder: Path
    digest: str
    gateway: Gateway
    identities: tuple[Identity, ...]
    connections: tuple[Connection, ...]
    policy: Policy
    masking: tuple[MaskRule, ...]
    cases: tuple[Case, ...] = field(repr=False)
    console: Console = field(default_factory=Console)
    notify: tuple[Notify, ...] = ()
    recording: Recording = field(default_factory=Recording)
    claims: frozenset[str] = frozenset()
    """The claims that the policy asks about; `*` stands for all of them."""

    def connection(self, name: str) -> Connection | None:
        """The connection of that name."""
        return next((entry for entry in self.connections if entry.name == name), None)


def load_rules(folder: Path) -> Rules:
    """Read, merge and check every `*.yaml` of a folder (not of its sub-folders). Raises RulesInvalid."""
    files = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not files:
        message = "holds no rules" if folder.is_dir() else "is not a folder"
        raise RulesInvalid([RuleError(Place(str(folder)), message, "rules/ in the project shows a set to begin with")])
    reader = Reader()
    sections, single = _merge(files, folder, reader)
    settings = read_gateway(single.get("gateway"), reader, base=folder.parent)
    places = {"sinks": sink_members(), "kinds": ship_members()}
    recording = read_recording(single.get("recording"), reader, base=folder.parent, **places)
    languages = commands.languages()
    connections = read_connections(sections["connections"], reader, protocols=sorted(adapters()), languages=languages)
    names = [entry.name for entry in connections]
    identities = read_identities(sections["identities"], reader, folder)
    issuers = {entry.name: entry.issuer for entry in identities}
    check_keeping(recording.keeping, reader, connections=names, identities=list(issuers))
    console = read_console(single.get("console"), reader, identities)
    masking = read_masking(sections["masking"], reader, folder)
    _check_masking(masking, connections, sections["masking"], reader)
    blocklist = read_blocklist(
        sections["blocklist"], reader, folder, connections=names, languages=languages, time=settings.limits.regex_time
    )
    policy = read_policy(
        sections["policy"],
        reader,
        connections=connections,
        identities=issuers,
        masks=[rule.id for rule in masking],
        blocklist=blocklist,
        languages=languages,
    )
    cases = read_cases(sections["cases"], reader, connections=connections, identities=issuers)
    notify = read_notify(sections["notify"], reader)
    reader.finish()
    digest = rules_digest(folder)
    claims = named_claims(sections["policy"])
    return Rules(
        folder, digest, settings, identities, connections, policy, masking, cases, console, notify, recording, claims
    )


def _check_masking(rules: tuple[MaskRule, ...], connections: Sequence[Connection], node: Node, reader: Reader) -> None:
    """A rule for a connection that does not exist would mask nothing, an exemption from no rule is a misspelt one."""
    for rule in rules:
        for name in sorted(rule.on):
            reader.known(node, f"masking rule {rule.id!r}: connection", name, [entry.name for entry in connections])
        for entry in rule.restore:
            _check_restore(rule, entry, connections, node, reader)
    for connection in connections:
        for exempted in connection.unmask:
            reader.known(
                Node(None, connection.place),
                f"connection {connection.name!r}: unmask",
                exempted,
                [rule.id for rule in rules],
            )


def _check_restore(
    rule: MaskRule, entry: Restore, connections: Sequence[Connection], node: Node, reader: Reader
) -> None:
    """Values go back to known connections, and never to a model."""
    names = [connection.name for connection in connections]
    for name in sorted(entry.origins):
        reader.known(node, f"masking rule {rule.id!r}: restore from", name, [*names, AGENT])
    for name in sorted(entry.to):
        reader.known(node, f"masking rule {rule.id!r}: restore to", name, names)
    for connection in connections:
        adapter = adapters().get(connection.protocol)
        if connection.name in entry.to and adapter is not None and adapter.model:
            hint = "what an agent sent itself is given back in its model's tool inputs without a rule"
            reader.error(node, f"masking rule {rule.id!r} restores to {connection.name!r}, which is a model", hint)


def _merge(files: list[Path], folder: Path, reader: Reader) -> tuple[dict[str, Node], dict[str, Node]]:
    """The sections of all files as one list each; those of `_SINGLE` may stand once."""
    items: dict[str, list[Node]] = {name: [] for name in _SECTIONS}
    single: dict[str, Node] = {}
    for file in files:
        try:
            root = read_yaml(file, shown=str(file.relative_to(folder.parent)))
        except RulesInvalid as error:
            reader.errors.extend(error.errors)
            continue
        members = reader.mapping(root, "a rules file", optional=("version", *_SINGLE, *_SECTIONS))
        version = members.get("version")
        if version is None or version.value != _VERSION:
            reader.error(version or root, "the file does not say its version", "write `version: 1` on its first line")
        for name in _SECTIONS:
            items[name] += reader.items(members.get(name), name)
        for name in _SINGLE:
            if name in members and name in single:
                reader.error(members[name], f"{name} stands twice", f"the first is at {single[name].place}")
            elif name in members:
                single[name] = members[name]
    place = Place(str(folder))
    return {name: Node(nodes, nodes[0].place if nodes else place) for name, nodes in items.items()}, single
