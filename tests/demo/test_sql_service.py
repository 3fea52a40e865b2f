"""The warehouse runs what the holder of its credential sends."""

from __future__ import annotations

import httpx

from interlock.demo.people import CUSTOMERS
from interlock.demo.sql_service import SqlService


def test_the_warehouse_wants_its_own_credential() -> None:
    """Without the credential nothing reaches the database."""
    query = {"query": "SELECT name FROM customers"}

    with SqlService("right") as warehouse:
        refused = httpx.post(f"{warehouse.url}/v1/query", json=query)
        headers = {"authorization": "Bearer right"}
        answered = httpx.post(f"{warehouse.url}/v1/query", json=query, headers=headers)

    assert refused.status_code == 401
    assert answered.json()["rows"] == [[row[1]] for row in CUSTOMERS]
    assert warehouse.ran == [query["query"]]


def test_a_dropped_table_shows_in_the_count() -> None:
    """The demo would notice a DROP that got through."""
    with SqlService("right") as warehouse:
        assert warehouse.rows == 3
        query = {"query": "DROP TABLE customers"}
        httpx.post(f"{warehouse.url}/v1/query", json=query, headers={"authorization": "Bearer right"})

        assert warehouse.rows == 0
