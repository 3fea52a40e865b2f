"""What a request under review would touch, as its own service estimates it: one question more, for people's eyes.

Asked where the rules say so (`estimate:`), with the connection's credential, at an address of the connection that was
checked as every dial is. Whatever goes wrong, people are told that it is not known; nothing depends on the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from interlock.engine.question import Question
from interlock.errors import InterlockError
from interlock.mitm.egress import Egress
from interlock.mitm.products import Decided
from interlock.model import JSON
from interlock.paths import compile_path
from interlock.patience import patience
from interlock.settings_estimate import Estimate

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["Estimates"]

_PATIENCE = 2.0
_AT_ONCE = 8
_MOST = 64 * 1024
_LARGEST = 1e15
_UNKNOWN = "not known"


class Estimates:
    """Asks services how much would be touched; a few at a time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @staticmethod
    def wanted(decided: Decided) -> bool:
        """Whether its connection says how to ask."""
        return decided.authenticated.contained.connection.estimate is not None

    @contextlib.asynccontextmanager
    async def turn(self, decided: Decided) -> AsyncIterator[None]:
        """One principal's questions with an estimate, one after the other: what it may not ask is not estimated."""
        if not self.wanted(decided):
            yield
            return
        principal = decided.authenticated.principal
        lock = self._turns.setdefault((principal.issuer, principal.subject), asyncio.Lock())
        async with lock:
            yield

    async def add(self, decided: Decided, question: Question) -> Question:
        """The question, with what is known of its size. Never raises but when it is cancelled."""
        wanted = decided.authenticated.contained.connection.estimate
        if wanted is None:
            return question
        rows: JSON = _UNKNOWN
        with contextlib.suppress(InterlockError, OSError, ValueError, TimeoutError):
            async with asyncio.timeout(_PATIENCE), self._free:
                rows = _number(await self._asked(decided, wanted), wanted)
        return replace(question, shown={**question.shown, "estimate": {"rows": rows}})

    async def _asked(self, decided: Decided, wanted: Estimate) -> bytes:
        """The answer's body. Raises OSError, InterlockError, ValueError."""
        import httpx

        contained, exchange = decided.authenticated.contained, decided.exchange
        origin, connection = contained.origin, contained.connection
        told = [("content-type", exchange.header("content-type") or "application/json"), ("accept", "application/json")]
        await self._services.egress.check(origin.host, origin.port, connection.addresses)
        address = str(Egress.pinned(origin.host, origin.port)[0][4][0])
        context = await asyncio.to_thread(_context, self._services.rules.gateway.trust)
        self._services.check_current(connection)  # it waited
        headers, target = self._services.injector(connection.name).apply(origin, told, wanted.path)
        where = f"{origin.scheme}://{f'[{address}]' if ':' in address else address}:{origin.port}{target}"
        waits = patience(_PATIENCE)
        try:
            async with (
                httpx.AsyncClient(verify=context, timeout=waits, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "POST", where, content=exchange.body, headers=[*headers, ("host", origin.authority)],
                    extensions={"sni_hostname": origin.host},
                ) as response,
            ):  # fmt: skip
                return await _body(response)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise OSError(type(error).__name__) from None


async def _body(response: object) -> bytes:
    """At most 64 KiB of a 200 answer as it came. Raises OSError for anything else."""
    import httpx

    if not isinstance(response, httpx.Response) or response.status_code != 200:
        raise OSError("no estimate")
    raw = bytearray()
    async for chunk in response.aiter_raw():
        raw += chunk
        if len(raw) > _MOST:
            raise OSError("the estimate is too large")
    return bytes(raw)


def _number(body: bytes, wanted: Estimate) -> JSON:
    """The number of rows in an answer. Raises ValueError, BodyRejected."""
    found = [value for _, value in compile_path(wanted.rows).select(json.loads(body))]
    if len(found) != 1 or isinstance(found[0], bool) or not isinstance(found[0], int | float):
        raise ValueError("no number of rows")
    if not 0 <= found[0] <= _LARGEST:
        raise ValueError("no number that rows have")
    return found[0]


@functools.lru_cache(maxsize=4)
def _context(trust: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if trust is not None:
        context.load_verify_locations(trust)
    return context
