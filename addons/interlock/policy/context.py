"""What a decision may look at besides the operations themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from interlock.model import JSON, Grant, Principal, ReviewRecord, Scope
from interlock.model.quick import quick

__all__ = ["Context", "Reviewed", "Test"]

type Reviewed = Mapping[str, Mapping[Scope, ReviewRecord]]
"""By rule and scope, how permissions stand by their access reviews."""


@quick
@dataclass(frozen=True, slots=True)
class Context:
    """Who asks, where the bytes go, what the body says and what time it is.

    `path` is canonical, `document` the parsed JSON body (None without one), `now` in seconds since the epoch.
    `text` is what else of the request can be read (the query, a form, a plain text), for the blocklist's patterns.
    `readable` is False when there is a body that is not JSON: conditions on the body then fail, which
    forbids. `observe` marks a gateway run with --observe: what no rule speaks about passes, and is marked.
    `grants` are the principal's own, as somebody gave them; which rules they answer is judged here. `reviews` is None
    where nobody can say how permissions stand: what has to be attested then counts as overdue.
    """

    principal: Principal
    connection: str
    method: str = ""
    path: str = ""
    document: JSON = field(default=None, repr=False, hash=False)
    now: float = 0.0
    observe: bool = False
    readable: bool = True
    text: str = field(default="", repr=False)
    grants: tuple[Grant, ...] = ()
    reviews: Reviewed | None = field(default=None, repr=False, hash=False)


type Test = Callable[[Context], bool]
"""One compiled condition. It may raise: the rule then counts as forbidding (RULE_FAILED)."""
