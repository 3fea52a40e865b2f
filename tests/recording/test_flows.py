"""Flow files, read back by mitmproxy itself."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import version
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader, FlowWriter, read_flows_from_paths
from msgspec.structs import replace

from interlock.recording import ConnectionSnapshot, FlowSnapshot, RequestSnapshot, ResponseSnapshot, encode_flow
from interlock.recording.flows import FLOW_FORMAT, flow_parts

_FLOW = FlowSnapshot(
    id="0c0ffee0-0000-4000-8000-000000000001",
    request=RequestSnapshot(
        method="POST", scheme="https", host="db.example.com", port=443,
        path=b"/query?x=\xff", authority="db.example.com",
        http_version="HTTP/2.0", headers=(("content-type", "application/json"), (b"x-odd", b"\xe9"), ("x-odd", "2")),
        body=b'{"sql":"select 1"}', trailers=((b"x-end", b"1"),), started=1767225600.125, ended=1767225600.25,
    ),
    response=ResponseSnapshot(
        status=451, reason="Unavailable For Legal Reasons", headers=(("content-type", "text/plain"),), body=b"",
        started=1767225601.0, ended=1767225601.5,
    ),
    client=ConnectionSnapshot(
        id="client-1", peer=("127.0.0.1", 50000), local=("127.0.0.1", 8080), mode="reverse:https://db.example.com@8080",
        tls=True, tls_version="TLSv1.3", alpn=b"h2", cipher="TLS_AES_256_GCM_SHA384", sni="db.example.com",
        started=1.0, tls_setup=2.0, ended=3.0,
    ),
    server=ConnectionSnapshot(
        id="server-1", peer=("192.0.2.7", 443), local=("192.0.2.1", 40000), address=("db.example.com", 443), tls=True,
        started=1.5, connected=1.75, tls_setup=2.5, error="certificate",
    ),
    error="client disconnected", error_at=9.5, comment="verboten: Löschen 🚫", marked=":red_circle:",
    metadata={"session": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "n": 3, "ok": True, "none": None, "list": ["a", {"b": "ü"}]},
    created=1767225600.0,
)  # fmt: skip


def _read(data: bytes) -> HTTPFlow:
    (flow,) = FlowReader(io.BytesIO(data)).stream()
    assert isinstance(flow, HTTPFlow)
    return flow


def _again(flow: HTTPFlow) -> bytes:
    out = io.BytesIO()
    FlowWriter(out).add(flow)
    return out.getvalue()


def test_the_format_version_is_that_of_the_mitmproxy_we_run_under() -> None:
    """A new mitmproxy with another format must be looked at."""
    assert version.FLOW_FORMAT_VERSION == FLOW_FORMAT


def test_every_member_of_a_flow_comes_back() -> None:
    """Request, response, error, both connections, comment, marker and metadata, as they were given."""
    flow = _read(encode_flow(_FLOW))
    request, response = flow.request, flow.response
    assert (request.method, request.scheme, request.host, request.port) == ("POST", "https", "db.example.com", 443)
    assert (request.data.path, request.authority, request.http_version) == (
        b"/query?x=\xff",
        "db.example.com",
        "HTTP/2.0",
    )
    assert request.headers.fields == ((b"content-type", b"application/json"), (b"x-odd", b"\xe9"), (b"x-odd", b"2"))
    assert (request.raw_content, request.trailers.fields) == (b'{"sql":"select 1"}', ((b"x-end", b"1"),))
    assert (request.timestamp_start, request.timestamp_end) == (1767225600.125, 1767225600.25)
    assert (response.status_code, response.reason, response.raw_content) == (451, "Unavailable For Legal Reasons", b"")
    assert (response.trailers, response.timestamp_start, response.timestamp_end) == (None, 1767225601.0, 1767225601.5)
    assert (flow.error.msg, flow.error.timestamp) == ("client disconnected", 9.5)
    assert (flow.comment, flow.marked, flow.id) == (_FLOW.comment, ":red_circle:", _FLOW.id)
    assert flow.metadata == dict(_FLOW.metadata)
    assert (flow.timestamp_created, flow.intercepted, flow.is_replay, flow.websocket) == (
        1767225600.0,
        False,
        None,
        None,
    )


def test_every_member_of_both_connections_comes_back() -> None:
    """Addresses, TLS, times and the mode."""
    flow = _read(encode_flow(_FLOW))
    client, server = flow.client_conn, flow.server_conn
    assert (client.id, client.peername, client.sockname) == ("client-1", ("127.0.0.1", 50000), ("127.0.0.1", 8080))
    assert (client.tls, client.tls_version, client.alpn, client.sni) == (True, "TLSv1.3", b"h2", "db.example.com")
    assert (client.cipher, client.error, client.proxy_mode.full_spec) == (
        "TLS_AES_256_GCM_SHA384", None, "reverse:https://db.example.com@8080",
    )  # fmt: skip
    assert (client.timestamp_start, client.timestamp_tls_setup, client.timestamp_end) == (1.0, 2.0, 3.0)
    assert (server.id, server.address, server.peername) == ("server-1", ("db.example.com", 443), ("192.0.2.7", 443))
    assert (server.sockname, server.timestamp_tcp_setup, server.error) == (("192.0.2.1", 40000), 1.75, "certificate")
    assert (server.via, server.alpn, list(server.certificate_list)) == (None, None, [])


def test_mitmproxy_writes_the_same_bytes() -> None:
    """Reading a recording and saving it again changes nothing: members and order are mitmproxy's own."""
    data = encode_flow(replace(_FLOW, metadata={"list": ["one member", "for it turns their order round"]}))
    assert _again(_read(data)) == data


