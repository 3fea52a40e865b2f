"""The types every part of Interlock speaks: frozen, slotted, standard library only.

Rules of this module: no behaviour beyond what a value can say about itself, no imports from the rest of
the package, and the default of every type denies (invariant 2).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

__all__ = [
    "JSON",
    "Access",
    "Answer",
    "BodyState",
    "Decision",
    "Effect",
    "Exchange",
    "Finding",
    "Operation",
    "Origin",
    "Principal",
    "Refusal",
    "Report",
    "Secret",
    "Side",
    "worst",
]

type JSON = None | bool | int | float | str | list[JSON] | dict[str, JSON]

_EMPTY: Mapping[str, JSON] = MappingProxyType({})


class Secret:
    """A string that must not be seen: its repr and str hide it; `reveal()` is the one way out (invariant 4)."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The secret itself, for the one place that sends it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not pickled")

    def __eq__(self, other: object) -> bool:
        import hmac

        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __bool__(self) -> bool:
        return bool(self._value)


class Effect(enum.IntEnum):
    """What a decision says. The zero value denies; the smaller one wins where several apply."""

    FORBID = 0
    REVIEW = 1
    PERMIT = 2


class Access(enum.IntEnum):
    """What an operation does to its resource, in order of danger; what is not understood ranks highest."""

    READ = 1
    WRITE = 2
    DDL = 3
    ADMIN = 4
    UNKNOWN = 5


class Side(enum.Enum):
    """Which half of an exchange a snapshot shows."""

    REQUEST = "request"
    RESPONSE = "response"


class BodyState(enum.Enum):
    """Whether a snapshot holds the whole body. Anything but COMPLETE cannot be judged or masked as a whole."""

    COMPLETE = "complete"
    STREAMED = "streamed"
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of an upstream (RFC 6454); host in lower case, as a canonical A-label or IP literal."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        default = {"https": 443, "http": 80}.get(self.scheme)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == default else f":{self.port}")

    @property
    def authority(self) -> str:
        """The value of a Host header for this origin."""
        return str(self).partition("://")[2]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls, as a verified token or certificate says.

    `identity` is the name of the entry under `identities:`; people are compared as (issuer, subject).
    `expires` is in seconds since the epoch and is judged again on every request.
    `client` is the audience-independent name of the client software where the token names one (azp, client_id).
    """

    identity: str
    issuer: str
    subject: str
    scheme: str = ""
    groups: frozenset[str] = frozenset()
    acting_for: str = ""
    client: str = ""
    expires: float = 0.0
    claims: Mapping[str, JSON] = field(default=_EMPTY, repr=False, hash=False)


@dataclass(frozen=True, slots=True)
class Exchange:
    """An immutable snapshot of one request, or of one response together with its request.

    `target` is the raw request target after routing (origin form: path and query as they go upstream).
    `headers` keep order and case of values; names are in lower case. `body` is decoded (no content coding).
    """

    side: Side
    connection: str
    method: str
    origin: Origin
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    state: BodyState = BodyState.UNREADABLE
    status: int = 0
    request: Exchange | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The query without its question mark."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str:
        """The value of the first header called `name` (lower case), or an empty string."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What an exchange would do. A carrier (an HTTP request, a tool call) nests what it carries.

    `protocol` and `action` make the name that rules use: `sql.read`, `tool.use:Bash`, `http.get`, `mcp.call:query`.
    `resource` is what a rule's glob is compared with (for `http` the canonical path).
    `arguments` are plain JSON values for rules and blocklists; each language documents its own.
    `text` is the command as it was written; it is for matching and never for a log.
    `place` is a JSON Pointer (RFC 6901) into the body. `covered` marks a carrier whose connection says, under
    `commands:`, that what it carries speaks for it. `agent` marks what the agent itself will run (`on: agent`).
    """

    protocol: str
    action: str
    resource: str = ""
    access: Access = Access.UNKNOWN
    arguments: Mapping[str, JSON] = field(default=_EMPTY, hash=False)
    text: str = field(default="", repr=False)
    place: str = ""
    nested: tuple[Operation, ...] = ()
    covered: bool = False
    agent: bool = False

    @property
    def name(self) -> str:
        """`protocol.action`, as rules write it."""
        return f"{self.protocol}.{self.action}"

    def walk(self) -> tuple[Operation, ...]:
        """This operation and everything nested in it, outermost first; no recursion, so depth cannot exhaust the stack."""
        found: list[Operation] = []
        todo = [self]
        while todo:
            operation = todo.pop()
            found.append(operation)
            todo.extend(reversed(operation.nested))
        return tuple(found)


def worst(accesses: list[Access] | tuple[Access, ...]) -> Access:
    """The most dangerous access of several; of none, UNKNOWN (invariant 2)."""
    return max(accesses, default=Access.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something sensitive was found: what kind, where, by which rule; never the text itself.

    `place` is a JSON Pointer, or `offset N` in plain text (code points), or a header or query member's name.
    `digest` is keyed (HMAC-SHA-256, hex, first 16 digits) so that equal values can be recognised within a session.
    """

    rule: str
    detector: str
    place: str
    confidence: str = "high"
    action: str = "redact"
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was stopped, as the agent and its model are told.

    `reference` finds the event in the recording (`<session>/<number>`, or the refusal log's number).
    `closing` says that the client connection is to be closed after the answer.
    """

    reason: str
    message: str
    remedy: str = ""
    reference: str = ""
    operation: str = ""
    closing: bool = False

    def sentence(self) -> str:
        """One text for people and models: what was stopped, why, what to do, where to look."""
        what = f"Interlock stopped {self.operation}" if self.operation else "Interlock stopped this request"
        parts = [f"{what}: {self.message} ({self.reason})."]
        if self.remedy:
            parts.append(self.remedy[:1].upper() + self.remedy[1:])
        if self.reference:
            parts.append(f"Reference: {self.reference}.")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway answers itself, in the shape the client's protocol expects."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rule in `mode: report` would have said; it never changes a decision."""

    rule: str
    effect: Effect
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with an exchange, and why. The default forbids.

    `rule` is the id of the deciding rule (empty: none matched). `operation` is the one that decided.
    `masks` are the ids of masking rules that a permitting rule obliges; an unknown id forbids.
    `remedy` tells the agent's model what to do instead.
    """

    effect: Effect = Effect.FORBID
    reason: str = "no-rule"
    rule: str = ""
    operation: Operation | None = None
    masks: frozenset[str] = frozenset()
    reports: tuple[Report, ...] = ()
    remedy: str = ""

    @property
    def permits(self) -> bool:
        """True only for PERMIT."""
        return self.effect is Effect.PERMIT
