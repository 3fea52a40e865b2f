"""Leases: shared by a principal's replies, taken once, given back by the last."""

from __future__ import annotations

from dataclasses import replace

from interlock.mitm.call import Call
from interlock.mitm.leases import Leases
from interlock.model import Approval, ApprovalKind, Person

ERIKA = Person("corp", "https://idp.example.com", "erika")
LEASED = Approval("apr-1", ApprovalKind.OPERATION, "f" * 64, ERIKA, "agent", "shell.admin", "d", 0.0, 100.0)


def test_found_by_its_fingerprint_in_time_by_its_readers() -> None:
    """And by nobody else."""
    leases, one, other = Leases(), Call(), Call()
    leases.add(one, ERIKA, (LEASED,))
    assert leases.find(one, "f" * 64, 1.0) == LEASED
    assert leases.find(one, "e" * 64, 1.0) is None
    assert leases.find(one, "f" * 64, 100.0) is None
    assert leases.find(other, "f" * 64, 1.0) is None
    leases.add(other, replace(ERIKA, acting_for="max"), ())
    assert leases.find(other, "f" * 64, 1.0) is None
    leases.add(other, ERIKA, ())
    assert leases.find(other, "f" * 64, 1.0) == LEASED


def test_taken_once() -> None:
    """Whoever comes second gets nothing, and nothing is given back."""
    leases, one = Leases(), Call()
    leases.add(one, ERIKA, (LEASED,))
    assert leases.take("apr-1") == LEASED
    assert leases.take("apr-1") is None
    assert leases.end(one) == ()


def test_the_last_reader_gives_back() -> None:
    """A call that is simply gone reads no more."""
    leases, one, other, gone = Leases(), Call(), Call(), Call()
    leases.add(one, ERIKA, (LEASED,))
    leases.add(other, ERIKA, ())
    leases.add(gone, ERIKA, ())
    assert leases.end(one) == ()
    del gone
    assert leases.end(other) == (LEASED,)
    assert len(leases) == 0
