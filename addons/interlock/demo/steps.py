"""The demo's steps: what an agent tries, what is expected, what came of it. Each uses a real client."""

from __future__ import annotations

from functools import partial

import httpx

from interlock.demo.stage import ANALYST_RUN, READ, TIMEOUT, Seen, Stage, Step, leaks
from interlock.demo.steps_agents import AGENT_STEPS
from interlock.demo.steps_people import PEOPLE_STEPS, WRITE

__all__ = ["STEPS"]

_DELETE = "DELETE FROM customers WHERE id = 2"
_BEHIND = "SELECT 1;\nDROP TABLE customers"
_ESCAPED = rb'{"query": "\u0044R\u004FP TABLE customers"}'


def reads_masked(stage: Stage) -> Seen:
    """The names come, the personal data does not."""
    answer = stage.query(stage.analyst)
    right = answer.status_code == 200 and "Erika Mustermann" in answer.text and not leaks(answer.text)
    row = answer.json()["rows"][0] if right else answer.text[:200]
    return Seen(right, f"{answer.status_code} {row}")


def forbidden(reason: str, sql: str, raw: bytes, stage: Stage) -> Seen:
    """A statement that must not reach the warehouse."""
    before = len(stage.services.warehouse.seen)
    answer = stage.query(stage.analyst, sql, raw=raw)
    untouched = len(stage.services.warehouse.seen) == before
    return Seen(answer.status_code == 403 and untouched and f"({reason})" in answer.text, said(answer))


def said(answer: httpx.Response) -> str:
    """Status and the gateway's own words."""
    try:
        document = answer.json()
    except ValueError:
        return f"{answer.status_code} {answer.text[:200]}"
    detail = document.get("detail") or document.get("error") or document
    return f"{answer.status_code} {detail}"


def without_token(stage: Stage) -> Seen:
    """No token, no answer."""
    answer = stage.query("")
    return Seen(answer.status_code == 401 and "token-missing" in answer.text, said(answer))


def with_expired_token(stage: Stage) -> Seen:
    """An expired token is none."""
    answer = stage.query(stage.services.issuer.token("erika", ["analyst"], lasts=-300, age=600))
    return Seen(answer.status_code == 401 and "token-expired" in answer.text, said(answer))


def through_the_proxy(stage: Stage) -> Seen:
    """The same read by a client that knows only its proxy."""
    proxy = httpx.Proxy(stage.gateway.forward, auth=(ANALYST_RUN, stage.analyst))
    with httpx.Client(proxy=proxy, timeout=TIMEOUT, trust_env=False) as client:
        answer = client.post(f"{stage.services.warehouse.url}/v1/query", json={"query": READ})
    right = answer.status_code == 200 and "Erika Mustermann" in answer.text and not leaks(answer.text)
    return Seen(right, f"{answer.status_code}, masked" if right else said(answer))


def somewhere_else(stage: Stage) -> Seen:
    """A host that belongs to no connection."""
    proxy = httpx.Proxy(stage.gateway.forward, auth=(ANALYST_RUN, stage.analyst))
    with httpx.Client(proxy=proxy, timeout=TIMEOUT, trust_env=False) as client:
        answer = client.get(f"{stage.services.issuer.url}/jwks")
    return Seen(answer.status_code == 403 and "unknown-host" in answer.text, said(answer))


def warehouse_untouched(stage: Stage) -> Seen:
    """What truly reached the warehouse."""
    warehouse = stage.services.warehouse
    right = warehouse.rows == 3 and set(warehouse.ran) == {READ, WRITE}
    return Seen(right, f"{warehouse.rows} customers; it saw {sorted(set(warehouse.ran))}")


STEPS = (
    Step("an analyst reads customers", "200, personal data masked", reads_masked),
    Step("the analyst deletes a row", "403, no rule permits it", partial(forbidden, "no-rule", _DELETE, b"")),
    Step("DROP, with comment and case", "403, blocked", partial(forbidden, "blocked", "dRoP/**/tAbLe customers", b"")),
    Step("DROP, in JSON escapes", "403, blocked", partial(forbidden, "blocked", "", _ESCAPED)),
    Step("DROP, behind a SELECT", "403, blocked", partial(forbidden, "blocked", _BEHIND, b"")),
    Step("no token", "401, token-missing", without_token),
    Step("an expired token", "401, token-expired", with_expired_token),
    Step("the read, through HTTP_PROXY", "200, personal data masked", through_the_proxy),
    Step("a host no rule lists", "403, unknown-host", somewhere_else),
    *AGENT_STEPS,
    *PEOPLE_STEPS,
    Step("what the warehouse saw", "the reads, and what was approved", warehouse_untouched),
)
