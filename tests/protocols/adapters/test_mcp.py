"""MCP in both eras: captured requests, batches, headers that tell another story, refusals."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected, InterlockError
from interlock.model import JSON, Access, BodyState, Exchange, Operation, Origin, Refusal, Side
from interlock.protocols.adapters.mcp import PART
from interlock.reasons import Reason
from interlock.settings import Connection

type Make[T] = Callable[..., T]

REFUSAL = Refusal("blocked", "a rule forbids it", "Ask a person.", "run/7", "sql.ddl")


def rpc(method: str, identifier: JSON = 1, **params: JSON) -> dict[str, JSON]:
    """One JSON-RPC request."""
    return {"jsonrpc": "2.0", "id": identifier, "method": method, "params": params}


@pytest.fixture
def judged(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]
) -> Make[tuple[Operation, ...]]:
    """The operations of a POST with this body."""

    def judge(
        body: JSON | bytes, target: str = "/mcp", places: tuple[object, ...] = (), **headers: str
    ) -> tuple[Operation, ...]:
        raw = body if type(body) is bytes else json.dumps(body).encode()
        exchange = request_of("POST", target, raw, **headers)
        return PART.operations(exchange, connection(*places), None, analyse)

    return judge


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude-code-mcp/02.POST.request.json", ["mcp.connect"]),
        ("claude-code-mcp/03.POST.request.json", ["mcp.listen"]),
        ("claude-code-mcp/04.POST.request.json", ["mcp.list"]),
        ("claude-code-mcp/06.POST.request.json", ["mcp.list"]),
        ("claude-code-mcp/08.POST.request.json", ["mcp.call:execute_sql", "sql.said"]),
        ("mcp-python-2025-11-25/00.POST.request.json", ["mcp.connect"]),
        ("mcp-python-2025-11-25/01.POST.request.json", ["mcp.connect"]),
        ("mcp-python-2025-11-25/03.POST.request.json", ["mcp.list"]),
        ("mcp-python-2025-11-25/04.POST.request.json", ["mcp.call:execute_sql", "sql.said"]),
        ("mcp-python-2026-07-28/00.POST.request.json", ["mcp.connect"]),
        ("mcp-python-2026-07-28/01.POST.request.json", ["mcp.list"]),
        ("mcp-python-2026-07-28/02.POST.request.json", ["mcp.call:execute_sql", "sql.said"]),
    ],
)
def test_captured_requests(
    capture: Make[bytes], judged: Make[tuple[Operation, ...]], name: str, expected: list[str]
) -> None:
    """Both eras, two clients."""
    (found,) = judged(capture(name))

    assert [part.name for part in found.walk()] == expected
    assert not found.covered


def test_a_call_has_its_arguments_and_place(judged: Make[tuple[Operation, ...]]) -> None:
    """And its SQL where it stands."""
    (found,) = judged(rpc("tools/call", name="execute_sql", arguments={"query": "DROP TABLE x", "database": "prod"}))
    (nested,) = found.nested

    assert (found.resource, found.access) == ("execute_sql", Access.WRITE)
    assert found.arguments == {"query": "DROP TABLE x", "database": "prod"}
    assert (nested.text, nested.place, nested.agent) == ("DROP TABLE x", "/params/arguments/query", False)


@pytest.mark.parametrize(
    ("method", "name", "access"),
    [
        ("initialize", "mcp.connect", Access.READ),
        ("ping", "mcp.connect", Access.READ),
        ("notifications/initialized", "mcp.connect", Access.READ),
        ("prompts/list", "mcp.list", Access.READ),
        ("resources/templates/list", "mcp.list", Access.READ),
        ("completion/complete", "mcp.complete", Access.READ),
        ("logging/setLevel", "mcp.log", Access.WRITE),
        ("subscriptions/listen", "mcp.listen", Access.READ),
        ("tasks/steal", "mcp.unknown:tasks/steal", Access.UNKNOWN),
        ("Tools/Call", "mcp.unknown:Tools/Call", Access.UNKNOWN),
        ("tools/call ", None, Access.UNKNOWN),
        ("", None, Access.UNKNOWN),
    ],
)
def test_methods_have_names(judged: Make[tuple[Operation, ...]], method: str, name: str | None, access: Access) -> None:
    """What is not known is UNKNOWN by name; what is no name is refused."""
    if name is None:
        with pytest.raises(BodyRejected):
            judged(rpc(method))
        return
    (found,) = judged(rpc(method))
    assert (found.name, found.access) == (name, access)


def test_reads_and_prompts_name_their_resource(judged: Make[tuple[Operation, ...]]) -> None:
    """For rules with globs."""
    assert judged(rpc("resources/read", uri="db://x"))[0].resource == "db://x"
    assert judged(rpc("prompts/get", name="p"))[0].resource == "p"


def test_a_batch_hides_nothing(judged: Make[tuple[Operation, ...]]) -> None:
    """Each item is judged, at its place; answers to the server are operations too."""
    call = rpc("tools/call", 2, name="run", arguments={"command": "rm -rf /"})
    found = judged([rpc("ping"), call, {"jsonrpc": "2.0", "id": 3, "result": {"x": 1}}])

    assert [operation.name for operation in found] == ["mcp.connect", "mcp.call:run", "mcp.respond"]
    assert found[1].nested[0].place == "/1/params/arguments/command"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], Reason.BODY_UNPARSABLE),
        ([rpc("ping"), 7], Reason.BODY_UNPARSABLE),
        ([[rpc("ping")]], Reason.BODY_UNPARSABLE),
        ("ping", Reason.BODY_UNPARSABLE),
        ({"method": "ping", "id": 1}, Reason.BODY_UNPARSABLE),
        ({"jsonrpc": "1.0", "method": "ping"}, Reason.BODY_UNPARSABLE),
        ({"jsonrpc": "2.0", "method": 7}, Reason.BODY_UNPARSABLE),
        ({"jsonrpc": "2.0", "id": 1}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "result": {}}, Reason.BODY_UNPARSABLE),
        ({"jsonrpc": "2.0", "id": 1, "result": {}, "error": {}}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "id": {"a": 1}}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "id": True}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "id": 1.0}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "id": 1 << 1025}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "id": None}, Reason.BODY_AMBIGUOUS),
        ({"jsonrpc": "2.0", "result": {}}, Reason.BODY_UNPARSABLE),
        ([rpc("ping", 1), rpc("tools/list", 1)], Reason.BODY_AMBIGUOUS),
        ([rpc("ping", 1), rpc("tools/list", "1")], Reason.BODY_AMBIGUOUS),
        ({**rpc("ping"), "extra": 1}, Reason.BODY_AMBIGUOUS),
        (rpc("tools/call"), Reason.BODY_UNPARSABLE),
        (rpc("tools/call", name=7), Reason.BODY_UNPARSABLE),
        (rpc("tools/call", name="a b"), Reason.BODY_UNPARSABLE),
        (rpc("tools/call", name="x", arguments=[1]), Reason.BODY_UNPARSABLE),
        ({**rpc("tools/call"), "params": ["x"]}, Reason.BODY_UNPARSABLE),
        ({**rpc("ping"), "params": "x"}, Reason.BODY_UNPARSABLE),
        (b'{"jsonrpc":"2.0","method":"tools/call","params":{"name":"a","Name":"b"}}', Reason.BODY_AMBIGUOUS),
        (b'{"jsonrpc":"2.0","method":"ping","method":"tools/call"}', Reason.BODY_AMBIGUOUS),
        (b"", Reason.BODY_UNPARSABLE),
    ],
)
def test_messages_with_two_readings_are_refused(
    judged: Make[tuple[Operation, ...]], body: JSON | bytes, reason: Reason
) -> None:
    """Empty batches, double members, both a request and an answer."""
    with pytest.raises(BodyRejected) as caught:
        judged(body)

    assert caught.value.reason is reason


def test_headers_that_agree_pass(judged: Make[tuple[Operation, ...]]) -> None:
    """As the 2026 era sends them, base64 for names outside ASCII."""
    body = rpc("resources/read", uri="db://ü")

    assert judged(body, mcp_method="resources/read", mcp_name="=?base64?ZGI6Ly/DvA==?=")
    assert judged(rpc("tools/list"), mcp_method="tools/list")


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (rpc("tools/call", name="drop"), {"mcp_method": "tools/list"}),
        (rpc("tools/call", name="drop"), {"mcp_method": "tools/call", "mcp_name": "read"}),
        (rpc("tools/call", name="drop"), {"mcp_name": "DROP"}),
        (rpc("tools/call", name="drop"), {"mcp_name": "=?base64?!?="}),
        (rpc("tools/call", name="drop"), {"mcp_name": "=?base64?/w==?="}),
        (rpc("tools/list"), {"mcp_name": "read"}),
        ([rpc("tools/list")], {"mcp_method": "tools/list"}),
    ],
)
def test_headers_that_tell_another_story_are_refused(
    judged: Make[tuple[Operation, ...]], body: JSON, headers: dict[str, str]
) -> None:
    """Some server or gateway behind us might go by them."""
    with pytest.raises(BodyRejected) as caught:
        judged(body, **headers)

    assert caught.value.reason is Reason.BODY_AMBIGUOUS


def test_the_connection_says_what_a_member_is(judged: Make[tuple[Operation, ...]]) -> None:
    """Its language and dialect; its SQL dialect serves the known members, too."""
    places = (("POST /mcp", "$.params.arguments.code", "sql", "postgres", []),)
    (found,) = judged(rpc("tools/call", name="run", arguments={"code": "DROP", "query": "x"}), places=places)

    assert [(nested.text, nested.arguments["dialect"]) for nested in found.nested] == [
        ("DROP", "postgres"),
        ("x", "postgres"),
    ]
    with pytest.raises(BodyRejected):
        judged(rpc("tools/call", name="run", arguments={"code": 7}), places=places)


def test_the_connections_word_replaces_the_known_one(judged: Make[tuple[Operation, ...]]) -> None:
    """One member is analysed once."""
    places = (("POST /mcp", "$.params.arguments.query", "shell", "", []),)
    (found,) = judged(rpc("tools/call", name="run", arguments={"query": "drop x"}), places=places)

    assert [nested.protocol for nested in found.nested] == ["shell"]


@pytest.mark.parametrize("target", ["/register", "/messages", "/admin/reset", "/mcpx"])
def test_a_call_to_another_endpoint_is_an_http_request_as_well(
    judged: Make[tuple[Operation, ...]], target: str
) -> None:
    """A rule for MCP alone does not open the rest of the host."""
    (found,) = judged(rpc("ping"), target)

    assert [part.name for part in found.walk()] == ["http.post", "mcp.connect"]


def test_what_is_not_mcp_is_http(request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None]) -> None:
    """OAuth endpoints and the like; a broken JSON-RPC body there is refused all the same."""
    form = request_of("POST", "/token", b"grant_type=x")
    discovery = request_of("GET", "/.well-known/oauth-protected-resource/x")

    assert PART.operations(form, connection(), None, analyse)[0].name == "http.post"
    assert PART.operations(discovery, connection(), None, analyse)[0].name == "http.get"
    with pytest.raises(BodyRejected):
        PART.operations(request_of("POST", "/x", b'{"jsonrpc":"2.0","id":1,"id":2}'), connection(), None, analyse)


@pytest.mark.parametrize(("method", "name"), [("GET", "mcp.listen"), ("DELETE", "mcp.close"), ("PUT", "http.put")])
def test_bare_methods_on_the_endpoint(
    request_of: Make[Exchange], connection: Make[Connection], analyse: Make[None], method: str, name: str
) -> None:
    """The standing stream and the end of a session."""
    (found,) = PART.operations(request_of(method, "/v1/mcp/"), connection(), None, analyse)

    assert found.name == name


def test_a_refused_call_is_a_jsonrpc_error(request_of: Make[Exchange], reply_to: Make[Exchange]) -> None:
    """HTTP 200 with the request's id: its message is what the model is told."""
    for identifier in (7, "a", 10**30):
        request = request_of("POST", "/mcp", json.dumps(rpc("tools/call", identifier)).encode())
        for exchange in (request, reply_to(request, b"")):
            answer = PART.refuse(exchange, REFUSAL)
            assert answer.status == 200
            assert json.loads(answer.body) == {
                "jsonrpc": "2.0",
                "id": identifier,
                "error": {
                    "code": -32001,
                    "message": REFUSAL.sentence(),
                    "data": {"reason": "blocked", "reference": "run/7"},
                },
            }
            assert dict(answer.headers)["interlock-reference"] == "run/7"


