"""What people say about approvals and grants is in the evidence, chained, also when no request waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.approval.test_desk import Clocks, Two
from tests.approval.values import AGENT, ERIKA, MAX

from interlock.approval.desk import Desk
from interlock.approval.flood import Flood
from interlock.errors import Refused
from interlock.model import JSON, ApprovalState, Secret
from interlock.reasons import Reason
from interlock.recording import verify
from interlock.recording.reading import read_lines
from interlock.recording.review_log import ApprovalLog
from interlock.store.opening import open_store


@dataclass
class Kept(Two):
    """A gateway's desk, a console's that keeps evidence, and the log."""

    gateway: Desk
    console: Desk
    clock: Clocks
    log: ApprovalLog

    def said(self) -> list[dict[str, JSON]]:
        """What the log holds, once it verifies."""
        assert verify(self.log.path.parent).ok
        return [dict(line.event.data) for line in read_lines(self.log.path) if line.event][1:]


@pytest.fixture
async def two(store_url: Secret, tmp_path: Path) -> AsyncIterator[Kept]:
    clock = Clocks()
    store = await open_store(store_url)
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    log = ApprovalLog(recordings, clock)
    gateway = Desk(store, clock, gateway="gateway", flood=Flood(cooldown=0))
    yield Kept(gateway, Desk(store, clock, gateway="console", evidence=log.add_here), clock, log)
    await store.close()


async def test_a_no_that_nobody_waited_for_is_in_the_evidence(two: Kept) -> None:
    """Who, about whose question, why; the gateway's own steps are in the sessions."""
    found = await two.ask(run="run-1")
    await two.no(found, reason="not \u202etoday")
    (said,) = two.said()
    wanted: dict[str, Any] = {
        "what": "denied", "approval": found.id, "approves": False, "run": "run-1", "operation": "sql.write",
        "why": "not \\u{202e}today", "by": {"subject": MAX.subject, "issuer": MAX.issuer},
        "requester": {"subject": AGENT.subject, "issuer": AGENT.issuer},
    }  # fmt: skip
    assert wanted.items() <= said.items()


async def test_a_grant_is_in_the_evidence_from_its_beginning_to_its_end(two: Kept) -> None:
    """What may be done by it, until when, and who ended it."""
    found = await two.ask()
    _, grant = await two.console.grant(found.id, MAX, seconds=600, rules=("writers-ask",))
    assert grant is not None
    await two.console.revoke(grant.id, ERIKA, "enough")
    given, ended = two.said()
    assert (given["what"], ended["what"], ended["why"]) == ("approved", "revoked", "enough")
    assert given["grant"] == ended["grant"]
    assert (given["grant"]["id"], given["grant"]["operations"]) == (grant.id, ["sql.write"])  # type: ignore[index,call-overload]
    assert ended["by"] == {"subject": ERIKA.subject, "issuer": ERIKA.issuer}


async def test_a_yes_needs_the_evidence_and_a_no_does_not(two: Kept) -> None:
    """What nobody can prove does not pass; what is refused is refused whatever the disk says."""
    two.log.path.mkdir()
    found = await two.ask()
    with pytest.raises(Refused) as refused:
        await two.yes(found)
    assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    await two.no(found)
    assert (await two.console.get(found.id)).state is ApprovalState.DENIED  # type: ignore[union-attr]


async def test_where_no_recordings_are_nothing_is_written(two: Kept) -> None:
    """A console on another machine: the store has it."""
    two.log.path.parent.rmdir()
    assert (await two.yes(await two.ask())).state is ApprovalState.APPROVED
    assert not two.log.path.parent.exists()
