"""The reverse placement, by path: every promise of the pipeline, once with each runner."""

from __future__ import annotations

import http.client

import pytest
from tests.e2e.harness import Running

from interlock.demo.people import PERSONAL
from interlock.demo.serving import Reply

READ = {"query": "SELECT * FROM customers"}


def test_an_analyst_reads_and_sees_no_personal_data(gateway: Running) -> None:
    """Authenticated, decided, supplied with the credential, answered masked."""
    with gateway.direct(gateway.world.token("analyst")) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", json=READ)

    assert answer.status_code == 200
    assert "Erika Mustermann" in answer.text
    assert [value for value in PERSONAL if value in answer.text] == []
    assert gateway.world.services.warehouse.ran == [READ["query"]]


def test_the_agents_token_never_reaches_the_upstream(gateway: Running) -> None:
    """The upstream sees the gateway's credential and nothing of the agent's."""
    token = gateway.world.token("analyst")
    headers = {"x-api-key": token, "cookie": f"session={token}", "x-forwarded-for": "203.0.113.9"}
    with gateway.direct(token, **headers) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", json=READ)

    assert answer.status_code == 200
    (arrived,) = gateway.world.services.warehouse.seen
    assert arrived.header("authorization") == f"Bearer {gateway.world.services.warehouse_credential}"
    assert token not in repr(arrived.headers)
    assert not {"x-api-key", "cookie", "x-forwarded-for"} & {name for name, _ in arrived.headers}
    assert not [name for name, _ in arrived.headers if name.startswith(("x-interlock", "proxy-"))]


@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO customers (id, name) VALUES (9, 'Nobody')",
        "drop/**/table customers",
        "SELECT 1; DrOp TaBlE customers",
        "/* harmless */ WITH x AS (SELECT 1) DELETE FROM customers",
        "SELECT * FROM customers; --\nDROP TABLE customers",
    ],
)
def test_what_is_not_a_read_is_refused_before_it_leaves(gateway: Running, query: str) -> None:
    """Writes and disguised DROPs never reach the warehouse; the answer says why and where to look."""
    with gateway.direct(gateway.world.token("analyst")) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": query})

    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "reference" in answer.text.lower()
    assert gateway.world.services.warehouse.seen == []


def test_json_escapes_do_not_hide_a_statement(gateway: Running) -> None:
    """The member is judged as the receiver parses it."""
    body = rb'{"query": "\u0044\u0052OP TABLE customers"}'
    with gateway.direct(gateway.world.token("analyst"), **{"content-type": "application/json"}) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", content=body)

    assert answer.status_code == 403
    assert gateway.world.services.warehouse.seen == []


def test_a_body_in_chunks_is_judged_as_a_whole(gateway: Running) -> None:
    """Chunked transfer cannot cut a statement apart."""
    pieces = [b'{"que', b'ry": "DR', b"OP TABLE cust", b'omers"}']
    with gateway.direct(gateway.world.token("analyst"), **{"content-type": "application/json"}) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", content=iter(pieces))

    assert answer.status_code == 403
    assert gateway.world.services.warehouse.seen == []


@pytest.mark.parametrize(
    "body",
    [b'{"query": "SELECT 1", "query": "DROP TABLE customers"}', b'{"query": "SELECT 1"} trailing', b"", b"\xff\xfe"],
)
def test_a_body_that_can_be_read_in_two_ways_is_refused(gateway: Running, body: bytes) -> None:
    """Duplicate members, trailing bytes, nothing at all: what cannot be judged cannot pass."""
    with gateway.direct(gateway.world.token("analyst"), **{"content-type": "application/json"}) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", content=body)

    assert 400 <= answer.status_code < 500
    assert gateway.world.services.warehouse.seen == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("none", "token-missing"), ("expired", "token-expired"), ("forged", "token-"), ("audience", "token-audience")],
)
def test_without_a_good_token_nothing_passes(gateway: Running, kind: str, reason: str) -> None:
    """401, the check that failed in words, and a challenge."""
    tokens = {
        "none": "",
        "expired": gateway.world.token("analyst", lasts=-120, age=300),
        "forged": gateway.world.token("analyst")[:-8] + "AAAAAAAA",
        "audience": gateway.world.token("analyst", aud="another-service"),
    }
    with gateway.direct(tokens[kind]) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", json=READ)

    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    assert reason in answer.text
    assert not tokens[kind] or tokens[kind] not in answer.text
    assert gateway.world.services.warehouse.seen == []


def test_another_group_gets_nothing(gateway: Running) -> None:
    """Nothing matches, so it is forbidden."""
    with gateway.direct(gateway.world.token("guests")) as client:
        answer = client.post(f"{gateway.at('warehouse')}/v1/query", json=READ)

    assert answer.status_code == 403
    assert "no-rule" in answer.text
    assert gateway.world.services.warehouse.seen == []


@pytest.mark.parametrize(
    "path",
    [
        "/connections/nowhere/v1/query",
        "/connections/warehouse/../claude/v1/messages",
        "/connections/warehouse/%2e%2e/claude/v1/messages",
        "/connections%2Fwarehouse/v1/query",
        "//connections/warehouse/v1/query",
        "/v1/query",
    ],
)
def test_a_target_outside_or_in_doubt_goes_nowhere(gateway: Running, path: str) -> None:
    """The raw target routes, before any decoding; what is ambiguous is refused."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.ports.reverse, timeout=60)
    headers = {"authorization": f"Bearer {gateway.world.token('analyst')}", "content-type": "application/json"}
    connection.request("POST", path, b'{"query": "SELECT 1"}', headers)
    status = connection.getresponse().status
    connection.close()

    assert 400 <= status < 500
    assert gateway.world.services.warehouse.seen == []
    assert gateway.world.services.model.seen == []


def test_plain_documents_are_masked_too(gateway: Running) -> None:
    """Text and JSON alike."""
    gateway.world.plain.reply = Reply(
        body=b"Write to erika.mustermann@example.com soon.", content_type="text/plain; charset=utf-8"
    )
    with gateway.direct(gateway.world.token("analyst")) as client:
        answer = client.get(f"{gateway.at('plain')}/documents/letter")

    assert answer.status_code == 200
    assert answer.text.startswith("Write to ")
    assert "erika.mustermann@example.com" not in answer.text


def test_an_answer_that_cannot_be_read_does_not_pass(gateway: Running) -> None:
    """What cannot be masked cannot be handed on."""
    gateway.world.plain.reply = Reply(body=b'{"email": "erika.mustermann@example.com"')
    with gateway.direct(gateway.world.token("analyst")) as client:
        answer = client.get(f"{gateway.at('plain')}/documents/broken")

    assert answer.status_code == 502
    assert "erika" not in answer.text
