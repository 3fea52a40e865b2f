"""The small values: JSON, secrets that hide themselves, and the enumerations, of which every default denies."""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["JSON", "Access", "BodyState", "Effect", "Origin", "Secret", "Side"]

type JSON = None | bool | int | float | str | list[JSON] | dict[str, JSON]


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
        if other is self:
            return True
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
        return _origin(self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """The value of a Host header for this origin."""
        return str(self).partition("://")[2]


@lru_cache(maxsize=512)
def _origin(scheme: str, host: str, port: int) -> str:
    default = {"https": 443, "http": 80}.get(scheme)
    return f"{scheme}://" + (f"[{host}]" if ":" in host else host) + ("" if port == default else f":{port}")