def test_a_refused_batch_is_a_list_of_errors(request_of: Make[Exchange]) -> None:
    """One for each id that waits for an answer."""
    items = [rpc("ping", 1), {"jsonrpc": "2.0", "method": "notifications/x"}, rpc("ping", "b")]
    answer = PART.refuse(request_of("POST", "/mcp", json.dumps(items).encode()), REFUSAL)

    assert [error["id"] for error in json.loads(answer.body)] == [1, "b"]


@pytest.mark.parametrize(
    ("body", "reason", "status", "code"),
    [
        (b"{", "body-unparsable", 400, -32700),
        (b'{"id":1,"id":2}', "body-ambiguous", 400, -32600),
        (b'{"jsonrpc":"2.0","method":"notifications/x"}', "blocked", 403, -32001),
    ],
)
def test_without_an_id_the_status_says_it(
    request_of: Make[Exchange], body: bytes, reason: str, status: int, code: int
) -> None:
    """No client waits for an answer by id."""
    answer = PART.refuse(request_of("POST", "/mcp", body), Refusal(reason, "x"))
    error = json.loads(answer.body)

    assert (answer.status, error["id"], error["error"]["code"]) == (status, None, code)


def test_a_missing_token_is_a_challenge(request_of: Make[Exchange]) -> None:
    """Inside a tunnel, where the connection closes, it is a JSON-RPC error."""
    request = request_of("POST", "/mcp", json.dumps(rpc("ping")).encode())

    assert PART.refuse(request, Refusal("token-missing", "x")).status == 401
    assert PART.refuse(request, Refusal("token-expired", "x", closing=True)).status == 200
    assert PART.refuse(request_of("GET", "/mcp"), REFUSAL).status == 403
    assert PART.refuse(None, REFUSAL).status == 403


