"""A request goes to exactly one connection, or nowhere."""

from __future__ import annotations

import pytest

from interlock.engine.routing import Router
from interlock.errors import Refused
from interlock.model import Origin
from interlock.reasons import Reason
from interlock.settings import Connection

WAREHOUSE = Origin("https", "warehouse.example.com", 8443)
SECOND = Origin("http", "warehouse.example.com", 8080)
API = Origin("https", "api.example.com", 443)
CONNECTIONS = (
    Connection("warehouse", "http", (WAREHOUSE,)),
    Connection("plain", "http", (SECOND,)),
    Connection("api", "http", (API,)),
)
ROUTER = Router(CONNECTIONS)


def test_forward_goes_by_the_whole_origin() -> None:
    """Scheme, host and port; anything else is unknown."""
    assert ROUTER.forward(WAREHOUSE, "/x?y").connection.name == "warehouse"
    for origin in (
        Origin("http", "warehouse.example.com", 8443),
        Origin("https", "warehouse.example.com", 443),
        Origin("https", "other.example.com", 443),
    ):
        with pytest.raises(Refused) as caught:
            ROUTER.forward(origin, "/")
        assert caught.value.reason is Reason.UNKNOWN_HOST


def test_reverse_goes_by_the_raw_path() -> None:
    """The prefix is taken off, query and escapes stay as they came."""
    route = ROUTER.by_path("/connections/api/v1/a%20b?x=%2F")
    assert (route.connection.name, route.target, route.prefix) == ("api", "/v1/a%20b?x=%2F", "/connections/api")
    assert ROUTER.by_path("/connections/api").target == "/"


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/connections/nowhere/x", Reason.UNKNOWN_HOST),
        ("/connections/api/../warehouse/x", Reason.AMBIGUOUS_TARGET),
        ("/connections/api%2fx", Reason.AMBIGUOUS_TARGET),
        ("/connections//api/x", Reason.AMBIGUOUS_TARGET),
        ("/other", Reason.NOT_FOUND),
    ],
)
def test_targets_that_lead_elsewhere_or_nowhere_are_refused(target: str, reason: Reason) -> None:
    """What two servers could read differently is never repaired."""
    with pytest.raises(Refused) as caught:
        ROUTER.by_path(target)
    assert caught.value.reason is reason


def test_by_host_one_host_is_one_connection() -> None:
    """A host that two connections share cannot be told by its name."""
    assert ROUTER.by_host("api.example.com", "/x").origin == API
    with pytest.raises(Refused) as caught:
        ROUTER.by_host("warehouse.example.com", "/x")
    assert caught.value.reason is Reason.AMBIGUOUS_TARGET
    with pytest.raises(Refused) as caught:
        ROUTER.by_host("elsewhere.example.com", "/x")
    assert caught.value.reason is Reason.UNKNOWN_HOST


def test_only_what_a_connection_lists_is_dialled() -> None:
    """Host, port, and whether TLS is spoken."""
    assert ROUTER.dial("warehouse.example.com", 8443, tls=True).name == "warehouse"
    assert ROUTER.tunnels_to("api.example.com", 443)
    assert not ROUTER.tunnels_to("api.example.com", 80)
    for port, tls in ((8443, False), (8080, True), (443, True)):
        with pytest.raises(Refused) as caught:
            ROUTER.dial("warehouse.example.com", port, tls=tls)
        assert caught.value.reason is Reason.UNKNOWN_HOST


@pytest.mark.parametrize(
    ("location", "seen"),
    [
        ("https://api.example.com/next?a", "/connections/api/next?a"),
        ("https://api.example.com:443/next", "/connections/api/next"),
        ("https://api.example.com", "/connections/api/"),
        ("https://warehouse.example.com:8443/x", "/connections/warehouse/x"),
        ("/next", "/connections/api/next"),
        ("https://api.example.com.evil.example/", None),
        ("https://elsewhere.example.com/", None),
        ("//elsewhere.example.com/", None),
        ("next", None),
    ],
)
def test_an_upstreams_redirect_is_spelled_as_the_client_knows_it(location: str, seen: str | None) -> None:
    """By path: to the connection's prefix; what leads to no connection is left alone."""
    assert ROUTER.reflect(ROUTER.by_path("/connections/api/"), location) == seen


def test_by_host_a_redirect_within_the_origin_loses_its_host() -> None:
    """The client's own Host stays; another connection's origin is left alone."""
    route = ROUTER.by_host("api.example.com", "/")
    assert ROUTER.reflect(route, "https://api.example.com/next") == "/next"
    assert ROUTER.reflect(route, "https://warehouse.example.com:8443/x") is None
