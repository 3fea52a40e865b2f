"""A gateway's desk: its name in the store, and what a store that fails is called."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.mitm.desks import open_desk, unavailable


def test_what_the_store_cannot_do_is_refused() -> None:
    """With its own reason; other failures stay what they are."""
    with pytest.raises(Refused) as error, unavailable():
        raise TimeoutError
    assert error.value.reason == "approval-unavailable"
    with pytest.raises(ValueError, match="x"), unavailable():
        raise ValueError("x")


async def test_a_gateway_is_called_what_its_rules_say(start) -> None:
    """Or by its machine and where it listens."""
    async with start() as running:
        rules = running.services.rules
        assert not (await running.services.approvals.opened()).gateway.startswith("gateway-a")
        object.__setattr__(rules.gateway, "name", "gateway-a")
        desk, store = await open_desk(rules, running.clock)
        assert desk.gateway.startswith("gateway-a/")
        await desk.close()
        await store.close()
