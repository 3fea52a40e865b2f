"""Every evasion of tests/bypasses over a real wire: none reaches the upstream or the agent, and no twin is broken.

The rows, and what is asserted of them, are those of tests/bypasses. A gateway started as operators start it, with the
shipped rules, decides about them here, where a `Trial` decides there.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from tests.bypasses.shipped import copy_rules, services, tried_by
from tests.bypasses.tables import Row, rows
from tests.e2e.wire import Wire

from interlock.demo.processes import Gateway, Ports
from interlock.engine.rules import load_rules
from interlock.identity import mint

RUNNERS = ("mitmdump", "interlock")
AT_ONCE = 8
MODELS = """
  - {name: openai, protocol: openai, hosts: ["https://openai.example.com"]}
  - {name: gemini, protocol: gemini, hosts: ["https://gemini.example.com"]}
policy:
  - id: engineers-use-other-models
    permit: [model.message]
    on: [openai, gemini]
    to: {groups: [engineer]}
"""


def local(text: str, wire: Wire) -> str:
    """Rules whose connections lead to the wire's upstreams, which are told the number of each request."""
    document = YAML(typ="safe").load(text)
    for connection in document.get("connections", ()):
        connection["hosts"] = [wire.upstreams[connection["name"]].url]
        connection["addresses"] = ["127.0.0.0/8"]
        connection["allow_headers"] = [*connection.get("allow_headers", ()), "x-row"]
    return json.dumps(document)


def write_rules(folder: Path, wire: Wire, ports: Ports) -> Path:
    """The shipped rules with the services of tests/bypasses; masks, which change bytes, are tried elsewhere."""
    copied = copy_rules(folder)
    listening = (copied / "gateway.yaml").read_text(encoding="utf-8")
    listening = listening.replace(":8080 ", f":{ports.forward} ").replace(":8081 ", f":{ports.reverse} ", 1)
    (copied / "gateway.yaml").write_text(listening, encoding="utf-8")
    claude = re.sub(r"(?ms)^masking:.*?(?=^cases:)", "", (copied / "claude.yaml").read_text(encoding="utf-8"))
    (copied / "claude.yaml").write_text(local(claude, wire), encoding="utf-8")
    (copied / "services.yaml").write_text(local(services(), wire), encoding="utf-8")
    (copied / "models.yaml").write_text(local("version: 1\nconnections:" + MODELS, wire), encoding="utf-8")
    return copied


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Wire]:
    """One upstream for each connection."""
    connections = YAML(typ="safe").load(services())["connections"]
    with Wire(["claude", "openai", "gemini", *(connection["name"] for connection in connections)]) as wire:
        yield wire


@pytest.fixture(scope="module", params=RUNNERS)
def wire(request: pytest.FixtureRequest, upstreams: Wire, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The wire through a gateway of each runner."""
    folder = tmp_path_factory.mktemp(f"bypasses-{request.param}")
    ports = Ports()
    rules = write_rules(folder, upstreams, ports)
    env = {"ANTHROPIC_API_KEY": "sk-ant-of-the-gateway"}
    with Gateway(rules, ports, runner=request.param, confdir=folder / "conf", env=env):
        claims: dict[str, Any] = {"sub": "erika", "groups": ["engineer"]}
        upstreams.point(ports.reverse, mint(load_rules(rules).identities[0], claims, 3600, now=time.time()).reveal())
        yield upstreams


def failed(row: Row) -> str:
    """What went wrong with a row; empty when nothing did."""
    try:
        row()
    except Exception as error:
        return f"{row.name}: {type(error).__name__} {str(error)[:600]} {str(dict(row.given))[:300]}"
    return ""


def shown(told: list[str]) -> None:
    """Fails with every row that went wrong, in a line each."""
    if wrong := [text for text in told if text]:
        pytest.fail("\n".join(wrong), pytrace=False)


def test_no_row_passes_and_no_twin_is_broken(wire: Wire) -> None:
    """Commands in bodies, forms, queries, calls of tools and replies: what is asserted of a row holds on the wire."""
    with tried_by(wire), ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(failed, rows()))

    assert len(told) > 1000
    shown(told)
