"""Whether two sets of rules say the same about an operation, whoever asks: every rule that could speak reads the same.

Where a recording leaves out what a rule asks for, this is what can still be said of it: what reads the same decides
the same. Rules are compared as they were written, and packs by their bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from interlock.engine.rules import Rules
from interlock.errors import InterlockError
from interlock.model import JSON, Operation
from interlock.policy.pattern import ANY
from interlock.policy.rule import Policy
from interlock.source import read_yaml

__all__ = ["Alike"]

_WHOLE = ("identities", "blocklist")


class Alike:
    """Two sets of rules, then and now. Never raises: what cannot be read is not alike."""

    def __init__(self, then: Rules, now: Rules) -> None:
        self._then, self._now = then, now
        one, other = _written(then.folder), _written(now.folder)
        self._texts = one, other
        self._whole = one is not None and other is not None and all(one[name] == other[name] for name in _WHOLE)

    @property
    def blocking(self) -> bool:
        """Whether both have one blocklist, which comes before every rule and asks for nobody."""
        return self._whole

    def about(self, connection: str, operations: Sequence[Operation], *, agent: bool) -> bool:
        """Whether both say the same about these operations; of resources, which may be unknown, any counts."""
        if not self._whole or self._then.connection(connection) is None or self._now.connection(connection) is None:
            return False
        nodes = [node for operation in operations for node in operation.walk()]
        before, after = (_speaking(rules.policy, connection, nodes, agent) for rules in (self._then, self._now))
        return bool(nodes) and before == after and all(self._same(name) for name in before)

    def _same(self, name: str) -> bool:
        one, other = self._texts
        return one is not None and other is not None and one["policy"].get(name, one) == other["policy"].get(name)


def _speaking(policy: Policy, connection: str, nodes: Sequence[Operation], agent: bool) -> frozenset[str]:
    """The rules that could speak about any of these operations."""
    found: set[str] = set()
    for rule in policy.rules:
        here = rule.agent if agent else rule.everywhere or connection in rule.on
        if (here or rule.everywhere) and any(
            pattern.protocol in (node.protocol, ANY) and pattern.acts(node.action)
            for node in nodes
            for pattern in rule.patterns
        ):
            found.add(rule.id)
    return frozenset(found)


def _written(folder: Path) -> dict[str, dict[str, JSON]] | None:
    """What stands in a rules folder: the policy by id, and what counts as a whole."""
    found: dict[str, dict[str, JSON]] = {"policy": {}, "identities": {}, "blocklist": {}}
    try:
        for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            root = read_yaml(file).plain()
            for section, known in found.items():
                items = root.get(section) if isinstance(root, dict) else None
                for item in items if isinstance(items, list) else []:
                    name = item.get("id") if isinstance(item, dict) and section == "policy" else None
                    known[str(name if name is not None else f"{file.name}/{len(known)}")] = item
        for file in sorted([*folder.rglob("packs/**/*.yaml"), *folder.rglob("packs/**/*.yml")]):
            found["blocklist"][f"pack {file.relative_to(folder)}"] = file.read_text("utf-8", "replace")
    except (OSError, InterlockError, RecursionError):
        return None
    return found
