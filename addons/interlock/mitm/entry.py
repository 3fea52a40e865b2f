"""What the entry files call: `addons = stages("mask")` hands mitmproxy a lease on one stage of the shared pipeline.

The guard and the pipeline are registered at the front of mitmproxy's chain, outside the script loader. A script holds
only a lease: when mitmproxy drops the script (deleted, broken, un-loaded through an API), the lease ends and nothing
passes any more.
"""

from __future__ import annotations

import logging
import sys
import weakref
from pathlib import Path
from typing import Any

from mitmproxy import master
from mitmproxy.addonmanager import Loader

from interlock.errors import InterlockError, RulesInvalid
from interlock.mitm import assembly, host
from interlock.mitm.guard import Guard
from interlock.mitm.options import harden
from interlock.mitm.pipeline import Pipeline
from interlock.mitm.services import Services
from interlock.mitm.web import Web

__all__ = ["ORDER", "Lease", "attach", "stages"]

_log = logging.getLogger("interlock")
_pipelines: weakref.WeakKeyDictionary[master.Master, Pipeline] = weakref.WeakKeyDictionary()

ORDER = ("authenticate", "authorize", "approve", "mask", "record", "inject")
"""The order of the stages; `contain` always comes first and is always there."""


def stages(*names: str) -> list[Lease]:
    """The addons of an entry file: one lease that holds the named stages; without names, all of them in order."""
    frame = sys._getframe(1)
    return [Lease(names or ORDER, frame.f_globals.get("__file__", ""))]


def attach(owner: master.Master, services: Services) -> Pipeline:
    """Put guard and pipeline at the front of a Master's chain."""
    pipeline = Pipeline(services)
    manager = owner.addons
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    addons: list[Any] = [Guard(pipeline.closed), pipeline]
    if host.shows_flows(owner):
        addons.append(Web(owner, pipeline))
    for position, addon in enumerate(addons):
        manager.register(addon)
        manager.chain.insert(position, addon)
    if hasattr(manager, "forget"):
        manager.forget()
    _pipelines[owner] = pipeline
    limits = services.rules.gateway.limits
    harden(owner.options, max(limits.body, limits.response))
    assembly.trust(owner.options, services.rules)
    pipeline.add(assembly.contain(services))
    return pipeline


class Lease:
    """A script's hold on the pipeline. Its name says which stages it brings."""

    def __init__(self, names: tuple[str, ...], file: str) -> None:
        self.name = "interlock-" + "-".join(names if names != ORDER else ("bundle",))
        self._names = names
        self._file = file
        self._pipeline: Pipeline | None = None

    def load(self, loader: Loader) -> None:
        """Find or make the pipeline and add the stages; anything wrong stops mitmproxy with a message."""
        for option, default, text in assembly.OPTIONS:
            if option not in loader.master.options:
                loader.add_option(option, str, default, text)
        loader.master.options.process_deferred()
        try:
            pipeline = _pipelines.get(loader.master)
            if pipeline is None:
                pipeline = attach(loader.master, assembly.services(loader.master.options, Path(self._file)))
                pipeline.loopback_only = assembly.loopback_only(loader.master, pipeline.services)
            for name in self._names:
                pipeline.add(assembly.stage(name, pipeline.services))
            pipeline.leases += 1
            pipeline.scripts.add(str(Path(self._file).resolve()))
            self._pipeline = pipeline
        except RulesInvalid as error:
            _log.error("Interlock's rules cannot be used:\n%s", error)
        except InterlockError as error:
            _log.error("Interlock cannot start: %s\n    %s", error, error.hint)

    def done(self) -> None:
        """The script is gone: nothing passes without it."""
        if self._pipeline is not None:
            self._pipeline.leases = 0


def pipeline_of(owner: master.Master) -> Any:
    """The pipeline of a Master: what tests look into."""
    return _pipelines.get(owner)
