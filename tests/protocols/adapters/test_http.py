"""Plain HTTP: method and path, and the commands that a connection says lie in its bodies."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock import commands
from interlock.errors import BodyRejected, Refused
from interlock.model import Access, BodyState, Exchange, Operation, Origin, Side
from interlock.protocols.adapters.http import PART
from interlock.protocols.body import read_json
from interlock.reasons import Reason
from interlock.settings import Connection

type Make[T] = Callable[..., T]

PLACE = ("POST /v1/query", "$.query", "sql", "postgres", ["$.params", "$.timeout"])


def only(found: tuple[Operation, ...]) -> Operation:
    """The one operation."""
    (operation,) = found
    return operation


@pytest.mark.parametrize(
    ("method", "access"),
    [
        ("GET", Access.READ),
        ("HEAD", Access.READ),
        ("POST", Access.WRITE),
        ("DELETE", Access.WRITE),
        ("PURGE", Access.UNKNOWN),
    ],
)
def test_a_request_is_its_method_and_path(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], method: str, access: Access
) -> None:
    """The path is canonical, the query an argument; an unknown method is of unknown access."""
    found = only(PART.operations(request_of(method, "/%61/b?x=1&x=2&y"), connection(), None, analyse))

    assert (found.name, found.resource, found.access) == (f"http.{method.lower()}", "/a/b", access)
    assert found.arguments == {"method": method, "path": "/a/b", "query": {"x": ["1", "2"], "y": [""]}}
    assert not found.covered


@pytest.mark.parametrize("method", ["get", "Get", "GET ", "", "G\x00T", "A" * 40])
def test_a_method_in_another_spelling_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], method: str
) -> None:
    """`get` is not GET, but some servers think so."""
    with pytest.raises(Refused) as caught:
        PART.operations(request_of(method, "/"), connection(), None, analyse)

    assert caught.value.reason is Reason.MALFORMED_REQUEST


def test_ambiguous_targets_and_endless_queries_are_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> None:
    """Before any rule sees them."""
    for target, reason in (("/a/..", Reason.AMBIGUOUS_TARGET), ("/?" + "a&" * 600, Reason.MALFORMED_REQUEST)):
        with pytest.raises(Refused) as caught:
            PART.operations(request_of("GET", target), connection(), None, analyse)
        assert caught.value.reason is reason


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-www-form-urlencoded"])
def test_a_command_is_nested_and_covered(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], kind: str
) -> None:
    """JSON by its bytes, whatever the type says; `also` may stand beside it."""
    body = b'{"query":"SELECT 1","params":{"a":[1,{}]},"timeout":5}'
    exchange = request_of("POST", "/v1/%71uery", body, content_type=kind)
    found = only(PART.operations(exchange, connection(PLACE), read_json(body), analyse))

    assert PART.reads(exchange, connection(PLACE))
    assert found.covered
    (nested,) = found.nested
    assert (nested.protocol, nested.text, nested.place) == ("sql", "SELECT 1", "/query")
    assert nested.arguments["dialect"] == "postgres"


def test_the_same_request_again_is_the_same_operation(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """What was made of it is found by its identity; another method, path, query or command is another one."""

    def read(method: str, target: str, query: str = "SELECT 1") -> Operation:
        body = b'{"query":"%b"}' % query.encode()
        exchange, document = request_of(method, target, body), read_json(body)
        place = connection((f"{method} /v1/query", "$.query", "sql", "postgres", []))
        return only(PART.operations(exchange, place, document, commands.analyse))

    first = read("POST", "/v1/query")
    assert read("POST", "/v1/query") is first
    others = [read("PUT", "/v1/query"), read("POST", "/v1/query", "SELECT 2"), read("POST", "/v1/query?a=b")]
    assert len({*map(id, (first, *others))}) == 4
    assert [other.action for other in others] == ["put", "post", "post"]
    assert others[2].arguments["query"] == {"a": ["b"]}
    assert not others[2].covered


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/v1/query", b'{"query":"SELECT 1","role":"admin"}'),
        ("/v1/query", b'{"query":"SELECT 1","extra":{}}'),
        ("/v1/query", b'{"query":"SELECT 1","extra":[]}'),
        ("/v1/query", b'{"query":"SELECT 1","extra":null}'),
        ("/v1/query?database=prod", b'{"query":"SELECT 1"}'),
        ("/v1/query", b'{"params":{}}'),
        ("/v1/query", b'{"query":[]}'),
        ("/v1/query", b"{}"),
        ("/v1/query", b"null"),
        ("/v1/query", b'["SELECT 1"]'),
        ("/v1/other", b'{"query":"SELECT 1"}'),
    ],
)
def test_what_could_change_the_meaning_uncovers(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], target: str, body: bytes
) -> None:
    """Another member, a query, no command: the request needs a rule of its own."""
    found = only(PART.operations(request_of("POST", target, body), connection(PLACE), read_json(body), analyse))

    assert not found.covered


@pytest.mark.parametrize("command", [b"7", b"null", b'{"$sql":"DROP"}', b'["DROP",7]'])
def test_a_command_that_is_no_text_is_refused(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], command: bytes
) -> None:
    """It is not skipped."""
    body = b'{"query":' + command + b"}"
    with pytest.raises(BodyRejected) as caught:
        PART.operations(request_of("POST", "/v1/query", body), connection(PLACE), read_json(body), analyse)

    assert caught.value.reason is Reason.BODY_UNPARSABLE


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"query=DROP+TABLE+x", {}, Reason.BODY_UNPARSABLE),
        (b"", {}, Reason.BODY_UNPARSABLE),
        (b'{"query":"SELECT 1","query":"DROP"}', {}, Reason.BODY_AMBIGUOUS),
        (b'{"query":"SELECT 1","Query":"DROP"}', {}, Reason.BODY_AMBIGUOUS),
        (b'{"query":"SELECT 1"}', {"content_type": "multipart/form-data"}, Reason.BODY_AMBIGUOUS),
    ],
)
def test_a_body_that_hides_a_command_is_refused(
    request_of: Make[Exchange],
    connection: Make[Connection],
    analyse: Make[None],
    body: bytes,
    headers: dict[str, str],
    reason: Reason,
) -> None:
    """Also when nobody has read it before."""
    with pytest.raises(BodyRejected) as caught:
        PART.operations(request_of("POST", "/v1/query", body, **headers), connection(PLACE), None, analyse)

    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (BodyState.TOO_LARGE, Reason.BODY_TOO_LARGE),
        (BodyState.STREAMED, Reason.BODY_UNPARSABLE),
        (BodyState.UNREADABLE, Reason.BODY_UNPARSABLE),
    ],
)
def test_a_body_that_is_not_whole_is_refused(
    connection: Make[Connection], analyse: Make[None], state: BodyState, reason: Reason
) -> None:
    """Commands beyond a prefix would pass unseen."""
    origin = Origin("https", "example.com", 443)
    exchange = Exchange(Side.REQUEST, "c", "POST", origin, "/v1/query", (), b'{"query":"SELECT 1"}', state)

    with pytest.raises(BodyRejected) as caught:
        PART.operations(exchange, connection(PLACE), None, analyse)

    assert caught.value.reason is reason


def test_several_places_speak_together(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> None:
    """Each in its language; a list of statements is judged one by one."""
    places = (("POST /**", "$.jobs[*].sql", "sql", "", []), ("POST /**", "$.jobs[*].run", "shell", "", []))
    body = b'{"jobs":[{"sql":["SELECT 1","DROP TABLE x"]},{"run":["rm","-rf","/"]}]}'
    found = only(PART.operations(request_of("POST", "/x", body), connection(*places), read_json(body), analyse))

    assert found.covered
    assert [(nested.protocol, nested.text, nested.place) for nested in found.nested] == [
        ("sql", "SELECT 1", "/jobs/0/sql/0"),
        ("sql", "DROP TABLE x", "/jobs/0/sql/1"),
        ("shell", "rm -rf /", "/jobs/1/run/0"),
    ]


def test_replies_need_no_reading(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """Nothing of a plain answer is run by the agent."""
    assert PART.reply(request_of("GET", "/"), connection()) is None
    assert not PART.protected({"id": 1})(("id",))
    assert not PART.reads(request_of("GET", "/"), connection())
