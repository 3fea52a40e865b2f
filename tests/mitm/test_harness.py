"""The harness itself: a permitted call passes in every placement, masked, with the credential on the wire alone."""

from __future__ import annotations

from tests.mitm.harness import CREDENTIAL
from tests.mitm.upstream import PERSON


async def test_a_permitted_call_passes_masked_in_every_placement(gateway, upstream, url) -> None:
    """Forward plain, forward through a tunnel, reverse."""
    token = gateway.token()
    async with gateway.forward(token) as client:
        plain = await client.get(url("docs"))
        tunnelled = await client.get(url("tls"))
    async with gateway.reverse(token) as client:
        reverse = await client.post("/connections/warehouse/query", json={"query": "select 1"})

    assert [plain.status_code, tunnelled.status_code, reverse.status_code] == [200, 200, 200]
    assert all(PERSON not in each.text and each.json()["ok"] for each in (plain, tunnelled, reverse))
    assert [seen.name for seen in upstream.seen] == ["docs", "tls", "warehouse"]
    assert upstream.seen[2].header("authorization") == f"Bearer {CREDENTIAL}"


async def test_mitmdump_takes_the_same_decisions(start_dump, upstream, url) -> None:
    """The same rules under mitmdump's own Master."""
    async with start_dump() as gateway:
        assert gateway.pipeline.closed() is None
        async with gateway.forward(gateway.token()) as client:
            good, bad = await client.get(url("docs")), await client.get(url("docs", "/closed"))

    assert (good.status_code, bad.status_code) == (200, 403)
    assert [seen.target for seen in upstream.seen] == ["/open/x"]
