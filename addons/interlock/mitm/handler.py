"""The gateway's connection handler: mitmproxy's, with less between an event and the layers.

What differs, and nothing else: a hook that needs no waiting is finished on the spot instead of in a task that waits
for a lock; what one event writes to a connection leaves in one write; a hook nobody implements costs nothing.
Order is kept: everything written before a command is written before it, and events are handled one at a time.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from typing import Any

from mitmproxy import flow
from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, mode_servers
from mitmproxy.proxy.mode_servers import ProxyConnectionHandler
from mitmproxy.proxy.server import ConnectionIO

from interlock.mitm.replacement import check, check_attributes
from interlock.mitm.runner import arguments_of

__all__ = ["GatewayHandler", "install"]

_LOW_WATER = 16 * 1024
"""Bytes waiting to be sent, below which asyncio lets writers go on (a quarter of 64 KiB, where it stops them)."""
_METHODS = {
    "server_event": ("event",),
    "handle_hook": ("hook",),
    "open_connection": ("command",),
    "wakeup": ("request",),
    "close_connection": ("connection", "half_close"),
    "log": ("message", "level", "exc_info"),
    "drain_writers": (),
}
_ATTRIBUTES = ("_server_event_lock", "timeout_watchdog", "transports", "wakeup_timer", "layer", "master")


class GatewayHandler(ProxyConnectionHandler):
    """Handles one client connection and its upstream connections."""

    async def server_event(self, event: events.Event) -> None:
        """Hand one event to the layers and carry out what they command, the hooks that end at once included."""
        async with self._server_event_lock:
            self.timeout_watchdog.register_activity()
            waiting: list[events.Event] = [event]
            written: dict[Connection, list[bytes]] = {}
            try:
                while waiting:
                    for command in self.layer.handle_event(waiting.pop(0)):
                        if isinstance(command, commands.SendData):
                            written.setdefault(command.connection, []).append(command.data)
                            continue
                        if written:
                            self._flush(written)
                        self._carry_out(command, waiting)
                    if written:
                        self._flush(written)
            except Exception:
                self.log("mitmproxy has crashed!", logging.ERROR, exc_info=True)
            finally:
                if written:  # an answer that was given before the crash still goes out
                    self._flush(written)

    def _flush(self, written: dict[Connection, list[bytes]]) -> None:
        for connection, pieces in written.items():
            transport = self.transports.get(connection)
            if transport is None or transport.writer is None or transport.writer.is_closing():
                continue
            transport.writer.write(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        written.clear()

    def _carry_out(self, command: commands.Command, waiting: list[events.Event]) -> None:
        if isinstance(command, commands.StartHook):
            self._hook(command, waiting)
        elif isinstance(command, commands.OpenConnection):
            if command.connection in self.transports:
                raise RuntimeError("a connection is opened twice")
            task = _task(self.open_connection(command))
            self.transports[command.connection] = ConnectionIO(handler=task)
        elif isinstance(command, commands.RequestWakeup):
            self.wakeup_timer.add(_task(self.wakeup(command)))
        elif isinstance(command, commands.Log):
            self.log(command.message, command.level)
        elif isinstance(command, commands.ConnectionCommand):
            self._connection_command(command)
        else:
            raise RuntimeError(f"unexpected command: {type(command).__name__}")  # noqa: TRY004 - mitmproxy is at fault

    def _connection_command(self, command: commands.ConnectionCommand) -> None:
        if command.connection not in self.transports:
            return  # it has been closed already
        if isinstance(command, commands.CloseTcpConnection):
            self.close_connection(command.connection, command.half_close)
        elif isinstance(command, commands.CloseConnection):
            self.close_connection(command.connection, False)
        else:
            raise RuntimeError(f"unexpected command: {type(command).__name__}")  # noqa: TRY004 - mitmproxy is at fault

    def _hook(self, hook: commands.StartHook, waiting: list[events.Event]) -> None:
        """Run a hook; its completion is the next event when it ended at once, and comes by itself when it did not."""
        table: Any = self.master.addons  # a DispatchTable in this Master
        if not table.implements(hook):
            if hook.blocking:
                waiting.append(events.HookCompleted(hook))
            return
        task = asyncio.Task(self._call(hook), loop=self.master.event_loop, eager_start=True)
        if task.done():
            task.result()
            if hook.blocking:
                waiting.append(events.HookCompleted(hook))
            return
        self._busy(task)
        _keep(task)
        if hook.blocking:
            _keep(self.master.event_loop.create_task(self._complete(hook, task)))

    async def _complete(self, hook: commands.StartHook, task: asyncio.Task[None]) -> None:
        await task
        await self.server_event(events.HookCompleted(hook))

    async def handle_hook(self, hook: commands.StartHook) -> None:
        """Call the addons; a client that waits for them is not idle."""
        self._begin()
        try:
            await self._call(hook)
        finally:
            self._end()

    async def _call(self, hook: commands.StartHook) -> None:
        await self.master.addons.handle_lifecycle(hook)
        data = arguments_of(hook)[0]
        if getattr(data, "intercepted", False) and isinstance(data, flow.Flow):
            await data.wait_for_resume()

    def _busy(self, task: asyncio.Task[None]) -> None:
        """The client waits until the task is over; one that ended at once never kept it waiting."""
        self._begin()
        task.add_done_callback(lambda _: self._end())

    def _begin(self) -> None:
        self.timeout_watchdog.can_timeout.clear()
        self.timeout_watchdog.blocker += 1

    def _end(self) -> None:
        watchdog = self.timeout_watchdog
        watchdog.blocker -= 1
        if watchdog.blocker == 0:
            watchdog.register_activity()
            watchdog.can_timeout.set()

    async def drain_writers(self) -> None:
        """Wait for connections that are slower than what is written to them; for all others there is nothing to do."""
        if not all(map(_keeps_up, self.transports.values())):
            await super().drain_writers()


def _keeps_up(io: ConnectionIO) -> bool:
    """Whether a connection is in order and has so little to send that nobody was told to pause."""
    transport = getattr(io.writer, "transport", None)
    if transport is None:
        return io.writer is None
    return not transport.is_closing() and transport.get_write_buffer_size() <= _LOW_WATER


_tasks: set[asyncio.Task[Any]] = set()


def _keep(task: asyncio.Task[Any]) -> None:
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def _task(work: Any) -> asyncio.Task[Any]:
    task = asyncio.get_running_loop().create_task(work)
    _keep(task)
    return task


def install() -> None:
    """Have mitmproxy's servers use this handler. Raises InterlockError on a mitmproxy that is built otherwise."""
    target: Any = mode_servers
    if getattr(target, "ProxyConnectionHandler", None) is GatewayHandler:
        return
    for name, parameters in _METHODS.items():
        check(ProxyConnectionHandler, name, "self", *parameters)
    check_attributes(ProxyConnectionHandler, *_ATTRIBUTES)
    check(target, "ProxyConnectionHandler", *inspect.signature(GatewayHandler).parameters)
    target.ProxyConnectionHandler = GatewayHandler
