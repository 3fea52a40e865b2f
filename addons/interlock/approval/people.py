"""Who may decide: never the requester, nor who it acts for, and each person once (see `interlock.model.people`)."""

from __future__ import annotations

from interlock.model import Person, Principal, are_one, person

__all__ = ["are_one", "is_concerned", "is_same", "named", "person"]


def named(one: Person) -> str:
    """How a history names a person."""
    return f"{one.subject} <{one.issuer}>"


def is_same(one: Person | Principal, other: Person | Principal) -> bool:
    """Whether what is given to one is given to the other: the same subject, acting for the same person."""
    return (one.issuer, one.subject, one.acting_for) == (other.issuer, other.subject, other.acting_for)


def is_concerned(voter: Person, requester: Person) -> bool:
    """Whether a voter asked for this, or acts for who did, or is whom the requester acts for."""
    return are_one(voter, requester)
