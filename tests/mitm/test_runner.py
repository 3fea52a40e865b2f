"""The dispatch table: the same order, the same isolation of errors, the same halting as mitmproxy's own walk."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from mitmproxy import exceptions, hooks, http, options
from mitmproxy.addonmanager import AddonManager
from mitmproxy.master import Master
from mitmproxy.net.http import http1
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.proxy.layers.http import HttpRequestHook, HttpResponseHook
from mitmproxy.test import tflow

from interlock.mitm.runner import DispatchTable, GatewayMaster, arguments_of, remembered_sizes
from interlock.mitm.streams import fingerprint, with_credential

type Walk = Callable[..., Any]


@contextlib.asynccontextmanager
async def manager(kind: type[AddonManager]) -> AsyncIterator[AddonManager]:
    """A Master with nothing in its chain."""
    owner = Master(options.Options())
    owner.options.changed.disconnect(owner.addons._configure_all)
    owner.addons = kind(owner)
    yield owner.addons
    owner._legacy_log_events.uninstall()


class Addon:
    """Notes what it is called with; `failing` says how it ends."""

    def __init__(self, name: str, log: list[str], *, failing: BaseException | None = None, later: bool = False) -> None:
        self.name, self._log, self._failing = name, log, failing
        self.addons: list[Any] = []
        if later:
            self.request = self._later

    def request(self, flow: http.HTTPFlow) -> None:
        """A hook that is called at once."""
        self._log.append(self.name)
        if self._failing is not None:
            raise self._failing

    async def _later(self, flow: http.HTTPFlow) -> None:
        await asyncio.sleep(0)
        Addon.request(self, flow)


def chain(log: list[str]) -> list[Addon]:
    """Entries that succeed, wait, fail, nest and halt."""
    nested = Addon("outer", log)
    nested.addons = [Addon("inner-1", log, failing=ValueError("x")), Addon("inner-2", log)]
    return [
        Addon("first", log),
        Addon("waits", log, later=True),
        Addon("fails", log, failing=ValueError("y")),
        Addon("fails-later", log, failing=RuntimeError("z"), later=True),
        nested,
        Addon("last", log),
    ]


@pytest.mark.parametrize("halting", [None, 1, 4])
async def test_order_errors_and_halting_are_as_in_mitmproxy(halting, caplog) -> None:
    """Both walk the same chain; both log and leave the entry that raised, and stop where one says so."""
    called: dict[type[AddonManager], list[str]] = {AddonManager: [], DispatchTable: []}
    errors: dict[type[AddonManager], int] = {}
    for kind, log in called.items():
        caplog.clear()
        async with manager(kind) as addons:
            entries = chain(log)
            if halting is not None:
                entries[halting]._failing = exceptions.AddonHalt()
            addons.add(*entries)
            for _ in range(2):
                await addons.trigger_event(HttpRequestHook(tflow.tflow()))
        errors[kind] = sum(record.levelno == logging.ERROR for record in caplog.records)

    assert called[DispatchTable] == called[AddonManager]
    assert errors[DispatchTable] == errors[AddonManager]
    assert called[DispatchTable][0] == "first"
    assert ("last" in called[DispatchTable]) is (halting is None)
    assert "inner-2" not in called[DispatchTable]


@pytest.mark.parametrize("kind", [AddonManager, DispatchTable])
async def test_an_options_error_goes_on_as_in_mitmproxy(kind) -> None:
    """It is not swallowed."""
    async with manager(kind) as addons:
        addons.add(Addon("first", [], failing=exceptions.OptionsError("x")))
        with pytest.raises(exceptions.OptionsError):
            await addons.trigger_event(HttpRequestHook(tflow.tflow()))


async def test_what_is_added_and_removed_is_called_from_then_on() -> None:
    """Also sub-addons registered by their parent, and chains changed by hand."""
    log: list[str] = []
    event = HttpRequestHook(tflow.tflow())
    async with manager(DispatchTable) as addons:
        await addons.trigger_event(event)
        first, second, front, child = (Addon(name, log) for name in ("first", "second", "front", "child"))
        addons.add(first, second)
        await addons.trigger_event(event)
        addons.remove(first)
        await addons.trigger_event(event)
        addons.register(front)
        addons.chain.insert(0, front)
        addons.forget()
        await addons.trigger_event(event)
        addons.register(child)
        second.addons = [child]
        addons.forget()
        await addons.trigger_event(event)

    assert log == ["first", "second", "second", "front", "second", "front", "second", "child"]


async def test_an_addon_that_raises_while_it_loads_is_forgotten_again() -> None:
    """The table is dropped even where registering fails."""

    class Broken(Addon):
        def load(self, loader: Any) -> None:
            """Fails."""
            raise exceptions.OptionsError("x")

    async with manager(DispatchTable) as addons:
        log: list[str] = []
        addons.add(Addon("first", log))
        await addons.trigger_event(HttpRequestHook(tflow.tflow()))
        with pytest.raises(exceptions.OptionsError):
            addons.add(Broken("broken", log))
        await addons.trigger_event(HttpRequestHook(tflow.tflow()))

    assert log == ["first", "first"]


async def test_update_is_sent_when_somebody_listens_and_only_then() -> None:
    """It is half of mitmproxy's dispatch, and most gateways have no listener."""

    class Listener:
        name = "listener"

        def update(self, flows: Any) -> None:
            """mitmweb listens."""
            updated.append(flows)

    updated: list[Any] = []
    triggered: list[str] = []

    class Counting(DispatchTable):
        async def trigger_event(self, event: hooks.Hook) -> None:
            """Counted."""
            triggered.append(event.name)
            await super().trigger_event(event)

    async with manager(Counting) as addons:
        flow = tflow.tflow()
        await addons.handle_lifecycle(HttpResponseHook(flow))
        quiet = list(triggered)
        addons.add(Listener())
        await addons.handle_lifecycle(HttpResponseHook(flow))

    assert quiet == ["response"]
    assert triggered == ["response", "response", "update"]
    assert updated == [[flow]]


