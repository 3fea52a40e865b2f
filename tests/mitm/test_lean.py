"""What is made cheap gives the same as mitmproxy's own, and another mitmproxy stops the start."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import connection, http, options, optmanager
from mitmproxy.connection import Client
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.test import tutils

from interlock.errors import InterlockError
from interlock.mitm import lean
from interlock.mitm.handler import _keeps_up


@pytest.fixture
def cheap() -> Iterator[None]:
    """Installed for one test."""
    undo = lean.install()
    yield
    undo()


def outcome(call: Any) -> Any:
    """What a call gives, or the error that it raises."""
    try:
        return call()
    except Exception as error:
        return type(error), str(error)


NAMES = st.sampled_from([b"Host", b"host", b"HOST", b"X-A", b"x-\xc3\xa4", b"x-\xff", b""])
ASKED = st.sampled_from(["host", "Host", b"hOST", "x-a", "x-ä", b"x-\xff", "x-\udcff", "", "absent", 7, None])


@settings(max_examples=100)
@given(st.lists(st.tuples(NAMES, st.sampled_from([b"a", b"", b"\xff, b", b"\xc3\xa4"])), max_size=5), ASKED)
def test_headers_are_found_as_mitmproxy_finds_them(fields, name) -> None:
    """By text or bytes, in any case, several of one name, what is no UTF-8, what is no name at all."""
    headers = http.Headers(fields)
    asked = [
        lambda: headers[name],
        lambda: headers.get(name),
        lambda: headers.get(name, "other"),
        lambda: headers.get_all(name),
        lambda: name in headers,
        lambda: dict(headers),
        lambda: headers.pop(name, None) and None,
    ]
    theirs = [outcome(call) for call in asked]
    left, headers = headers.fields, http.Headers(fields)
    undo = lean.install()
    try:
        assert [outcome(call) for call in asked] == theirs
        assert headers.fields == left
    finally:
        undo()


class Steps(layer.Layer):
    """Gives the commands that an event names; a blocking one's reply is noted."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.replies: list[Any] = []

    def _handle_event(self, event: Any) -> Iterator[Any]:
        for step in event.steps:
            reply = yield step
            if step.blocking:
                self.replies.append(reply)


def _walked(debug: str | None) -> tuple[list[Any], list[Any]]:
    """Two events, the second while the first still waits; then what was waited for."""
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0.0)
    steps = Steps(Context(client, options.Options()))
    steps.debug = debug
    sends = [commands.SendData(client, bytes([number])) for number in range(4)]
    opening = commands.OpenConnection(connection.Server(address=("127.0.0.1", 3)))
    first = SimpleNamespace(steps=[sends[0], opening, sends[1]])
    second = SimpleNamespace(steps=[sends[2], sends[3]])
    found = [list(steps.handle_event(first)), list(steps.handle_event(second))]
    assert opening.blocking is steps
    found.append(list(steps.handle_event(events.OpenConnectionCompleted(opening, None))))
    return [
        [one.data if isinstance(one, commands.SendData) else type(one).__name__ for one in each] for each in found
    ], steps.replies


@pytest.mark.parametrize("debug", [None, "  "])
def test_layers_wait_and_go_on_as_in_mitmproxy(debug) -> None:
    """Commands in order, nothing past one that is awaited, what came meanwhile afterwards; logged if that is asked."""
    theirs = _walked(debug)
    undo = lean.install()
    try:
        assert _walked(debug) == theirs
    finally:
        undo()
    assert debug or theirs == ([[b"\0", "OpenConnection"], [], [b"\1", b"\2", b"\3"]], [None])


def test_options_say_what_they_are_set_to(cheap) -> None:
    """The default, what is set, what is set back; lists stay copies, so that nobody changes an option by accident."""
    found = options.Options()

    assert (found.ssl_insecure, found.listen_port) == (False, None)
    found.update(ssl_insecure=True, listen_port=8081, mode=["regular@1"])
    assert (found.ssl_insecure, found.listen_port) == (True, 8081)
    found.mode.append("regular@2")
    assert found.mode == ["regular@1"]
    found.reset()
    assert (found.ssl_insecure, found.listen_port) == (False, None)


def test_every_option_has_the_value_that_mitmproxy_gives_it() -> None:
    """All of them, unset."""
    found = options.Options()
    theirs = {name: getattr(found, name) for name in found.keys()}  # noqa: SIM118 - no mapping
    undo = lean.install()
    try:
        assert {name: getattr(found, name) for name in theirs} == theirs
    finally:
        undo()


def test_a_forked_context_shares_what_mitmproxy_lets_it_share(cheap) -> None:
    """Client, server and options are the same; the stack of layers is its own."""
    client = Client(peername=("127.0.0.1", 1), sockname=("127.0.0.1", 2), timestamp_start=0.0)
    context = Context(client, options.Options())
    context.layers.append(object())
    fork = context.fork()

    assert (fork.client, fork.server, fork.options) == (context.client, context.server, context.options)
    assert vars(fork).keys() == vars(context).keys()
    fork.layers.append(object())
    fork.server = connection.Server(address=("127.0.0.1", 3))
    assert len(context.layers) == 1
    assert context.server.address is None