def test_what_has_to_be_read(request_of: Make[Exchange], connection: Make[Connection]) -> None:
    """Posts to the endpoint, and every answer of it."""
    assert PART.reads(request_of("POST", "/mcp"), connection())
    assert not PART.reads(request_of("GET", "/mcp"), connection())
    assert not PART.reads(request_of("POST", "/token"), connection())
    assert PART.reply(request_of("GET", "/mcp"), connection()) is not None
    assert PART.reply(request_of("PUT", "/elsewhere"), connection()) is not None


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["tools/call", "ping", "2.0"])
)
NAMES = st.sampled_from(
    ["jsonrpc", "id", "method", "params", "result", "error", "name", "arguments", "query", "command", "uri", "_meta",
     "inputResponses", "Method"]
)  # fmt: skip
DOCUMENTS = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6))
HEADERS = st.dictionaries(
    st.sampled_from(["mcp-method", "mcp-name", "mcp-param-x", "mcp-protocol-version", "content-type", "last-event-id"]),
    st.text(max_size=12) | st.just("=?base64?cGluZw==?="),
)


@given(DOCUMENTS.map(lambda found: json.dumps(found).encode()) | st.binary(max_size=80), HEADERS, st.booleans())
@settings(max_examples=100)
def test_any_request_raises_only_our_own_errors(body: bytes, headers: dict[str, str], envelope: bool) -> None:
    """Operations, or a refusal in the protocol's shape."""
    if envelope:
        body = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":%s}' % body
    origin = Origin("https", "api.example.com", 443)
    exchange = Exchange(Side.REQUEST, "c", "POST", origin, "/mcp", tuple(headers.items()), body, BodyState.COMPLETE)

    def nothing(
        text: str, language: str, dialect: str = "", *, place: str = "", agent: bool = False
    ) -> tuple[Operation, ...]:
        return (Operation(language, "said", text=text, place=place),)

    with contextlib.suppress(InterlockError):
        assert PART.operations(exchange, Connection("c", "mcp", (origin,)), None, nothing)
    answer = PART.refuse(exchange, REFUSAL)
    assert json.loads(answer.body)
