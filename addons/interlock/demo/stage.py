"""What the demo's steps are made of and play on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from interlock.demo.people import PERSONAL
from interlock.demo.processes import Gateway
from interlock.demo.services import Services

__all__ = ["ANALYST_RUN", "ENGINEER_RUN", "READ", "RUN_HEADER", "TIMEOUT", "Seen", "Stage", "Step", "leaks"]

READ = "SELECT * FROM customers"
TIMEOUT = 60.0
RUN_HEADER = "x-interlock-run"
ANALYST_RUN = "demo-analyst"
ENGINEER_RUN = "demo-engineer"


@dataclass(frozen=True, slots=True)
class Seen:
    """Whether a step came out as expected, and what was seen."""

    right: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class Stage:
    """What steps play on. The agents know the gateway's address and their own tokens, nothing else."""

    services: Services
    gateway: Gateway
    analyst: str = field(repr=False)
    engineer: str = field(repr=False)
    bookkeeper: str = field(repr=False)
    rules: Path

    def at(self, connection: str) -> str:
        """A connection's base URL on the reverse listener."""
        return f"{self.gateway.reverse}/connections/{connection}"

    def query(self, token: str, sql: str = READ, *, raw: bytes = b"", run: str = ANALYST_RUN) -> httpx.Response:
        """One query of the warehouse, through the reverse listener."""
        headers = {"content-type": "application/json", RUN_HEADER: run}
        if token:
            headers["authorization"] = f"Bearer {token}"
        with httpx.Client(headers=headers, timeout=TIMEOUT, trust_env=False) as client:
            url = f"{self.at('warehouse')}/v1/query"
            return client.post(url, content=raw) if raw else client.post(url, json={"query": sql})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the demo's table."""

    title: str
    expects: str
    play: Callable[[Stage], Seen]


def leaks(text: str) -> list[str]:
    """Personal data that stands in a text."""
    return [value for value in PERSONAL if value in text]
