"""The GraphQL adapter."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.model import JSON, Access, Exchange, Operation, Refusal
from interlock.protocols.adapters.graphql import PART
from interlock.reasons import Reason
from interlock.settings import Connection

type Make[T] = Callable[..., T]
REFUSAL = Refusal(str(Reason.FORBIDDEN), "a rule forbids it", "Ask for it.", "REF", "graphql.mutation:drop")


def judged(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], body: JSON, target: str = "/graphql"
) -> tuple[Operation, ...]:
    """The operations of a JSON request."""
    exchange = request_of("POST", target, json.dumps(body).encode(), content_type="application/json")
    return PART.operations(exchange, connection(), None, analyse)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{ me other }"}, [("graphql.query:me", Access.READ), ("graphql.query:other", Access.READ)]),
        ({"query": "mutation { drop }"}, [("graphql.mutation:drop", Access.WRITE)]),
        ({"query": "subscription { t }"}, [("graphql.subscription:t", Access.READ)]),
        ({"query": "query A { a } mutation B { b }", "operationName": "A"},
         [("graphql.query:a", Access.READ), ("graphql.mutation:b", Access.WRITE)]),
        ([{"query": "{ a }"}, {"query": "mutation { b }"}],
         [("graphql.query:a", Access.READ), ("graphql.mutation:b", Access.WRITE)]),
        ({"id": "abc"}, [("graphql.stored:abc", Access.UNKNOWN)]),
    ],
)  # fmt: skip
def test_each_field_is_an_operation(
    request_of: Make[Exchange],
    connection: Make[Connection],
    analyse: Make[None],
    body: JSON,
    expected: list[tuple[str, Access]],
) -> None:
    """By what it is called, whatever its alias."""
    found = judged(request_of, connection, analyse, body)
    assert [(one.name, one.access) for one in found] == expected


def test_arguments_are_those_rules_can_use(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> None:
    """Field, operation, arguments with variables, what is selected."""
    body = {"query": "query Q($i: ID) { customer(id: $i) { name ssn } }", "variables": {"i": "7"}}
    (found,) = judged(request_of, connection, analyse, body)
    assert found.resource == "customer"
    assert found.arguments == {
        "field": "customer", "operation": "Q", "arguments": {"id": "7"}, "fields": ["name", "ssn"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"query": '{ run(sql: "DROP TABLE x") }'}, ["/query"]),
        ({"query": '{ a { run(command: "rm -rf /") } }'}, ["/query"]),
        ({"query": "query($s: String) { run(sql: $s) }", "variables": {"s": "DROP TABLE x"}}, ["/query"]),
        ({"query": "{ run }", "variables": {"sql": "DROP TABLE x"}}, ["/variables/sql"]),
    ],
)
def test_commands_in_arguments_are_nested(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], body: JSON, places: list[str]
) -> None:
    """By name, as in a tool call."""
    found = judged(request_of, connection, analyse, body)
    assert [one.place for top in found for one in top.walk() if one.protocol in ("sql", "shell")] == places


def test_commands_at_named_places_are_found(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> None:
    """What the connection says counts as well."""
    exchange = request_of(
        "POST", "/graphql", b'{"query":"{a}","variables":{"x":"DROP"}}', content_type="application/json"
    )
    place = ("POST /graphql", "$.variables.x", "sql", "postgres", [])
    found = PART.operations(exchange, connection(place), None, analyse)
    assert [(one.name, one.text) for one in found] == [("graphql.query:a", ""), ("sql.said", "DROP")]


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/graphql?debug=1", {"query": "{ a }"}),
        ("/graphql", {"query": "{ a }", "debug": True}),
        ("/api", {"query": "{ a }"}),
        ("/graphql", {"query": "{ a }", "_method": "DELETE"}),
    ],
)
def test_what_is_more_than_graphql_needs_a_rule_for_http(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], target: str, body: JSON
) -> None:
    """With what it asks nested in it."""
    exchange = request_of("POST", target, json.dumps(body).encode(), content_type="application/json")
    found = PART.operations(exchange, connection(), json.loads(exchange.body), analyse)
    assert [one.name for one in found[0].walk()] == ["http.post", "graphql.query:a"]


@pytest.mark.parametrize(("method", "target"), [("GET", "/graphql"), ("DELETE", "/graphql"), ("GET", "/health")])
def test_what_is_no_graphql_is_http(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], method: str, target: str
) -> None:
    """The page of an explorer, other endpoints."""
    (found,) = PART.operations(request_of(method, target), connection(), None, analyse)
    assert found.protocol == "http"


def test_a_query_in_the_target_is_judged(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> None:
    """A mutation sent with GET too."""
    (found,) = PART.operations(request_of("GET", "/graphql?query=mutation%7Bdrop%7D"), connection(), None, analyse)
    assert found.name == "graphql.mutation:drop"


def test_a_refusal_is_an_error_that_clients_show(request_of: Make[Exchange]) -> None:
    """200 where they take JSON; as many as a batch has; its own type and status where they ask for that."""
    answer = PART.refuse(request_of("POST", "/graphql", b'{"query":"{a}"}'), REFUSAL)
    (error,) = json.loads(answer.body)["errors"]
    assert (answer.status, error["extensions"]) == (
        200,
        {"code": "FORBIDDEN", "reason": "forbidden", "reference": "REF"},
    )
    assert "Ask for it." in error["message"]
    batch = PART.refuse(request_of("POST", "/graphql", b'[{"query":"{a}"},{"query":"{b}"}]'), REFUSAL)
    assert len(json.loads(batch.body)) == 2
    own = PART.refuse(request_of("POST", "/graphql", b"{}", accept="application/graphql-response+json"), REFUSAL)
    assert (own.status, dict(own.headers)["content-type"]) == (403, "application/graphql-response+json")
    unproved = Refusal(str(Reason.TOKEN_MISSING), "no token was presented", "", "REF", "")
    assert PART.refuse(request_of("POST", "/graphql"), unproved).status == 401


def test_json_is_demanded_where_graphql_is_spoken(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """A form or an upload is read otherwise."""
    assert PART.reads(request_of("POST", "/graphql", b"{}", content_type="application/json"), connection())
    assert PART.reads(request_of("POST", "/graphql", b"{}"), connection())
    assert not PART.reads(request_of("POST", "/graphql", b"x", content_type="multipart/form-data"), connection())
    assert not PART.reads(request_of("POST", "/health", b"x", content_type="application/json"), connection())
