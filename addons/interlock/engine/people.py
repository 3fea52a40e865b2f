"""Claims -> principal without a token, by the very mapping that tokens go through: for cases, `decide` and `token`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interlock.errors import InterlockError
from interlock.identity import Identity
from interlock.identity.claims import ClaimMapping, Window, identify
from interlock.identity.members import ClaimPath
from interlock.model import JSON, Principal

__all__ = ["choose_identity", "claims_for", "principal_from"]

_ACCEPTED = 3600.0
_BY_CERTIFICATE = ClaimMapping(ClaimPath(("sub",)), (ClaimPath(("groups",)),))


def choose_identity(identities: Sequence[Identity], name: str = "", *, demo: bool = False) -> Identity:
    """The identity of that name; without a name the only one. Raises InterlockError."""
    known = [identity for identity in identities if identity.demo or not demo]
    what = "identity marked demo" if demo else "identity"
    for identity in known:
        if identity.name == name or (not name and len(known) == 1):
            return identity
    names = ", ".join(identity.name for identity in known)
    if not known:
        raise InterlockError(f"the rules have no {what}", hint="add one under identities:")
    if name:
        raise InterlockError(f"the rules have no {what} {name!r}", hint=f"known: {names}")
    raise InterlockError(f"the rules have more than one {what}", hint=f"name one of {names}")


def claims_for(
    identity: Identity,
    subject: str,
    groups: Iterable[str] = (),
    acting_for: str = "",
    extra: Mapping[str, JSON] | None = None,
) -> dict[str, JSON]:
    """Claims that this identity would read as such a person. Raises InterlockError where two of them collide."""
    mapping = _mapping(identity)
    claims: dict[str, JSON] = dict(extra or {})
    _put(claims, mapping.subject, subject)
    wanted = sorted(set(groups))
    if wanted:
        _put(claims, mapping.groups[0] if mapping.groups else ClaimPath(("groups",)), [*wanted])
    if acting_for:
        if mapping.acting_for is None:
            raise InterlockError(
                f"identity {identity.name!r} reads no acting_for from its tokens", hint="add it to its claims:"
            )
        _put(claims, mapping.acting_for, acting_for)
    return claims


def principal_from(identity: Identity, claims: Mapping[str, JSON], *, now: float) -> Principal:
    """Whom these claims describe, as if a verified token held them. Raises TokenRejected (TOKEN_CLAIMS)."""
    window = Window(now, now + _ACCEPTED)
    return identify(identity.name, identity.issuer, identity.scheme, claims, _mapping(identity), window)


def _mapping(identity: Identity) -> ClaimMapping:
    found = getattr(identity, "mapping", None)
    return found if isinstance(found, ClaimMapping) else _BY_CERTIFICATE


def _put(claims: dict[str, JSON], path: ClaimPath, value: JSON) -> None:
    *outer, last = path.names
    place = claims
    for name in outer:
        inner = place.get(name, {})
        if not isinstance(inner, dict):
            raise InterlockError(f"the claim {name!r} is not a mapping, and {path} lies within it")
        place[name] = inner = dict(inner)
        place = inner
    place.setdefault(last, value)