@pytest.mark.parametrize("kind", [AddonManager, DispatchTable])
async def test_a_hook_that_is_not_callable_is_logged_as_in_mitmproxy(kind, caplog) -> None:
    """A typo does not pass in silence, and does not stop the others."""

    class Wrong:
        name = "wrong"
        request = 3

    log: list[str] = []
    async with manager(kind) as addons:
        addons.add(Wrong(), Addon("other", log))
        await addons.trigger_event(HttpRequestHook(tflow.tflow()))

    assert log == ["other"]
    assert "not callable" in caplog.text


async def test_the_trimmed_master_has_nothing_that_changes_flows() -> None:
    """Only what proxies; nothing that rewrites, stores or replays."""
    owner = GatewayMaster(options.Options(), with_termlog=False)
    owner._legacy_log_events.uninstall()
    owner.addons.get("errorcheck").finish()

    assert set(owner.addons.lookup) == {
        "core", "disableh2c", "proxyserver", "nextlayer", "tlsconfig", "errorcheck",
    }  # fmt: skip
    assert not {"map_remote", "server_replay", "save_stream_file", "scripts"} & set(owner.options.keys())


CHANGES: dict[str, Callable[[http.Request], Any]] = {
    "method": lambda request: setattr(request, "method", "PUT"),
    "scheme": lambda request: setattr(request, "scheme", "https"),
    "host": lambda request: setattr(request, "host", "example.org"),
    "port": lambda request: setattr(request, "port", 8080),
    "authority": lambda request: setattr(request, "authority", "example.org"),
    "path": lambda request: setattr(request, "path", "/other"),
    "header": lambda request: request.headers.update(a="b"),
    "order": lambda request: setattr(request.headers, "fields", tuple(reversed(request.headers.fields))),
    "body": lambda request: setattr(request, "content", b"other"),
    "no body": lambda request: setattr(request.data, "content", None),
    "version": lambda request: setattr(request, "http_version", "HTTP/2.0"),
    "trailers": lambda request: setattr(request, "trailers", http.Headers(a="b")),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_fingerprint_covers_everything_that_leaves(what) -> None:
    """One byte of anything an upstream would see makes another fingerprint."""
    request = tflow.tflow().request
    before = fingerprint(request)
    assert fingerprint(request.copy()) == before
    CHANGES[what](request)

    assert fingerprint(request) != before


def test_the_request_with_its_credential_is_a_copy() -> None:
    """The flow's own request stays as it was judged; the body is shared."""
    request = tflow.tflow().request
    before = fingerprint(request)
    copy = with_credential(request, http.Headers(authorization="Bearer x"), b"/x?key=1")

    assert fingerprint(request) == before
    assert (copy.headers["authorization"], copy.path) == ("Bearer x", "/x?key=1")
    assert copy.raw_content is request.raw_content
    copy.headers["a"] = "b"
    assert fingerprint(request) == before


def test_a_hooks_arguments_are_those_that_mitmproxy_passes() -> None:
    """Worked out once a kind of hook, and the same."""
    for event in (hooks.ConfigureHook({"mode"}), hooks.UpdateHook([]), hooks.RunningHook()):
        assert arguments_of(event) == event.args()


def test_remembered_sizes_are_those_that_mitmproxy_works_out(monkeypatch) -> None:
    """For requests and answers, again and again; what is malformed raises each time."""
    inner = http1.expected_http_body_size
    monkeypatch.setattr(http1, "expected_http_body_size", inner)
    monkeypatch.setattr(layers_http, "expected_http_body_size", inner)
    remembered_sizes()
    heads = [{}, {"content-length": "5"}, {"transfer-encoding": "chunked"}]
    for method, status, head in itertools.product(("GET", "HEAD", "CONNECT"), (200, 204, 304, 500), heads):
        request = http.Request.make(method, "http://a.example/", headers=head)
        response = http.Response.make(status, headers=head)
        for _ in range(2):
            assert http1.expected_http_body_size(request) == inner(request)
            assert http1.expected_http_body_size(request, response) == inner(request, response)
    bad = http.Request.make("GET", "http://a.example/", headers={"content-length": "x"})
    bad.headers["content-length"] = "x"
    for _ in range(2):
        with pytest.raises(ValueError, match="content-length"):
            http1.expected_http_body_size(bad)
