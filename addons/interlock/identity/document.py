"""Reads `identities:`: who may vouch for a caller."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from interlock.identity.identity import Identity, Scheme
from interlock.registry import parts
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["read_identities", "schemes"]

_COMMON = ("scheme", "subjects", "demo")
MAX_IDENTITIES = 100


@functools.cache
def schemes() -> Mapping[str, Scheme]:
    """Every scheme in `authenticators/`, by name."""
    from interlock.identity import authenticators

    return parts(authenticators, Scheme)


def read_identities(node: Node | None, reader: Reader, base: Path) -> tuple[Identity, ...]:
    """The entries of the section, in order; faults are noted in `reader`. Files are named relative to `base`."""
    items = reader.items(node, "identities")
    if node is not None and len(items) > MAX_IDENTITIES:
        reader.error(node, f"identities may hold at most {MAX_IDENTITIES} entries")
        return ()
    found: list[Identity] = []
    claimed: dict[str, str] = {}
    for item in items:
        identity = _read_one(item, reader, base)
        if identity is None:
            continue
        _claim(identity, item, claimed, reader)
        found.append(identity)
    return tuple(found)


def _read_one(item: Node, reader: Reader, base: Path) -> Identity | None:
    raw = item.value if isinstance(item.value, dict) else {}
    scheme_name = reader.choice(raw.get("scheme"), "scheme", list(schemes()), "jwt")
    scheme = schemes()[scheme_name]
    before = len(reader.errors)
    members = reader.mapping(
        item, "an identity", required=("name", *scheme.required), optional=(*_COMMON, *scheme.members)
    )
    common = Identity(
        name=reader.name(members.get("name"), "name"),
        issuer="",
        scheme=scheme.name,
        subjects=reader.texts(members.get("subjects"), "subjects"),
        demo=reader.flag(members.get("demo"), "demo"),
    )
    identity = scheme.read(common, item, members, reader, base)
    return identity if len(reader.errors) == before else None


def _claim(identity: Identity, item: Node, claimed: dict[str, str], reader: Reader) -> None:
    """Names and issuers are unique: otherwise what one identity refuses another might accept."""
    marks = {f"name {identity.name}", f"issuer {identity.issuer}"}
    marks.update(schemes()[identity.scheme].claimed(identity))
    for mark in sorted(marks):
        if mark in claimed:
            reader.error(item, f"{mark} is already used by identity {claimed[mark]!r}", "one entry each")
        claimed.setdefault(mark, identity.name)