BAD = [
    ((b"content-length", b"1"), (b"transfer-encoding", b"chunked")),
    ((b"content-length", b"1"), (b"content-length", b"1")),
    ((b"content-length", b"+1"),),
    ((b"bad name", b"1"),),
    ((b"transfer-encoding", b"gzip"),),
]


@pytest.mark.parametrize("fields", BAD)
def test_a_malformed_head_is_refused_every_time(cheap, fields) -> None:
    """Failures are not remembered, and nothing makes them pass."""
    for _ in range(3):
        with pytest.raises(ValueError, match=r"header|encoding|length"):
            layers_http.validate_headers(tutils.treq(headers=fields))


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ({}, {"http_version": b"HTTP/1.0"}),
        ({}, {"status_code": 204}),
    ],
)
def test_a_head_that_was_good_is_not_good_in_every_message(cheap, good, bad) -> None:
    """The same fields are judged anew under another version, another status, and in a request."""
    fields = ((b"transfer-encoding", b"chunked"),)
    layers_http.validate_headers(tutils.tresp(headers=fields, **good))
    with pytest.raises(ValueError, match="unexpected HTTP transfer-encoding"):
        layers_http.validate_headers(tutils.tresp(headers=fields, **bad))
    coded = ((b"transfer-encoding", b"gzip"),)
    layers_http.validate_headers(tutils.tresp(headers=coded))
    with pytest.raises(ValueError, match="for request"):
        layers_http.validate_headers(tutils.treq(headers=coded))


def test_what_is_remembered_of_heads_is_bounded(cheap) -> None:
    """Agents choose their heads."""
    for number in range(3 * lean._VALIDATED):
        layers_http.validate_headers(tutils.treq(headers=((b"x", b"%d" % number),)))
    (known,) = [
        cell.cell_contents for cell in layers_http.validate_headers.__closure__ if cell.cell_contents.__class__ is set
    ]
    assert len(known) <= lean._VALIDATED


def test_taken_back_everything_is_as_it_was() -> None:
    """The originals are there again."""
    before = optmanager._Option.current, Context.fork, http.Headers.get, layers_http.validate_headers
    lean.install()()
    assert (optmanager._Option.current, Context.fork, http.Headers.get, layers_http.validate_headers) == before


@pytest.mark.parametrize(
    ("owner", "name", "value"),
    [
        (Context, "__annotations__", {"client": 1, "more": 2}),
        (http.Headers, "_kconv", staticmethod(lambda key: key.upper())),
        (http.Headers, "_reduce_values", staticmethod(lambda values: values[0])),
        (layer.Paused, "_fields", ("generator", "command")),
    ],
)
def test_what_it_relies_on_is_looked_at_first(monkeypatch, owner, name, value) -> None:
    """Another shape stops the start, with nothing replaced."""
    before = http.Headers.get
    monkeypatch.setattr(owner, name, value)
    with pytest.raises(InterlockError, match="not the one that Interlock was built for"):
        lean.install()
    assert http.Headers.get is before


def test_without_a_sign_for_unset_options_nothing_is_replaced(monkeypatch) -> None:
    """An option's value could not be told from its absence."""
    monkeypatch.delattr(optmanager, "unset")
    with pytest.raises(InterlockError, match="unset"):
        lean.install()


class Transport:
    """What asyncio's transports say of themselves."""

    def __init__(self, waiting: int, closing: bool) -> None:
        self._waiting, self._closing = waiting, closing

    def is_closing(self) -> bool:
        """Whether it is."""
        return self._closing

    def get_write_buffer_size(self) -> int:
        """Bytes not sent yet."""
        return self._waiting


@pytest.mark.parametrize(
    ("writer", "keeps_up"),
    [
        (None, True),
        (SimpleNamespace(transport=Transport(0, False)), True),
        (SimpleNamespace(transport=Transport(16 * 1024, False)), True),
        (SimpleNamespace(transport=Transport(16 * 1024 + 1, False)), False),
        (SimpleNamespace(transport=Transport(0, True)), False),
        (SimpleNamespace(), False),
    ],
)
def test_only_connections_that_keep_up_are_not_waited_for(writer, keeps_up) -> None:
    """A slow one, one that closes and one of an unknown kind are asked to drain as mitmproxy would."""
    assert _keeps_up(SimpleNamespace(writer=writer)) is keeps_up


def test_values_that_are_given_out_can_be_changed(cheap) -> None:
    """What a caller does with a list of values changes neither the head nor what the next caller gets."""
    headers = http.Headers([(b"A", b"1"), (b"a", b"2")])

    headers.get_all("a").append("3")
    assert headers.get_all("a") == ["1", "2"]
    headers["a"] = "4"
    assert (headers.get_all("A"), headers["a"]) == (["4"], "4")
