"""What people are asked: one operation, or operations for a time."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence

from interlock.approval.grants import term
from interlock.approval.people import person
from interlock.errors import Refused
from interlock.model import JSON, Approval, ApprovalKind, Ask, Person, Principal
from interlock.reasons import Reason

__all__ = ["about_access", "about_operation", "new_id"]

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS = 16
_MAX_NAMES = 50


def new_id(kind: str) -> str:
    """An id that nobody guesses (80 bits): `apr-…` of an approval, `grt-…` of a grant, `cmp-…` of a campaign."""
    return f"{kind}-" + "".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS))


def about_operation(
    requester: Principal | Person,
    connection: str,
    operation: str,
    *,
    now: float,
    id: str,
    asks: tuple[Ask, ...],
    expires_in: float,
    operations: Sequence[str] = (),
) -> Approval:
    """The question whether one operation may run, without its fingerprint yet."""
    return Approval(
        id=id,
        kind=ApprovalKind.OPERATION,
        fingerprint="",
        requester=requester if isinstance(requester, Person) else person(requester),
        connection=connection,
        operation=operation,
        rules_digest="",
        created=now,
        expires=now + expires_in,
        asks=asks,
        wanted={"operations": list(dict.fromkeys(operations or (operation,)))},
    )


def about_access(
    requester: Principal | Person,
    connection: str,
    operations: Sequence[str],
    seconds: float,
    *,
    now: float,
    id: str,
    asks: tuple[Ask, ...],
    expires_in: float,
    rules_digest: str,
    kind: ApprovalKind = ApprovalKind.GRANT,
) -> Approval:
    """The question for a grant; asked twice it is the same one.

    Raises Refused (GRANT_REFUSED) for patterns, for nothing and for longer than the asking rules allow.
    """
    names = tuple(dict.fromkeys(operations))
    if not 0 < len(names) <= _MAX_NAMES or any("*" in name or not name for name in names):
        raise Refused(Reason.GRANT_REFUSED, "a grant names operations, and no patterns", hint="as in sql.read")
    who = requester if isinstance(requester, Person) else person(requester)
    wanted: dict[str, JSON] = {"operations": [*names], "seconds": seconds}
    bound = [str(kind), *who.key, who.acting_for, connection, sorted(names), seconds, rules_digest]
    approval = Approval(
        id=id,
        kind=kind,
        fingerprint=hashlib.sha256(json.dumps(bound).encode()).hexdigest(),
        requester=who,
        connection=connection,
        operation=names[0],
        rules_digest=rules_digest,
        created=now,
        expires=now + expires_in,
        asks=asks,
        shown=dict(wanted),
        wanted=wanted,
    )
    term(approval, seconds)
    return approval
