"""When traffic may pass: the stages in their order, the options as they must be, the entry files as they were.

`Life` is the half of the pipeline that lives as long as the proxy; what happens to one call is in `pipeline`.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from mitmproxy import ctx
from mitmproxy.exceptions import OptionsError

from interlock.errors import InterlockError
from interlock.mitm import host
from interlock.mitm.options import changes, problems, settled
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage
from interlock.reasons import Reason

__all__ = ["Life"]

_log = logging.getLogger("interlock")
_WATCH_SECONDS = 0.5


class Life:
    """Holds the stages. `closed()` says why traffic must stop, or None."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.stages: list[Stage] = []
        self.scripts: set[str] = set()
        self.leases = 0
        self.loopback_only = False
        self._ready = False
        self._unsafe: list[str] = []
        self._settled: Mapping[str, Any] = {}
        self._tampered = False
        self._restore: Any = None

    def closed(self) -> Reason | None:
        """Why no traffic may pass right now."""
        if self._unsafe or self._tampered:
            return Reason.UNSAFE_OPTIONS
        if not self._ready or not self.leases:
            return Reason.NOT_READY
        return None

    def add(self, stage: Stage) -> None:
        """Append a stage. Raises InterlockError naming the stage it misses, or one that is loaded twice."""
        names = [entry.name for entry in self.stages]
        if stage.name in names:
            raise InterlockError(f"the stage {stage.name} is loaded twice", hint="name each entry file once")
        for needed in stage.after:
            if needed not in names:
                raise InterlockError(
                    f"the stage {stage.name} needs {needed} before it, which is not loaded",
                    hint=f"load -s addons/{needed}.py before it, or everything with -s addons/bundle.py",
                )
        if any(stage.name in entry.before for entry in self.stages):
            raise InterlockError(f"the stage {stage.name} is loaded too late", hint="the order is in addons/bundle.py")
        stage.added(frozenset(names))
        self.stages.append(stage)

    async def running(self) -> None:
        """Check the options once more, start what runs beside the requests, and open."""
        await host.settle(ctx.master, loopback=self.loopback_only)
        self.check_options()
        if self._unsafe:
            return
        try:
            self._restore = self._restore or self._take_over()
            await self.services.start()
        except InterlockError as error:
            _log.error("Interlock cannot start: %s\n    %s", error, error.hint)
            return
        if self.scripts:
            self.services.keep(self._watch_entries())
        self._settled = settled(ctx.options)
        self._ready = True

    def _take_over(self) -> Callable[[], None]:
        """Have mitmproxy's streams ask before they send; returns what undoes it."""
        raise InterlockError("this pipeline has no hooks", hint="use interlock.mitm.pipeline.Pipeline")

    async def _watch_entries(self) -> None:
        """An entry file that is changed, moved or deleted while its pipeline runs stops traffic until a restart.

        mitmproxy would un-load the script and go on without it; whoever touched the file expects something to happen.
        """
        before = {file: _stamp(file) for file in self.scripts}
        while not self._tampered:
            await asyncio.sleep(_WATCH_SECONDS)
            for file, stamp in before.items():
                if _stamp(file) != stamp:
                    self._tampered = True
                    _log.error("Interlock lets nothing pass: %s was changed; start the gateway anew", file)

    def configure(self, updated: set[str]) -> None:
        """Any change that would open a way past the pipeline stops traffic until it is undone."""
        if self._ready and "proxy_debug" in updated and ctx.options.proxy_debug:
            raise OptionsError("proxy_debug logs raw bytes, with tokens and credentials; Interlock does not allow it")
        if self._ready:
            self.check_options()

    def check_options(self) -> None:
        """Compare the options with what is safe; what is not stops the start and stops traffic."""
        scripts = frozenset(self.scripts) if self.scripts else None
        found = problems(ctx.options, scripts=scripts, loopback_only=self.loopback_only)
        self._unsafe = found or changes(ctx.options, self._settled)
        for problem in self._unsafe:
            _log.error("Interlock lets nothing pass: %s", problem)

    async def done(self) -> None:
        """Stop: no traffic from here on, no listener either; close the recordings."""
        self._ready = False
        await host.stop_listening(ctx.master)
        await self.services.stop()
        if self._restore is not None:
            self._restore()
            self._restore = None


def _stamp(file: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
