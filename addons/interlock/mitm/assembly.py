"""Puts the pipeline's parts together from options and rules: which stage is which class, where rules are looked for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from mitmproxy import master
from mitmproxy.options import Options

from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.identity import is_demo
from interlock.mitm import host
from interlock.mitm.approve import Approve
from interlock.mitm.authenticate import Authenticate
from interlock.mitm.authorize import Authorize
from interlock.mitm.contain import Contain
from interlock.mitm.inject import Inject
from interlock.mitm.mask import Mask
from interlock.mitm.record import Record
from interlock.mitm.restart import asks_clients
from interlock.mitm.services import Services
from interlock.mitm.stage import Stage

__all__ = ["OPTIONS", "contain", "loopback_only", "services", "stage", "trust"]

OPTIONS = (("interlock_rules", "", "The rules folder (default: INTERLOCK_RULES, then rules/ beside addons/)."),)
"""Options of ours: all of them text, because mitmproxy drops an addon without a word over a mistyped number."""

_STAGES: dict[str, Callable[[Services], Stage]] = {
    "authenticate": Authenticate,
    "authorize": Authorize,
    "approve": Approve,
    "mask": Mask,
    "record": Record,
    "inject": Inject,
}


def services(options: Options, entry: Path) -> Services:
    """The services for the rules that options and environment name. Raises RulesInvalid."""
    named = str(getattr(options, "interlock_rules", "")) or os.environ.get("INTERLOCK_RULES", "")
    folder = Path(named) if named else entry.resolve().parent.parent / "rules"
    return Services(load_rules(folder))


def contain(shared: Services) -> Stage:
    """The first stage of every pipeline."""
    return Contain(shared)


def stage(name: str, shared: Services) -> Stage:
    """A stage by its name. Raises InterlockError."""
    try:
        return _STAGES[name](shared)
    except KeyError:
        raise InterlockError(f"there is no stage {name!r}", hint="known: " + ", ".join(_STAGES)) from None


def trust(options: Options, rules: Rules) -> None:
    """Hand further upstream CAs, our own certificate and the wish for the clients' ones to mitmproxy."""
    gateway = rules.gateway
    if gateway.trust is not None and not options.ssl_verify_upstream_trusted_ca:
        options.update(ssl_verify_upstream_trusted_ca=str(gateway.trust))
    if asks_clients(rules):
        options.update(request_client_cert=True)
    if gateway.certificate is not None:
        options.update(certs=[f"*={gateway.certificate}"])


def loopback_only(owner: master.Master, shared: Services) -> bool:
    """Whether only this machine may connect: a demo issuer, or a person looking at flows."""
    return is_demo(shared.rules.identities) or host.shows_flows(owner)
