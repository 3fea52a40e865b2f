"""The gateway on which tests/e2e/test_bypasses.py tries everything: the shipped rules, and services for every row."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from tests.bypasses.shipped import copy_rules, services
from tests.e2e.wire import Wire

from interlock.demo.processes import Gateway, Ports
from interlock.engine.rules import load_rules
from interlock.identity import mint

__all__ = ["SUPPLIED", "TICKETS", "names", "started"]

SUPPLIED = "sk-ant-canary-0123456789abcdefghij"
"""The credential of `docs`, which no answer may show the agent."""
TICKETS = 120
"""How many MCP servers there are: what one told of its tools is remembered."""
_MORE = """
version: 1
connections:
  - name: docs
    protocol: http
    hosts: []
    credential: {scheme: header, header: x-supplied, from: env:DOCS_CREDENTIAL}
  - {name: feed, protocol: http, hosts: [], streams: events}
policy:
  - id: documents-are-read
    permit: ["http.get /open/**", "http.post /open/**"]
    on: [docs, feed]
    to: {groups: [engineer]}
    mask: [secrets, personal-data, personal-data-in-answers]
  - id: tickets-are-looked-at
    permit: [mcp.connect, mcp.list, "mcp.call:look", "mcp.call:find_*", mcp.listen, mcp.read, mcp.close]
    to: {groups: [engineer]}
"""
_YAML = YAML(typ="safe")


def names() -> list[str]:
    """The connections, each of which needs an upstream."""
    own = [connection["name"] for text in (services(), _MORE) for connection in _YAML.load(text)["connections"]]
    return ["claude", *own, *(f"tickets-{number}" for number in range(TICKETS))]


@contextlib.contextmanager
def started(wire: Wire, folder: Path, runner: str) -> Iterator[Gateway]:
    """A gateway in front of the wire's upstreams, which the wire then sends to; it records beside its rules."""
    ports = Ports()
    rules = _write_rules(folder, wire, ports)
    env = {"ANTHROPIC_API_KEY": "sk-ant-of-the-gateway", "DOCS_CREDENTIAL": SUPPLIED}
    with Gateway(rules, ports, runner=runner, confdir=folder / "conf", env=env) as gateway:
        claims: dict[str, Any] = {"sub": "erika", "groups": ["engineer"]}
        wire.point(ports, mint(load_rules(rules).identities[0], claims, 3600, now=time.time()).reveal())
        yield gateway


def _write_rules(folder: Path, wire: Wire, ports: Ports) -> Path:
    """Masks, which change bytes, apply only where a rule names them."""
    copied = copy_rules(folder)
    listening = (copied / "gateway.yaml").read_text(encoding="utf-8")
    listening = listening.replace(":8080 ", f":{ports.forward} ").replace(":8081 ", f":{ports.reverse} ", 1)
    (copied / "gateway.yaml").write_text(listening, encoding="utf-8")
    shipped = _YAML.load((copied / "claude.yaml").read_text(encoding="utf-8"))
    for mask in shipped["masking"]:
        mask["apply"] = "when-named"
    more = _YAML.load(_MORE)
    tickets = [{"name": f"tickets-{number}", "protocol": "mcp", "hosts": []} for number in range(TICKETS)]
    more["connections"] += tickets
    more["policy"][-1]["on"] = [connection["name"] for connection in tickets]
    for name, document in (("claude", shipped), ("services", _YAML.load(services())), ("more", more)):
        (copied / f"{name}.yaml").write_text(json.dumps(_local(document, wire)), encoding="utf-8")
    return copied


def _local(document: dict[str, Any], wire: Wire) -> dict[str, Any]:
    """Its connections lead to the wire's upstreams, which are told the number of each request."""
    for connection in document["connections"]:
        connection["hosts"] = [wire.upstreams.urls[connection["name"]]]
        connection["addresses"] = ["127.0.0.0/8"]
        connection["allow_headers"] = [*connection.get("allow_headers", ()), "x-row"]
    return document
