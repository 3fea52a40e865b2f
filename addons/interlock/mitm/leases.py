"""What a principal may run once, held ready while its models' replies are read, because a reply is judged at once.

A lease is shared by all replies that this gateway reads for the principal at a time: the first that proposes the very
call takes it, and what nobody took is given back.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field

from interlock.mitm.call import Call
from interlock.model import Approval, Person

__all__ = ["Leases"]

type _Who = tuple[str, str, str]


class _Reader:
    """Stands for a call, for as long as that lives."""

    __slots__ = ("__weakref__",)


@dataclass(slots=True)
class _Lease:
    approval: Approval
    readers: weakref.WeakSet[_Reader] = field(default_factory=weakref.WeakSet)


class Leases:
    """By id of the approval."""

    def __init__(self) -> None:
        self._held: dict[str, _Lease] = {}

    def __len__(self) -> int:
        return len(self._held)

    def add(self, call: Call, who: Person, leased: tuple[Approval, ...]) -> None:
        """A reply begins to be read: it may take what was leased for it, and what others of its principal hold."""
        for approval in leased:
            self._held[approval.id] = _Lease(approval)
        for lease in self._held.values():
            if _key(lease.approval.requester) == _key(who):
                lease.readers.add(_reader(call))

    def find(self, call: Call, fingerprint: str, now: float) -> Approval | None:
        """The lease for this very call, if it is still in time."""
        for lease in self._held.values():
            if (
                lease.approval.fingerprint == fingerprint
                and _reader(call) in lease.readers
                and now < lease.approval.expires
            ):
                return lease.approval
        return None

    def take(self, id: str) -> Approval | None:
        """It is used: nobody else gets it. None when somebody else did."""
        lease = self._held.pop(id, None)
        return lease.approval if lease is not None else None

    def end(self, call: Call) -> tuple[Approval, ...]:
        """A reply was read: what nobody reads for any more, to be given back."""
        for lease in self._held.values():
            lease.readers.discard(_reader(call))
        left = tuple(lease.approval for lease in self._held.values() if not lease.readers)
        for approval in left:
            del self._held[approval.id]
        return left


def _reader(call: Call) -> _Reader:
    found: _Reader = call.marks.setdefault("reader", _Reader())
    return found


def _key(who: Person) -> _Who:
    return who.issuer, who.subject, who.acting_for
