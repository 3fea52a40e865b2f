"""An `identities:` entry of scheme `jwt`, read strictly: whatever would weaken verification is an error here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from interlock.identity.addresses import issuer_fault
from interlock.identity.claims import ClaimMapping
from interlock.identity.compact import media_type
from interlock.identity.demo import parse_demo_key
from interlock.identity.identity import Identity
from interlock.identity.keys import ALGORITHMS, SYMMETRIC, parse_key_set
from interlock.identity.members import ClaimPath, claim_path
from interlock.identity.sources import read_bounded
from interlock.schema import Reader
from interlock.source import Node

__all__ = ["JwtIdentity", "read_entry"]

DEFAULT_TYPES = ("JWT", "at+jwt", "application/at+jwt")
DEFAULT_ALGORITHMS = ("RS256", "ES256", "EdDSA")
_DEFAULT_MAPPING = ClaimMapping(ClaimPath(("sub",)))
MAX_SKEW = 300.0
MAX_STALE = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class JwtIdentity(Identity):
    """An issuer of tokens. `keys` is an offline JWK set, `key` a demo issuer's private key; without either, discovery
    or `jwks_url`. Times in seconds. `types` as they compare: lower case, "absent" for a token without typ."""

    audience: tuple[str, ...] = ()
    algorithms: frozenset[str] = frozenset()
    mapping: ClaimMapping = _DEFAULT_MAPPING
    types: frozenset[str] = frozenset()
    skew: float = 30.0
    max_age: float | None = None
    stale_for: float = 3600.0
    jwks_url: str = ""
    keys: Path | None = None
    key: Path | None = None


def read_entry(
    common: Identity, node: Node, members: Mapping[str, Node], reader: Reader, base: Path
) -> Identity | None:
    """The identity that an entry describes; None after telling the reader what is wrong."""
    before = len(reader.errors)
    algorithms = _algorithms(members, node, reader)
    max_age = reader.duration(members.get("max_age"), "max_age", 0.0)
    if "max_age" in members and max_age <= 0:
        reader.error(members["max_age"], "max_age must be more than nothing", "such as 1h")
    identity = JwtIdentity(
        name=common.name,
        issuer=_issuer(members.get("issuer"), reader),
        scheme=common.scheme,
        subjects=common.subjects,
        demo=common.demo,
        audience=reader.texts(members.get("audience"), "audience"),
        algorithms=algorithms,
        mapping=_mapping(members.get("claims"), reader),
        types=_types(members, reader),
        skew=_bounded(members, "skew", 30.0, MAX_SKEW, reader),
        max_age=max_age or None,
        stale_for=_bounded(members, "stale_for", 3600.0, MAX_STALE, reader),
        jwks_url=_jwks_url(members.get("jwks_url"), reader),
        keys=_file(members.get("keys"), "keys", base, reader),
        key=_file(members.get("key"), "key", base, reader),
    )
    _check_sources(identity, node, members, reader)
    if len(reader.errors) == before:
        _check_file(identity, members, reader)
    return identity if len(reader.errors) == before else None


def _issuer(node: Node | None, reader: Reader) -> str:
    issuer = reader.text(node, "issuer")
    fault = issuer_fault(issuer, query=False) if issuer else ""
    if node is not None and fault:
        reader.error(node, f"issuer {fault}", "write it exactly as the tokens' iss, such as https://idp.example.com")
    return issuer


def _jwks_url(node: Node | None, reader: Reader) -> str:
    url = reader.text(node, "jwks_url")
    fault = issuer_fault(url) if url else ""
    if node is not None and fault:
        reader.error(node, f"jwks_url {fault}")
    return url


def _algorithms(members: Mapping[str, Node], node: Node, reader: Reader) -> frozenset[str]:
    listed = members.get("algorithms")
    names = reader.texts(listed, "algorithms") or DEFAULT_ALGORITHMS
    for name in names:
        if name.lower() == "none":
            reader.error(listed or node, "an unsigned token proves nothing", "leave none out of algorithms")
        else:
            reader.known(listed or node, "algorithm", name, ALGORITHMS)
    if SYMMETRIC.intersection(names) and "keys" not in members:
        reader.error(listed or node, "HS algorithms need a local secret", "name a file with an oct key under keys")
    return frozenset(names)


def _types(members: Mapping[str, Node], reader: Reader) -> frozenset[str]:
    types = frozenset(media_type(typ) for typ in reader.texts(members.get("typ"), "typ") or DEFAULT_TYPES)
    if "id" in types:
        reader.error(members["typ"], "ID tokens are not access tokens", "remove ID from typ")
    return types


def _bounded(members: Mapping[str, Node], name: str, default: float, most: float, reader: Reader) -> float:
    value = reader.duration(members.get(name), name, default)
    if value > most:
        reader.error(members[name], f"{name} must be at most {most:.0f}s")
        return default
    return value


def _mapping(node: Node | None, reader: Reader) -> ClaimMapping:
    subject = ClaimPath(("sub",))
    if node is None:
        return ClaimMapping(subject)
    members = reader.mapping(node, "claims", optional=("subject", "groups", "roles", "acting_for"))
    groups = [*_paths(members.get("groups"), "groups", reader), *_paths(members.get("roles"), "roles", reader)]
    subjects = _paths(members.get("subject"), "subject", reader, single=True)
    acting_for = _paths(members.get("acting_for"), "acting_for", reader, single=True)
    return ClaimMapping(subjects[0] if subjects else subject, tuple(groups), acting_for[0] if acting_for else None)


def _paths(node: Node | None, what: str, reader: Reader, *, single: bool = False) -> list[ClaimPath]:
    if node is None:
        return []
    texts = (reader.text(node, what),) if single else reader.texts(node, what)
    found: list[ClaimPath] = []
    for text in filter(None, texts):
        try:
            found.append(claim_path(text))
        except ValueError as error:
            reader.error(node, f"claims.{what} {text!r} is not the path of one claim", str(error))
    return found


def _file(node: Node | None, what: str, base: Path, reader: Reader) -> Path | None:
    name = reader.text(node, what)
    return base / name if name else None


def _check_sources(identity: JwtIdentity, node: Node, members: Mapping[str, Node], reader: Reader) -> None:
    """One source of keys; a demo issuer has its own private key, and nobody else has one."""
    chosen = [name for name in ("keys", "key", "jwks_url") if name in members]
    if len(chosen) > 1:
        reader.error(members[chosen[1]], f"{chosen[0]} and {chosen[1]} exclude each other", "keep one")
    if identity.demo and "key" not in members:
        reader.error(node, "a demo identity needs 'key'", "the file of its private key, such as key: demo.pem")
    if "key" in members and not identity.demo:
        reader.error(members["key"], "a private key makes this a demo identity", "write demo: true, or keys: jwks.json")


def _check_file(identity: JwtIdentity, members: Mapping[str, Node], reader: Reader) -> None:
    """A key file must be readable now, and hold a key that fits."""
    path = identity.key or identity.keys
    if path is None:
        return
    symmetric = bool(identity.algorithms & SYMMETRIC)
    parse = parse_demo_key if identity.key else partial(parse_key_set, symmetric=symmetric)
    where = members["key" if identity.key else "keys"]
    try:
        keys = parse(read_bounded(path)).keys
    except OSError as error:
        # A gateway makes a missing demo key when it starts; until then every token of that identity is refused.
        if not (identity.demo and isinstance(error, FileNotFoundError)):
            reader.error(where, f"the key file cannot be read: {error.strerror}")
    except ValueError as error:
        reader.error(where, f"the key file {error}")
    else:
        if not any(key.fits(algorithm) for key in keys for algorithm in identity.algorithms):
            reader.error(where, "no key in it fits the algorithms", "list the algorithm its keys are for")
