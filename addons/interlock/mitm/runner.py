"""`interlock run`: mitmproxy's Master with only the addons a gateway needs, and a dispatch table.

mitmproxy walks every addon for every event and once more for `update`; that walk is half of mitmdump's CPU. The table
maps a hook's name to the functions that implement it, one tuple per chain entry, built on first use and dropped when
the chain changes. Order, error handling per chain entry, AddonHalt and `update` are as in mitmproxy.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import os
from collections.abc import Callable
from types import CoroutineType
from typing import Any, ClassVar

from mitmproxy import connection, exceptions, flow, hooks, http, master, options
from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.addons import (
    core,
    disable_h2c,
    errorcheck,
    next_layer,
    proxyserver,
    tlsconfig,
)
from mitmproxy.net.http import http1
from mitmproxy.net.http.http1 import read
from mitmproxy.proxy.layers import http as layers_http
from mitmproxy.utils import human

from interlock.mitm.replacement import changed, check

__all__ = ["DispatchTable", "GatewayMaster", "arguments_of", "lean_ids", "remembered_sizes", "unchecked_messages"]

_SIZES = 256
_IDS = 128


class DispatchTable(AddonManager):
    """An AddonManager that looks a hook's functions up instead of walking the chain for each event."""

    def __init__(self, owner: master.Master) -> None:
        super().__init__(owner)
        self._table: dict[str, tuple[tuple[Callable[..., Any], ...], ...]] = {}

    def register(self, addon: Any) -> Any:
        """As in mitmproxy; the table is built anew afterwards."""
        self._table = {}
        try:
            return super().register(addon)
        finally:
            self._table = {}

    def remove(self, addon: Any) -> None:
        """As in mitmproxy; the table is built anew afterwards."""
        self._table = {}
        try:
            super().remove(addon)
        finally:
            self._table = {}

    def forget(self) -> None:
        """Drop the table after the chain was changed directly."""
        self._table = {}

    async def trigger_event(self, event: hooks.Hook) -> None:
        """Call every function of the hook, in order of the chain; an entry that raises is logged and left."""
        entries = self._table.get(event.name)
        if entries is None:
            entries = self._table[event.name] = self._functions(event)
        arguments = arguments_of(event)
        for functions in entries:
            try:
                for function in functions:
                    result = function(*arguments)
                    if type(result) is CoroutineType or (result is not None and inspect.isawaitable(result)):
                        await result
            except exceptions.AddonHalt:
                return
            except exceptions.OptionsError:
                raise
            except Exception as error:
                with safecall():
                    raise error  # noqa: TRY201 - logged as mitmproxy would

    async def handle_lifecycle(self, event: hooks.Hook) -> None:
        """As in mitmproxy; `update` is sent only if somebody listens."""
        await self.trigger_event(event)
        if self._listens("update") and isinstance(arguments_of(event)[0], flow.Flow):
            await self.trigger_event(hooks.UpdateHook([arguments_of(event)[0]]))

    def implements(self, event: hooks.Hook) -> bool:
        """Whether any addon implements the hook, or wants to hear of every flow's change."""
        entries = self._table.get(event.name)
        if entries is None:
            entries = self._table[event.name] = self._functions(event)
        return bool(entries) or self._listens("update")

    def _listens(self, name: str) -> bool:
        entries = self._table.get(name)
        if entries is None:
            entries = self._table[name] = self._functions(hooks.UpdateHook([]))
        return bool(entries)

    def _functions(self, event: hooks.Hook) -> tuple[tuple[Callable[..., Any], ...], ...]:
        found: list[tuple[Callable[..., Any], ...]] = []
        for entry in self.chain:
            with safecall():
                found.append(tuple(function for _, function in self._iter_hooks(entry, event)))
        return tuple(functions for functions in found if functions)


class GatewayMaster(master.Master):
    """The trimmed Master: proxying, TLS and the layers between; nothing that changes, keeps or replays flows."""

    def __init__(self, opts: options.Options, *, with_termlog: bool = True) -> None:
        super().__init__(opts, with_termlog=False)
        self.options.changed.disconnect(self.addons._configure_all)
        self.addons = DispatchTable(self)
        if with_termlog:
            from mitmproxy.addons import termlog

            self._termlog_addon = termlog.TermLog()
            self.addons.add(self._termlog_addon)
        self.addons.add(
            core.Core(),
            disable_h2c.DisableH2C(),
            proxyserver.Proxyserver(),
            next_layer.NextLayer(),
            tlsconfig.TlsConfig(),
            errorcheck.ErrorCheck(),
        )


def arguments_of(event: hooks.Hook) -> list[Any]:
    """What the hook's functions are called with: its fields, whose names are worked out once for each kind of hook."""
    kind: Any = type(event)
    return [getattr(event, name) for name in _names(kind)]


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in dataclasses.fields(kind))


def remembered_sizes() -> None:
    """Work out once how long a body is to be for messages with the same head; mitmproxy asks five times a request.

    Raises InterlockError on another mitmproxy, as do the two below.
    """
    check(http1, "expected_http_body_size", "request", "response")
    check(layers_http, "expected_http_body_size", "request", "response")
    inner, known = http1.expected_http_body_size, dict[Any, int | None]()

    def expected_http_body_size(request: http.Request, response: http.Response | None = None) -> int | None:
        key: Any = request.data.headers.fields
        if response:
            key = (response.data.headers.fields, response.data.status_code, request.data.method)
        if key not in known:
            size = inner(request, response)  # what it raises is not kept
            if len(known) >= _SIZES:
                known.clear()
            known[key] = size
        return known[key]

    http1.expected_http_body_size = expected_http_body_size
    layers_http.expected_http_body_size = expected_http_body_size  # type: ignore[attr-defined]


class _Ids:
    """`uuid` as mitmproxy's flows and connections use it: version 4 ids (RFC 9562), made as text at once."""

    _ready: ClassVar[list[str]] = []

    @classmethod
    def uuid4(cls) -> str:
        """A random id. The system is asked for randomness once for many."""
        if not cls._ready:
            many = os.urandom(_IDS * 16).hex()
            cls._ready = [many[start : start + 32] for start in range(0, len(many), 32)]
        text = cls._ready.pop()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def lean_ids() -> None:
    """Make ids without building a UUID object first, and read size options once; both are asked for every request."""
    targets: tuple[Any, ...] = (flow, connection)
    for module in targets:
        check(getattr(module, "uuid", None), "uuid4")
        module.uuid = _Ids
    check(human, "parse_size", "s")
    human.parse_size = functools.lru_cache(maxsize=64)(human.parse_size)


def unchecked_messages() -> None:
    """Leave out mitmproxy's own type check of every message its parser makes: a tenth of its CPU a request.

    It guards addons against themselves; in this Master the only addon is ours, which mypy checks.
    """
    check(http.MessageData, "__post_init__", "self")
    http.MessageData.__post_init__ = _nothing  # type: ignore[method-assign]
    target: Any = read
    if getattr(target, "Headers", None) not in (http.Headers, _held):
        raise changed(target, "Headers")
    target.Headers = _held


def _held(fields: list[tuple[bytes, bytes]]) -> http.Headers:
    """The parser's own pairs of bytes as headers, without the constructor's look at each of them."""
    headers = http.Headers.__new__(http.Headers)
    headers.fields = tuple(fields)
    return headers


def _nothing(self: http.MessageData) -> None:
    pass
