"""What an agent tries, so that something runs that nobody approved, or that nobody waits for any more."""

from __future__ import annotations

import asyncio
import json

import h2.errors
from tests.mitm.harness import until
from tests.mitm.people import People
from tests.mitm.test_http2 import connect, head

POLICY = """
  - id: asks
    review: ["http.post /ask/**"]
    on: [docs, tls]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 5s
    expires: 1m
    grant: {max: 30m}
"""


async def test_a_stream_that_was_reset_does_not_run_when_it_is_approved(gateway, upstream) -> None:
    """HTTP/2: the client took its request back, though its connection stands."""
    people, port = People(gateway), upstream.ports["tls"]
    client = await connect(gateway, port)
    fields = [*head(port, path="/ask/a", method="POST"), ("content-type", "application/json")]
    client.send(head(port))
    await client.finish()
    upstream.seen.clear()
    stream = client.send(fields, b"{}")
    client.writer.write(client.connection.data_to_send())
    asked = (await people.asked())[0]
    client.connection.reset_stream(stream, h2.errors.ErrorCodes.CANCEL)
    client.writer.write(client.connection.data_to_send())
    await client.writer.drain()
    await asyncio.sleep(0.2)
    await people.decide(asked)
    assert (await people.ended(asked.id)).outcome == "no answer: client-gone"
    assert not upstream.seen
    client.writer.close()


async def test_one_question_holds_no_more_than_its_share(gateway, upstream, url) -> None:
    """The very same request a hundred times does not take the places of everybody else."""
    people = People(gateway)
    async with gateway.forward(gateway.token()) as agent:
        waiting = [asyncio.create_task(agent.post(url("docs", "/ask/a"), json={})) for _ in range(40)]
        asked = (await people.asked())[0]
        await until(lambda: sum(task.done() for task in waiting) >= 20)
        assert gateway.services.approvals.held <= 20
        await people.decide(asked)
        answers = await asyncio.gather(*waiting)
    assert sorted({answer.status_code for answer in answers}) == [200, 403]
    assert len(upstream.seen) == 1
    reasons = {json.loads(answer.text)["reason"] for answer in answers if answer.status_code == 403}
    assert reasons <= {"approval-pending", "approval-used"}
