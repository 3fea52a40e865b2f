"""Requests that wait for people: held, ticketed, run once; and everything by which they must not run."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from tests.mitm.harness import PATIENCE, RULES, Running, until
from tests.mitm.people import People, reviewer
from tests.mitm.upstream import Upstream

from interlock.model import ApprovalState

POLICY = """
  - id: asks
    review: ["http.post /ask/**", "http.put /ask/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 4s
    expires: 1m
    grant: {max: 30m}
  - id: asks-two
    review: ["http.post /ask/two/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer], people: 2}
    hold: 4s
  - id: asks-at-once
    review: ["http.post /ticket/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 0s
    expires: 1m
    grant: {max: 30m}
"""
BODY = {"what": "reindex", "deep": {"list": [1, 2.5, None]}}


def told(answer: httpx.Response) -> dict[str, Any]:
    """The refusal in an answer."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.json()


def events(gateway: Running, kind: str) -> list[dict[str, Any]]:
    """Data of all events of a kind."""
    return [event["data"] for event in gateway.events() if event["kind"] == kind]


# -- held


async def test_a_held_request_goes_on_at_once_when_it_is_approved(
    gateway, people, agent, upstream: Upstream, url
) -> None:
    """It waits in the gateway, reaches nobody, and then runs as it came; the evidence has every step."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    asked = (await people.asked())[0]
    assert not upstream.seen
    assert (asked.connection, asked.operation, asked.requester.subject) == ("docs", "http.post", "erika")
    assert asked.shown["body"] == BODY
    await people.decide(asked)
    answer = await waiting
    assert answer.status_code == 200
    assert json.loads(upstream.seen[0].body) == BODY
    used = await people.ended(asked.id)
    assert (used.state, used.outcome) == (ApprovalState.USED, "answered 200")
    assert [data["state"] for data in events(gateway, "approval")] == ["pending", "used"]
    decision = events(gateway, "decision")[0]
    assert (decision["reason"], decision["rule"], decision["approval"]) == ("approved", "asks", asked.id)


async def test_others_go_on_while_one_is_held(people, agent, url) -> None:
    """On the very same client."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    await people.asked()
    assert (await agent.get(url("docs"))).status_code == 200
    await people.approve_next()
    assert (await waiting).status_code == 200


async def test_a_no_ends_the_wait_with_its_reason(gateway, people, agent, upstream, url) -> None:
    """The agent's model is told why."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    await people.approve_next(approves=False, reason="not before the\nbackup")
    answer = await waiting
    assert answer.status_code == 403
    found = told(answer)
    assert found["reason"] == "approval-denied"
    assert "not before the\\u{a}backup" in found["detail"]
    assert found["approval"]["state"] == "denied"
    assert not upstream.seen


async def test_after_a_no_nothing_new_is_asked_for_a_while(people, agent, url) -> None:
    """Nobody is worn down."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    await people.approve_next(approves=False, reason="no")
    await waiting
    again = await agent.post(url("docs", "/ask/b"), json=BODY)
    assert told(again)["reason"] == "approvals-cooling"


async def test_all_rules_that_ask_are_satisfied(people, agent, upstream, url) -> None:
    """One rule wants one person, another two: it takes two."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/two/a"), json=BODY))
    asked = (await people.asked())[0]
    assert [ask.rule for ask in asked.asks] == ["asks", "asks-two"]
    await people.decide(asked, reviewer("rita"))
    assert not upstream.seen
    await people.decide(asked, reviewer("ralf"))
    assert (await waiting).status_code == 200


async def test_a_client_that_leaves_withdraws_its_question(gateway, people, upstream, url) -> None:
    """What was asked cannot be approved any more, and never runs."""
    async with gateway.forward(gateway.token()) as client:
        waiting = asyncio.create_task(client.post(url("docs", "/ask/a"), json=BODY))
        asked = (await people.asked())[0]
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await people.stands(asked.id, ApprovalState.WITHDRAWN)
    assert gateway.services.approvals.held == 0
    assert not upstream.seen


async def test_of_two_alike_one_runs(people, agent, upstream, url) -> None:
    """One approval, two requests that wait for it: the other is told that it was used."""
    both = [asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY)) for _ in range(2)]
    await until(lambda: people.gateway.services.approvals.held == 2)
    assert len(await people.asked()) == 1
    await people.approve_next()
    answers = await asyncio.gather(*both)
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    assert next(told(answer)["reason"] for answer in answers if answer.status_code == 403) == "approval-used"
    assert len(upstream.seen) == 1


async def test_an_expired_token_is_judged_at_release(gateway, people, upstream, url) -> None:
    """Whoever asked has to be somebody still."""
    async with gateway.forward(gateway.token(lifetime=5)) as client:
        waiting = asyncio.create_task(client.post(url("docs", "/ask/a"), json=BODY))
        asked = (await people.asked())[0]
        gateway.clock.ahead += 40
        await people.decide(asked)
        answer = await waiting
    assert answer.status_code in (401, 407)
    assert not upstream.seen
    assert (await people.desk.get(asked.id)).state is ApprovalState.APPROVED


async def test_changed_rules_ask_anew(gateway, people, agent, upstream, url) -> None:
    """What was approved under other rules does not run, not even when it is sent again."""
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    asked = (await people.asked())[0]
    file = next((gateway.folder / "rules").glob("*.yaml"))
    file.write_text(file.read_text() + "\n# another word\n")
    before = gateway.services.rules.digest
    await until(lambda: gateway.services.rules.digest != before)
    await people.decide(asked)
    assert told(await waiting)["reason"] == "approval-outdated"
    waiting = asyncio.create_task(agent.post(url("docs", "/ask/a"), json=BODY))
    assert (await people.asked())[0].id != asked.id
    await people.approve_next()
    assert (await waiting).status_code == 200
    assert len(upstream.seen) == 1


# -- tickets


async def test_a_ticket_and_then_exactly_once(gateway, people, agent, upstream, url) -> None:
    """The same request again, as often as one likes, is the same question; approved it passes once."""
    answers = [await agent.post(url("docs", "/ticket/a"), json=BODY) for _ in range(3)]
    found = [told(answer) for answer in answers]
    assert {one["reason"] for one in found} == {"approval-pending"}
    assert len({one["approval"]["id"] for one in found}) == 1
    assert found[0]["approval"]["status"] == f"http://interlock.internal/approvals/{found[0]['approval']['id']}"
    assert "very same call again" in found[0]["detail"]
    await people.approve_next()
    assert not upstream.seen
    statuses = [(await agent.post(url("docs", "/ticket/a"), json=BODY)).status_code for _ in range(2)]
    assert statuses == [200, 403]
    assert len(upstream.seen) == 1


async def test_the_hold_ends_in_a_ticket(start, upstream, url) -> None:
    """When nobody decides in time."""
    async with start(rules={"policy": POLICY.replace("hold: 4s", "hold: 200ms")}) as gateway:
        people = People(gateway)
        async with gateway.forward(gateway.token()) as client:
            answer = await client.post(url("docs", "/ask/a"), json=BODY)
            assert told(answer)["reason"] == "approval-pending"
            await people.approve_next()
            assert (await client.post(url("docs", "/ask/a"), json=BODY)).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"json": {**BODY, "what": "delete"}},
        {"json": {**BODY, "deep": {"list": [1, 2.50001, None]}}},
        {"json": BODY, "headers": {"x-mode": "force"}},
        {"json": BODY, "params": {"a": "1"}},
        {"content": json.dumps(BODY).encode(), "headers": {"content-type": "application/json; charset=utf-8"}},
    ],
)
async def test_anything_else_is_another_question(people, agent, upstream, url, changed: dict[str, Any]) -> None:
    """One byte of the body, one header, one member of the query."""
    await agent.post(url("docs", "/ticket/a"), json=BODY)
    await people.approve_next()
    answer = await agent.post(url("docs", "/ticket/a"), **changed)
    assert told(answer)["reason"] == "approval-pending"
    assert not upstream.seen


async def test_another_principal_gets_nothing(gateway, people, agent, upstream, url) -> None:
    """An approval is for who asked."""
    await agent.post(url("docs", "/ticket/a"), json=BODY)
    await people.approve_next()
    async with gateway.forward(gateway.token(subject="max")) as other:
        answer = await other.post(url("docs", "/ticket/a"), json=BODY)
    assert told(answer)["reason"] == "approval-pending"
    assert not upstream.seen


async def test_what_is_approved_expires(gateway, people, agent, upstream, url) -> None:
    """Then somebody is asked anew."""
    first = told(await agent.post(url("docs", "/ticket/a"), json=BODY))["approval"]["id"]
    await people.approve_next()
    gateway.clock.ahead += 61
    again = told(await agent.post(url("docs", "/ticket/a"), json=BODY))
    assert again["reason"] == "approval-pending"
    assert again["approval"]["id"] != first
    assert not upstream.seen


@pytest.mark.parametrize("name", ["erika", "somebody"])
async def test_a_store_that_says_yes_is_not_enough(gateway, people, agent, upstream, url, name: str) -> None:
    """The gateway asks its own rules who may: not the requester, nor somebody whom `by:` does not name."""
    await agent.post(url("docs", "/ticket/a"), json=BODY)
    asked = (await people.asked())[0]
    who = reviewer(name, "reviewer" if name == "erika" else "reader")
    forged = _forged(asked, who)
    assert await people.desk._store.swap(forged, [_change(asked.id)])
    answer = await agent.post(url("docs", "/ticket/a"), json=BODY)
    assert told(answer)["reason"] == "approval-outdated"
    assert not upstream.seen


def _forged(asked: Any, who: Any) -> Any:
    from dataclasses import replace

    from interlock.model import Vote

    votes = (Vote(who, True, asked.created, ("asks-at-once",)),)
    return replace(asked, state=ApprovalState.APPROVED, votes=votes, version=asked.version + 1)


def _change(id: str) -> Any:
    from interlock.model import Change

    return Change(id, "approved", 0.0)


async def test_too_many_questions_are_refused(agent, url) -> None:
    """Five a principal."""
    answers = [await agent.post(url("docs", f"/ticket/{number}"), json=BODY) for number in range(6)]
    assert [told(answer)["reason"] for answer in answers] == ["approval-pending"] * 5 + ["approvals-full"]


async def test_more_than_may_be_held_get_their_ticket_at_once(start, url) -> None:
    """No queue without an end."""
    rules = {"policy": POLICY, "connections": ""}
    async with start(rules=rules) as gateway:
        limits = gateway.services.rules.gateway.limits
        object.__setattr__(limits, "held", 1)
        people = People(gateway)
        async with gateway.forward(gateway.token()) as client:
            waiting = asyncio.create_task(client.post(url("docs", "/ask/a"), json=BODY))
            await people.asked()
            assert told(await client.post(url("docs", "/ask/b"), json=BODY))["reason"] == "approval-pending"
            for asked in await people.asked(2):
                await people.decide(asked)
            assert (await waiting).status_code == 200


# -- grants


async def test_a_grant_passes_more_of_the_same(gateway, people, agent, upstream, url) -> None:
    """Given straight from an approval: its operation, on its connection, for its holder, and marked so."""
    await agent.post(url("docs", "/ticket/a"), json=BODY)
    grant = await people.grant_next(60)
    answers = [await agent.post(url("docs", f"/ticket/{number}"), json=BODY) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    reasons = [(data["reason"], data.get("grants")) for data in events(gateway, "decision")]
    assert reasons[-1] == ("granted", [grant.id])
    async with gateway.forward(gateway.token(subject="max")) as other:
        assert told(await other.post(url("docs", "/ticket/b"), json=BODY))["reason"] == "approval-pending"
    assert told(await agent.post(url("docs", "/ask/two/b"), json=BODY))["reason"] == "approval-pending"


async def test_a_revoked_grant_ends_what_runs_under_it(gateway, people, upstream, url) -> None:
    """While it waits for its answer, and nothing more passes."""
    sent = asyncio.Event()

    async def slow(seen: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.set()
        await reader.read()

    async with gateway.forward(gateway.token()) as client:
        await client.post(url("docs", "/ticket/a"), json=BODY)
        grant = await people.grant_next(60)
        await until(lambda: gateway.services.approvals.desk.board.any_grants)
        upstream.reply = slow
        waiting = asyncio.create_task(client.post(url("docs", "/ticket/b"), json=BODY))
        await sent.wait()
        await people.desk.revoke(grant.id, reviewer(), "enough")
        assert told(await asyncio.wait_for(waiting, PATIENCE))["reason"] == "permission-ended"
        assert told(await client.post(url("docs", "/ticket/c"), json=BODY))["reason"] == "approval-pending"
    assert [data["state"] for data in events(gateway, "grant")] == ["revoked"]


# -- without a store


async def test_a_store_that_is_down_refuses_reviews_only(gateway, people, agent, upstream, url, monkeypatch) -> None:
    """Permits go on, grants are void, and the evidence stays here."""
    await agent.post(url("docs", "/ticket/a"), json=BODY)
    await people.grant_next(60)

    async def broken(*_: Any, **__: Any) -> Any:
        raise OSError("gone")

    for name in ("add", "grants", "approvals", "approval", "swap", "several"):
        monkeypatch.setattr(people.desk._store, name, broken)
    gateway.clock.ahead += 2.5
    assert (await agent.get(url("docs"))).status_code == 200
    answer = await agent.post(url("docs", "/ticket/b"), json=BODY)
    assert told(answer)["reason"] == "approval-unavailable"
    assert "approval-unavailable" in gateway.reasons()


async def test_a_store_that_cannot_be_opened_is_tried_again(start, tmp_path, url) -> None:
    """The gateway starts, refuses what would be asked, and asks once it can."""
    blocked = tmp_path / "recordings" / "approvals.sqlite"
    blocked.mkdir(parents=True)
    async with start(rules={"policy": POLICY}) as gateway, gateway.forward(gateway.token()) as client:
        assert told(await client.post(url("docs", "/ticket/a"), json=BODY))["reason"] == "approval-unavailable"
        assert (await client.get(url("docs"))).status_code == 200
        blocked.rmdir()
        await until(lambda: gateway.services.approvals.usable)
        assert told(await client.post(url("docs", "/ticket/a"), json=BODY))["reason"] == "approval-pending"


async def test_rules_that_ask_nobody_open_no_store(start, tmp_path) -> None:
    """And pay for none."""
    async with start(rules={}) as gateway:
        assert gateway.services.approvals.wanted  # the harness's own rules ask
    rules = gateway.services.rules
    assert rules.gateway.store == ""


# -- what cannot be shown


async def test_what_a_mask_would_hide_cannot_be_approved(start, url) -> None:
    """What is plain is shown as its kind and length; what has structure could be anything."""
    text = RULES + "  - {id: notes, path: $$.note, with: redact}\n"
    async with start(rules={"policy": POLICY, "text": text}) as gateway, gateway.forward(gateway.token()) as client:
        answer = await client.post(url("docs", "/ticket/a"), json={"note": "a; drop table b --"})
        assert told(answer)["reason"] == "approval-hidden"
        plain = await client.post(url("docs", "/ticket/a"), json={"a": "erika.mustermann@example.com"})
        assert told(plain)["reason"] == "approval-pending"
        shown = (await People(gateway).asked())[0].shown
        assert shown["body"] == {"a": "⟦email, 28 characters⟧"}


@pytest.mark.parametrize("asks", ["operation", "access"])
async def test_nobody_is_asked_for_a_run_that_is_somebody_elses(gateway, people, url, asks: str) -> None:
    """A run id that another principal has is refused before anybody sees the question."""
    async with gateway.forward(gateway.token(), run="one-run") as first:
        waiting = asyncio.create_task(first.post(url("docs", "/ask/mine"), json=BODY))
        await people.asked()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with gateway.forward(gateway.token(subject="max"), run="one-run") as second:
        if asks == "operation":
            refused = await second.post(url("docs", "/ask/theirs"), json=BODY)
        else:
            wish = {"connection": "docs", "operations": ["http.post"], "duration": "5m", "reason": "x"}
            refused = await second.post("http://interlock.internal/access", json=wish)

    assert told(refused)["reason"] == "run-refused"
    assert [one.requester.subject for one in await people.desk.queue()] == ["erika"]
