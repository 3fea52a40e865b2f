"""Where access reviews are kept, as a Protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from interlock.model import Attestation, Campaign, Change, ReviewRecord

__all__ = ["ReviewStore"]


class ReviewStore(Protocol):
    """Keeps campaigns, what was attested and how permissions stand by it, for all gateways and consoles that share it.

    It knows no rules: who may say what is decided by `interlock.access`. Everything raises OSError when the store
    cannot be used; then nothing was promised.
    """

    def ahead(self) -> ReviewStore:
        """The same store, for what must not wait behind others: what keeps a process's knowledge fresh."""
        ...

    async def campaign(self, id: str) -> Campaign | None:
        """The campaign as it is now."""
        ...

    async def campaigns(self, *, limit: int = 200) -> Sequence[Campaign]:
        """Newest first."""
        ...

    async def records(self, ids: Sequence[str] | None = None) -> Sequence[ReviewRecord]:
        """Those of these ids that exist; without ids all."""
        ...

    async def stamp(self) -> tuple[int, int]:
        """A pair that changes with every change of any record."""
        ...

    async def write(
        self,
        changes: Sequence[Change],
        *,
        campaign: Campaign | None = None,
        records: Sequence[ReviewRecord] = (),
        attestations: Sequence[Attestation] = (),
        stands: Campaign | None = None,
    ) -> bool:
        """All of it in one step, each campaign and record put in the place of the version before it (version 1: none).

        False, and nothing of it, when one of them is no longer the latest, nor `stands`, which is only read.
        """
        ...

    async def attestations(self, campaign: str) -> Sequence[Attestation]:
        """What was said in a campaign, oldest first."""
        ...

    async def history(self, subject: str) -> Sequence[Change]:
        """What became of a campaign or a record, oldest first."""
        ...

    def changes(self) -> AsyncGenerator[str]:
        """Ids of whatever changes in the store, by whatever process; "" when some may have been missed."""
        ...

    async def close(self) -> None:
        """Nothing follows."""
        ...
