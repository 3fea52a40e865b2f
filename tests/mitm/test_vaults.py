"""Vaults and their store: read before use, written before a request goes, and what happens when the store does not."""

from __future__ import annotations

from collections.abc import Sequence

from tests.mitm.harness import FakeClock

from interlock.masking import AGENT, Vault
from interlock.mitm.vaults import Keeper
from interlock.ports import VaultRow

KEY, MAIL = b"k" * 32, "erika@example.com"


class Shelf:
    """A store in memory that can be told to fail."""

    def __init__(self) -> None:
        self.rows: dict[str, VaultRow] = {}
        self.fails = False
        self.reads = 0

    def read(self, session: str) -> Sequence[VaultRow]:
        """All rows."""
        self.reads += 1
        self._check()
        return [*self.rows.values()]

    def write(self, session: str, rows: Sequence[VaultRow]) -> Sequence[VaultRow]:
        """The first stays."""
        self._check()
        return [self.rows.setdefault(row.token, row) for row in rows]

    def forget(self, before: float) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""

    def _check(self) -> None:
        if self.fails:
            raise OSError("no space left")


def _keeper() -> tuple[Keeper, Shelf, FakeClock]:
    clock, shelf = FakeClock(), Shelf()
    keeper = Keeper(clock)
    keeper.store = shelf
    return keeper, shelf, clock


async def test_a_second_gateway_knows_what_the_first_gave_out() -> None:
    """What was read once is read again only for a token that is not known, and for that one once."""
    keeper, shelf, _ = _keeper()
    one, other = Vault(KEY, kept=True), Vault(KEY, kept=True)
    await keeper.ready(one)
    await keeper.ready(other)
    token = one.token("email", MAIL, "crm")
    assert await keeper.settle(one)

    await keeper.ready(other, f"use {token}".encode())
    assert other.value(token, ("crm",)) == MAIL
    reads = shelf.reads
    for _ in range(3):
        await keeper.ready(other, f"use {token} and <email:AAAAAAAAAAAAAAAA>".encode())
    assert shelf.reads == reads + 1


async def test_a_store_that_fails_costs_tokens_not_secrecy() -> None:
    """What could not be written is no token; when the store is back, it is one again."""
    keeper, shelf, clock = _keeper()
    vault = Vault(KEY, kept=True)
    shelf.fails = True
    await keeper.ready(vault)
    assert vault.token("email", MAIL, AGENT) is None
    shelf.fails = False
    clock.ahead += 10
    await keeper.ready(vault)
    token = vault.token("email", MAIL, AGENT)
    shelf.fails = True

    assert not await keeper.settle(vault)
    assert vault.token("email", MAIL, AGENT) is None
    shelf.fails = False
    clock.ahead += 10
    await keeper.ready(vault)
    assert vault.token("email", MAIL, AGENT) == token
    assert await keeper.settle(vault)
