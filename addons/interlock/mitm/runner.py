"""`interlock run`: mitmproxy's Master with only the addons a gateway needs, and a dispatch table.

mitmproxy walks every addon for every event and once more for `update`; that walk is half of mitmdump's CPU. The table
maps a hook's name to the functions that implement it, one tuple per chain entry, built on first use and dropped when
the chain changes. Order, error handling per chain entry, AddonHalt and `update` are as in mitmproxy.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from mitmproxy import exceptions, flow, hooks, http, master, options
from mitmproxy.addonmanager import AddonManager, safecall
from mitmproxy.addons import (
    core,
    disable_h2c,
    errorcheck,
    next_layer,
    proxyserver,
    tlsconfig,
)

__all__ = ["DispatchTable", "GatewayMaster", "unchecked_messages"]


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
        arguments = event.args()
        for functions in entries:
            try:
                for function in functions:
                    result = function(*arguments)
                    if result is not None and inspect.isawaitable(result):
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
        if self._listens("update") and isinstance(event.args()[0], flow.Flow):
            await self.trigger_event(hooks.UpdateHook([event.args()[0]]))

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


def unchecked_messages() -> None:
    """Leave out mitmproxy's own type check of every message its parser makes: a tenth of its CPU a request.

    It guards addons against themselves; in this Master the only addon is ours, which mypy checks.
    """
    http.MessageData.__post_init__ = _nothing  # type: ignore[method-assign]


def _nothing(self: http.MessageData) -> None:
    pass
