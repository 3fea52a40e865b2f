"""Starts the trimmed Master with the whole pipeline: what `interlock run` does."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from mitmproxy import options, optmanager

from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.identity import is_demo
from interlock.mitm import assembly, handler, lean
from interlock.mitm.entry import ORDER, attach
from interlock.mitm.options import OWN_HOST
from interlock.mitm.runner import GatewayMaster, lean_ids, remembered_sizes, unchecked_messages
from interlock.mitm.services import Services

__all__ = ["launch"]


def launch(folder: Path, confdir: Path, *, observe: bool = False, until: str = "", quiet: bool = False) -> int:
    """Run until a signal; returns the exit status. Raises InterlockError for rules that cannot be used."""
    rules = load_rules(folder)
    end = _until(observe, until)
    _check_listeners(rules)
    try:
        asyncio.run(_serve(rules, confdir, end, quiet), loop_factory=uvloop.new_event_loop)
    except KeyboardInterrupt:
        return 130
    except SystemExit as stop:
        return int(stop.code or 0) if isinstance(stop.code, int | None) else 1
    return 0


async def _serve(rules: Rules, confdir: Path, until: float, quiet: bool) -> None:
    logging.getLogger("mitmproxy").setLevel(logging.WARNING)
    unchecked_messages()
    remembered_sizes()
    lean_ids()
    lean.install()
    handler.install()
    opts = options.Options()
    opts.update(confdir=str(confdir), mode=_modes(rules))
    master = GatewayMaster(opts)
    optmanager.load_paths(opts, str(confdir / "config.yaml"), str(confdir / "config.yml"))
    services = Services(rules, observe_until=until)
    pipeline = attach(master, services)
    pipeline.loopback_only = is_demo(rules.identities)
    pipeline.leases = 1
    for name in ORDER:
        pipeline.add(assembly.stage(name, services))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, master.shutdown)
    if not quiet:
        loop.call_later(0.3, _greet, master, services, confdir)
    loop.call_later(1.0, _settle_memory)
    await master.run()


def _settle_memory() -> None:
    """What was loaded at the start is not looked at again by the garbage collector, which runs within requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _modes(rules: Rules) -> list[str]:
    gateway = rules.gateway
    modes = []
    if gateway.forward is not None:
        modes.append(f"regular@{gateway.forward}")
    if gateway.reverse is not None:
        modes.append(f"reverse:http://{OWN_HOST}@{gateway.reverse}")
    return modes


def _check_listeners(rules: Rules) -> None:
    if not is_demo(rules.identities):
        return
    for listener in (rules.gateway.forward, rules.gateway.reverse):
        if listener is not None and not listener.loopback:
            raise InterlockError(
                f"an issuer is marked demo, so the gateway listens on this machine only, not on {listener}",
                hint="listen on 127.0.0.1, or take the demo issuer out of the rules",
            )


def _until(observe: bool, until: str) -> float:
    if not observe and not until:
        return 0.0
    if not observe or not until:
        raise InterlockError("--observe and --until belong together", hint="interlock run --observe --until 2030-01-31")
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        raise InterlockError(f"{until!r} is not a date", hint="as in 2030-01-31") from None
    end = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    if end <= time.time():
        raise InterlockError(f"{until} has passed already", hint="observing ends by itself; give a date to come")
    return end


def _greet(master: GatewayMaster, services: Services, confdir: Path) -> None:
    """How to point an agent at the gateway, with the real ports."""
    from rich.console import Console

    rules, server = services.rules, master.addons.get("proxyserver")
    console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
    ca = confdir / "mitmproxy-ca-cert.pem"
    console.print(f"Interlock is running with rules {rules.digest[:12]} from {rules.folder}.")
    for instance in server.servers:
        for host, port, *_ in instance.listen_addrs:
            if instance.mode.type_name == "regular":
                console.print(f"  forward proxy  HTTPS_PROXY=http://RUN:TOKEN@{host}:{port}  with the CA {ca}")
            else:
                where = "/connections/NAME" if rules.gateway.route == "path" else ", by Host"
                console.print(f"  base URL       http://{host}:{port}{where}  with the token as Bearer or x-api-key")
    console.print("  an agent       interlock exec --groups GROUP -- claude")
    if not rules.gateway.master_key and any(rule.action == "token" for rule in rules.masking):
        console.print("  tokens         stand for values until this gateway ends; gateway.master_key keeps them")
    if services.observing():
        end = datetime.fromtimestamp(services.observe_until, UTC).isoformat(timespec="minutes")
        console.print(f"  observing      until {end} what no rule permits passes all the same, marked (--observe)")
    sys.stderr.flush()