def test_a_bare_flow_can_be_read_too() -> None:
    """No response, no body, no addresses."""
    bare = FlowSnapshot(id="x", request=RequestSnapshot(method="GET", scheme="http", host="", port=80, path="/"))
    flow = _read(encode_flow(bare))
    assert (flow.response, flow.request.raw_content, flow.error) == (None, None, None)
    assert (flow.client_conn.peername, flow.server_conn.address, flow.client_conn.timestamp_start) == (
        ("", 0),
        None,
        0.0,
    )
    assert _again(flow) == encode_flow(bare)


@pytest.mark.parametrize(
    "mode",
    [
        "regular",
        "regular@8080",
        "socks5@127.0.0.1:1080",
        "upstream:http://proxy.example.com:3128",
        "reverse:https://[::1]:8443",
    ],
)
def test_modes_that_mitmproxy_knows_are_kept(mode: str) -> None:
    """They show in mitmweb."""
    flow = _read(encode_flow(replace(_FLOW, client=ConnectionSnapshot(mode=mode))))
    assert flow.client_conn.proxy_mode.full_spec == mode


@pytest.mark.parametrize(
    "mode", ["", "nonsense", "regular:x", "reverse:", "regular@99999", "reverse:gopher://a", "dns@x"]
)
def test_one_odd_member_does_not_make_a_file_unreadable(mode: str) -> None:
    """What mitmproxy would refuse to read becomes something it reads."""
    odd = ConnectionSnapshot(mode=mode, tls_version="TLSv9", sni="\ud800")
    flow = _read(encode_flow(replace(_FLOW, client=odd, server=odd, comment="\ud800")))
    assert flow.client_conn.proxy_mode.full_spec == "regular"
    assert (flow.client_conn.tls_version, flow.comment) == (None, "\\ud800")


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60), st.text(max_size=20),
    st.lists(st.tuples(st.binary(max_size=9), st.text(max_size=9)), max_size=4),
    st.text(max_size=30), st.floats(0, 2e9),
)  # fmt: skip
def test_any_content_can_be_read_back(body: bytes, path: str, fields: list, comment: str, at: float) -> None:
    """Bytes that look like the format itself, empty names, any text."""
    request = replace(_FLOW.request, body=body, path=path, headers=tuple(fields), host=comment, started=at)
    data = encode_flow(replace(_FLOW, request=request, comment=comment, metadata={comment: [path, {}]}))
    flow = _read(data)
    assert (flow.request.raw_content, flow.comment, flow.metadata) == (body, comment, {comment: [path, {}]})
    assert flow.request.data.path == path.encode()
    assert flow.request.headers.fields == tuple((name, value.encode()) for name, value in fields)
    assert _again(flow) == data


_FIELDS = st.lists(st.tuples(st.binary(max_size=90), st.binary(max_size=90)), max_size=3).map(tuple)
_BODY = st.none() | st.binary(max_size=200)
_TIME = st.floats(0, 2e9)
_REQUESTS = st.builds(
    RequestSnapshot, method=st.binary(max_size=5), scheme=st.sampled_from((b"http", "https")),
    host=st.text("ab.", max_size=140), port=st.integers(0, 65535), path=st.binary(max_size=9),
    authority=st.text("ab:1", max_size=9), headers=_FIELDS,
    body=_BODY, trailers=st.none() | _FIELDS, started=_TIME, ended=st.none() | _TIME,
)  # fmt: skip
_RESPONSES = st.builds(
    ResponseSnapshot, status=st.integers(100, 599), reason=st.binary(max_size=200), headers=_FIELDS, body=_BODY,
    trailers=st.none() | _FIELDS, started=_TIME, ended=st.none() | _TIME,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_REQUESTS, st.none() | _RESPONSES, st.dictionaries(st.text("ab", max_size=3), st.text(max_size=200), max_size=1))
def test_any_flow_is_written_as_mitmproxy_writes_it(request: RequestSnapshot, response, metadata: dict) -> None:
    """Lengths, order and what is remembered of flows before: the same bytes, with and without bodies and trailers."""
    flow = replace(_FLOW, request=request, response=response, metadata=metadata)
    data = encode_flow(flow)
    assert _again(_read(data)) == data == encode_flow(flow) == b"".join(flow_parts(flow))


def test_mitmproxy_loads_a_whole_file_as_mitmweb_does(tmp_path) -> None:
    """`mitmweb -r` reads files this way."""
    file = tmp_path / "flows.mitm"
    file.write_bytes(encode_flow(_FLOW) + encode_flow(replace(_FLOW, id="second")))
    assert [flow.id for flow in read_flows_from_paths([str(file)])] == [_FLOW.id, "second"]
