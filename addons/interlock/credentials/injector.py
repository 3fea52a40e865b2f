"""Puts a connection's credential into its requests, and into no others (invariant 4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from interlock.credentials.parts import Headers, Scheme, Source
from interlock.credentials.strip import fold_header, fold_member, strip_headers, strip_query
from interlock.errors import InterlockError, Refused, RuleError, RulesInvalid
from interlock.model import Origin, Secret
from interlock.ports import SecretSource
from interlock.reasons import Reason
from interlock.registry import parts
from interlock.settings import Connection, CredentialSpec

__all__ = ["Injector", "Supply", "open_source", "prepare"]

_REMEMBERED = 128
_MEMBERS = ("header", "parameter", "username", "prefix")


@cache
def _schemes() -> dict[str, Scheme]:
    from interlock.credentials import schemes

    return parts(schemes, Scheme)


@cache
def _sources() -> dict[str, Source]:
    from interlock.credentials import sources

    return parts(sources, Source)


class Supply(NamedTuple):
    """A secret as it was read by its injector (None: there is no credential), every spelling of it in which an
    upstream might echo it, and since when its source has been as it is (RFC 3339; empty where that cannot be told).

    It is read once and handed on: what is masked, named in the evidence and sent is the same.
    """

    owner: Injector
    secret: Secret | None
    spellings: tuple[Secret, ...]
    since: str = ""


class Injector:
    """One connection's requests made ready to leave. Build it with `prepare`; its repr shows no secret."""

    __slots__ = ("_connection", "_origins", "_scheme", "_since", "_source", "_spec", "_supply", "_warnings")

    def __init__(
        self,
        connection: Connection,
        scheme: Scheme | None = None,
        source: SecretSource | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        self._connection = connection
        self._origins = frozenset(connection.origins)
        self._scheme = scheme
        self._source = source
        self._spec = connection.credential
        self._warnings = tuple(warnings)
        self._since: Callable[[], str] = getattr(source, "since", str)
        self._supply = Supply(self, None, ())

    def clean(self, headers: Headers, target: str, *, ranges: bool = False) -> tuple[Headers, str]:
        """Headers and target with every credential place emptied and everything for another hop dropped.

        `ranges` keeps Range and If-Range where neither a mask nor a credential applies. Never raises.
        """
        connection = self._connection
        kept = strip_headers(
            headers,
            allow=connection.allow_headers,
            passthrough=connection.passthrough,
            websocket=connection.websocket,
            ranges=ranges and self._spec is None,
        )
        return kept, target if connection.passthrough else strip_query(target)

    def apply(
        self, origin: Origin, headers: Headers, target: str, supply: Supply | None = None, *, ranges: bool = False
    ) -> tuple[Headers, str]:
        """Cleaned headers and target with the credential in its place, for a request to `origin`: the one that was
        read for it (`supply`), or else as it is now.

        Raises Refused: HOST_MISMATCH for an origin that is not the connection's, SECRET_UNAVAILABLE when the secret
        cannot be had now.
        """
        if origin not in self._origins:
            raise Refused(Reason.HOST_MISMATCH, f"the credential of {self._connection.name} is not for {origin}")
        ready, clean = _ready(self, tuple(headers), target, ranges)
        kept = list(ready)
        if self._scheme is None or self._source is None or self._spec is None:
            return kept, clean
        if supply is None or supply.secret is None or supply.owner is not self:
            secret = self._source.read()
        else:
            secret = supply.secret
        return self._scheme.place(self._spec, _ascii(secret, self._source), kept, clean)

    def supply(self) -> Supply:
        """The secret as it is now: the very same object for the same secret. Raises Refused (SECRET_UNAVAILABLE)."""
        if self._scheme is None or self._source is None or self._spec is None:
            return self._supply
        secret, known = self._source.read(), self._supply
        since = self._since()
        if known.secret is None or known.secret.reveal() != secret.reveal():
            text = secret.reveal()
            spellings = dict.fromkeys((text, *self._scheme.shapes(self._spec, text)))
            self._supply = Supply(self, secret, tuple(Secret(one) for one in spellings), since)
        elif known.since != since:
            self._supply = known._replace(secret=secret, since=since)
        return self._supply

    @property
    def spec(self) -> CredentialSpec | None:
        """What the rules say of the credential; None without one."""
        return self._spec

    def describe(self) -> str:
        """What happens to credentials on this connection, for people; without any secret."""
        if self._spec is not None:
            return f"{self._spec.scheme} from {self._spec.source}"
        return "the agent's own credential passes through" if self._connection.passthrough else "no credential"

    def warnings(self) -> tuple[str, ...]:
        """What is risky here, for `check`."""
        if self._connection.passthrough:
            return (*self._warnings, f"{self._connection.name}: the agent's own credential passes through")
        return self._warnings

    def __repr__(self) -> str:
        return f"Injector({self._connection.name!r}, {self.describe()!r})"


def prepare(connection: Connection, *, base: Path = Path()) -> Injector:
    """The injector of a connection; reads no secret yet. Relative files are relative to `base`.

    Raises RulesInvalid with the credential's place for an unknown scheme or source, and for members that are
    missing, superfluous or malformed.
    """
    spec = connection.credential
    if spec is None:
        return Injector(connection)
    kind, _, reference = spec.source.partition(":")
    scheme = _known(_schemes(), spec.scheme, "scheme", spec)
    source = _known(_sources(), kind, "from", spec)
    errors = [RuleError(spec.place, message) for message in _problems(scheme, spec)]
    if errors:
        raise RulesInvalid(errors)
    try:
        opened = source.open(reference, base)
    except InterlockError as error:
        raise RulesInvalid([RuleError(spec.place, str(error), error.hint)]) from None
    warnings = [f"{connection.name}: {warning}" for warning in source.warnings(reference, base)]
    return Injector(connection, scheme, opened, warnings)


def open_source(reference: str, base: Path = Path()) -> SecretSource:
    """Where a secret is kept, by its reference (`env:NAME`, `file:PATH`); reads nothing yet. Raises InterlockError."""
    kind, _, rest = reference.partition(":")
    source = _sources().get(kind)
    if source is None:
        raise InterlockError(f"secrets are not kept in {kind!r}", hint="known: " + ", ".join(_sources()))
    return source.open(rest, base)


def _known[T](found: dict[str, T], name: str, what: str, spec: CredentialSpec) -> T:
    if name in found:
        return found[name]
    hint = "known: " + ", ".join(found)
    raise RulesInvalid([RuleError(spec.place, f"credential has no {what} {name!r}", hint)])


def _problems(scheme: Scheme, spec: CredentialSpec) -> list[str]:
    written = {name for name in _MEMBERS if getattr(spec, name)}
    problems = [f"scheme {scheme.name} needs {name}" for name in scheme.needs if name not in written]
    extra = sorted(written - {*scheme.needs, *scheme.takes})
    problems += [f"scheme {scheme.name} has no use for {name}" for name in extra]
    if not problems and (problem := scheme.problem(spec)):
        problems.append(problem)
    return problems


@lru_cache(maxsize=_REMEMBERED)
def _ready(injector: Injector, headers: tuple[tuple[str, str], ...], target: str, ranges: bool) -> tuple[Headers, str]:
    """Headers and target as they are before the secret is put in; the same ones come again and again."""
    kept, clean = injector.clean(headers, target, ranges=ranges)
    spec = injector.spec
    kept, clean = (kept, clean) if spec is None else _emptied(spec, kept, clean)
    return tuple(kept), clean


def _emptied(spec: CredentialSpec, headers: Headers, target: str) -> tuple[Headers, str]:
    """Also the place the scheme itself will use, whatever it is called and even if it is allowed."""
    if spec.parameter:
        target = strip_query(target, also=fold_member(spec.parameter))
    mine = {fold_header(spec.header), "authorization"}
    return [(name, value) for name, value in headers if fold_header(name) not in mine], target


def _ascii(secret: Secret, source: SecretSource) -> str:
    """The secret, if headers can carry it. Raises Refused."""
    text = secret.reveal()
    if not text.isascii():
        message = f"{source.reference()} holds letters outside ASCII"
        raise Refused(Reason.SECRET_UNAVAILABLE, message, hint="most credentials are ASCII: was the file mangled?")
    return text
