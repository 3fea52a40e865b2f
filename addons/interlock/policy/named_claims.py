"""Which claims the rules ask about: what the evidence keeps of a principal, and no other claim."""

from __future__ import annotations

import re

from interlock.source import Node

__all__ = ["named_claims"]

_TOP = re.compile(r"\$(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*['\"]([^'\"\\]+)['\"]\s*\])")
_ALL = frozenset("*")


def named_claims(policy: Node) -> frozenset[str]:
    """The names of claims under any `claims:` of a policy as it was written; `*` where a path could mean any."""
    found: set[str] = set()
    todo = [policy]
    while todo:
        value = todo.pop().value
        if isinstance(value, dict):
            asked = value.get("claims")
            if asked is not None and isinstance(asked.value, dict):
                found.update(_name(name) for name in asked.value)
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    return _ALL if "*" in found else frozenset(found)


def _name(name: str) -> str:
    if not name.startswith("$"):
        return name
    match = _TOP.match(name)
    return (match[1] or match[2]) if match else "*"
