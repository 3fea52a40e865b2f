"""Which people are one: by any name that a token gives them.

Two people are one where issuer and subject agree, or where any name of theirs does, whoever says it and in whatever
case: an agent's issuer and a console's may know one person by one name. Who is taken for another by this asks a
colleague; who slipped through would approve for themself.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from unicodedata import normalize

from interlock.model.approval import Person
from interlock.model.exchange import Principal
from interlock.model.values import JSON

__all__ = ["are_one", "person"]

_NAMES = ("sub", "email", "preferred_username", "upn", "unique_name", "username", "oid")
_ACTORS = ("act", "may_act", "obo")
_MAX_NAME = 320


def person(principal: Principal) -> Person:
    """Who a principal is, as approvals keep it: of its claims only the names that tell people apart."""
    return Person(
        identity=principal.identity,
        issuer=principal.issuer,
        subject=principal.subject,
        acting_for=principal.acting_for,
        groups=tuple(sorted(principal.groups)),
        claims=_kept(principal.claims),
    )


def are_one(one: Person, other: Person) -> bool:
    """Whether both may be the same person."""
    return one.key == other.key or not _names(one).isdisjoint(_names(other))


def _names(one: Person) -> frozenset[str]:
    found = [one.subject, one.acting_for, *_texts(one.claims, _NAMES)]
    for actor in _ACTORS:
        inner = one.claims.get(actor)
        if isinstance(inner, Mapping):
            found += _texts(inner, ("sub", *_NAMES))
    return frozenset(filter(None, map(_plain, found)))


@functools.lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return normalize("NFKC", name[:_MAX_NAME]).strip().casefold()


def _texts(claims: Mapping[str, JSON], members: Iterable[str]) -> list[str]:
    return [value for member in members if isinstance(value := claims.get(member), str)]


def _kept(claims: Mapping[str, JSON]) -> dict[str, JSON]:
    kept: dict[str, JSON] = {name: claims[name] for name in _NAMES if isinstance(claims.get(name), str)}
    for actor in _ACTORS:
        inner = claims.get(actor)
        if isinstance(inner, Mapping):
            kept[actor] = {name: inner[name] for name in ("sub", *_NAMES) if isinstance(inner.get(name), str)}
    return kept
