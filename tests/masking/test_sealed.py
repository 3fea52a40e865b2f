"""Rows of a vault: what a store sees tells nothing, and nothing of it can be changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interlock.masking.sealed import Seal
from interlock.ports import VaultRow

VALUE = "erika@example.com"
SEAL = Seal(b"k" * 32)
TOKEN = "<email:AAAAAAAAAAAAAAAA>"
ROW = VaultRow(TOKEN, "crm", SEAL.close(TOKEN, "crm", VALUE))


def test_a_row_opens_under_its_own_key_alone() -> None:
    """The value is not in it; two seals of one value differ."""
    assert SEAL.open(ROW) == VALUE
    assert Seal(b"k" * 32).open(ROW) == VALUE
    assert Seal(b"o" * 32).open(ROW) is None
    assert VALUE.encode() not in ROW.sealed
    assert VALUE not in repr(ROW)
    assert ROW.sealed != SEAL.close(TOKEN, "crm", VALUE)
    assert Seal(b"o" * 32).session != SEAL.session


@pytest.mark.parametrize(
    "changed",
    [
        replace(ROW, origin="agent"),
        replace(ROW, token="<email:BBBBBBBBBBBBBBBB>"),
        replace(ROW, sealed=ROW.sealed[:-1]),
        replace(ROW, sealed=b"\0" + ROW.sealed[1:]),
        replace(ROW, sealed=b""),
        replace(ROW, sealed=b"short"),
    ],
)
def test_a_changed_row_does_not_open(changed: VaultRow) -> None:
    """Least of all with another origin: that decides who gets the value."""
    assert SEAL.open(changed) is None
