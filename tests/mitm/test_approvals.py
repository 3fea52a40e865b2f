"""The gateway's side of the desk: what it opens, when it counts as usable, whose grants and questions it knows."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.mitm.harness import Running, until
from tests.mitm.people import ISSUER, People, reviewer

from interlock.errors import Refused
from interlock.model import ApprovalKind, Ask, Person, Principal
from interlock.reasons import Reason

POLICY = """
  - id: granting
    review: ["http.delete /**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    grant: {max: 10m}
"""
ERIKA = Principal("demo", ISSUER, "erika", groups=frozenset({"reader"}), expires=1e12)


async def granted(gateway: Running, seconds: float = 60.0, rule: str = "granting") -> None:
    """Something Erika was granted."""
    desk = gateway.services.approvals.desk
    asked = await desk.ask_grant(
        requester=Person("demo", ISSUER, "erika"), connection="docs", operations=["http.delete"], seconds=seconds,
        asks=[Ask(rule, 1, 3600.0)], rules_digest="d", expires_in=60.0, kind=ApprovalKind.GRANT,
    )  # fmt: skip
    await desk.vote(asked.id, reviewer(), approves=True, rules=[rule])
    await until(lambda: desk.board.any_grants)


async def test_grants_count_by_the_rules_in_force(gateway: Running) -> None:
    """For their holder alone, for whom they act too."""
    await granted(gateway)
    approvals = gateway.services.approvals
    assert [grant.operations for grant in approvals.grants(ERIKA)] == [("http.delete",)]
    assert approvals.grants(replace(ERIKA, subject="max")) == ()
    assert approvals.grants(replace(ERIKA, acting_for="max")) == ()


@pytest.mark.parametrize(("seconds", "rule"), [(601.0, "granting"), (60.0, "askers"), (60.0, "gone")])
async def test_grants_that_no_rule_allows_do_not_count(gateway: Running, seconds: float, rule: str) -> None:
    """Longer than the rule's maximum, of one that grants nothing, of one that is not there."""
    await granted(gateway, seconds, rule)
    assert gateway.services.approvals.grants(ERIKA) == ()


async def test_nothing_is_known_of_a_store_that_was_not_read_for_two_seconds(gateway: Running, monkeypatch) -> None:
    """Grants are void, nobody can be asked about what a model proposes."""
    await granted(gateway)
    approvals = gateway.services.approvals
    board = approvals.desk.board

    async def broken() -> None:
        raise OSError

    monkeypatch.setattr(board, "_read_all", broken)
    await asyncio.sleep(0)
    gateway.clock.ahead += 2.5
    assert not approvals.usable
    assert approvals.grants(ERIKA) == ()


async def test_an_id_that_could_not_be_asked_says_why(gateway: Running) -> None:
    """To whoever was told it; to others it is unknown."""
    approvals = gateway.services.approvals
    await granted(gateway)
    asked = (await People(gateway).desk.queue())[0]
    approvals.named("apr-x", replace(asked, id="apr-x"), Refused(Reason.APPROVALS_FULL))
    approvals.named("apr-y", asked, None)
    with pytest.raises(Refused):
        await approvals.own("apr-x", asked.requester)
    assert await approvals.own("apr-y", asked.requester) == asked
    assert await approvals.own("apr-x", replace(asked.requester, subject="max")) is None
    assert await approvals.own("apr-y", replace(asked.requester, subject="max")) is None


async def test_a_desk_that_is_closed_refuses(gateway: Running) -> None:
    """After the gateway's end."""
    approvals = gateway.services.approvals
    await approvals.stop()
    assert not approvals.usable
    with pytest.raises(Refused) as error:
        _ = approvals.desk
    assert error.value.reason == "approval-unavailable"
