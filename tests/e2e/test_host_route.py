"""One reverse listener that tells connections apart by the Host header."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.e2e.harness import BY_HOST, Running, World, start

from interlock.demo.people import PERSONAL
from interlock.demo.processes import RUNNERS

READ = {"query": "SELECT * FROM customers"}


@pytest.fixture(scope="module", params=RUNNERS)
def by_host(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A gateway whose rules say `route: host`, once with each runner."""
    with start(world, tmp_path_factory.mktemp("host"), request.param, template=BY_HOST) as running:
        yield running


@pytest.fixture(autouse=True)
def _forget(world: World) -> None:
    world.forget()


def test_the_host_header_chooses_the_connection(by_host: Running) -> None:
    """One listener, the warehouse's own name: judged and masked as the warehouse."""
    warehouse = by_host.world.services.warehouse
    host = warehouse.url.partition("://")[2]
    with by_host.direct(by_host.world.token("analyst"), host=host) as client:
        answer = client.post(f"{by_host.reverse}/v1/query", json=READ)

    assert answer.status_code == 200, answer.text
    assert [value for value in PERSONAL if value in answer.text] == []
    assert warehouse.ran == [READ["query"]]


def test_another_name_is_another_connection(by_host: Running) -> None:
    """The same path under another Host goes to the other upstream, with that one's rules."""
    with by_host.direct(by_host.world.token("analyst"), host="localhost") as client:
        document = client.get(f"{by_host.reverse}/documents/1")
        query = client.post(f"{by_host.reverse}/v1/query", json=READ)

    assert (document.status_code, query.status_code) == (200, 403)
    assert [arrived.target for arrived in by_host.world.tls.seen] == ["/documents/1"]
    assert by_host.world.services.warehouse.seen == []


@pytest.mark.parametrize("host", ["elsewhere.example.com", "127.0.0.2", "localhost.example.com", "127.0.0.1@localhost"])
def test_an_unknown_host_goes_nowhere(by_host: Running, host: str) -> None:
    """A Host of no connection is refused."""
    with by_host.direct(by_host.world.token("analyst"), host=host) as client:
        answer = client.post(f"{by_host.reverse}/v1/query", json=READ)

    assert 400 <= answer.status_code < 500
    assert by_host.world.services.warehouse.seen == by_host.world.tls.seen == []


def test_a_path_prefix_is_not_a_route_here(by_host: Running) -> None:
    """By host or by path, never both on one listener."""
    with by_host.direct(by_host.world.token("analyst"), host="localhost") as client:
        answer = client.post(f"{by_host.reverse}/connections/warehouse/v1/query", json=READ)

    assert answer.status_code == 403
    assert by_host.world.services.warehouse.seen == by_host.world.tls.seen == []
