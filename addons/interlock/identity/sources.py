"""Where an issuer's keys come from, and how long they are believed.

Rules of this module:
- Keys younger than `fresh_for` are used as they are; older ones are refreshed first.
- At most one refresh runs at a time, and at most one starts in `back_off`, whatever kids arrive.
- When a refresh fails, the last good keys serve until they are `stale_for` old; then the issuer is unavailable.
- The generation changes exactly when the keys change, so that what was verified with removed keys is forgotten.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, Protocol

from interlock.errors import TokenRejected
from interlock.identity.addresses import discovery_url, issuer_fault
from interlock.identity.identity import World
from interlock.identity.keys import KeySet, parse_key_set
from interlock.identity.strict import read_object
from interlock.reasons import Reason

__all__ = ["FileKeys", "KeySource", "RemoteKeys", "read_bounded"]

MAX_DOCUMENT = 256 * 1024
_LOOK_EVERY = 1.0


class KeySource(Protocol):
    """The keys of one issuer."""

    def generation(self) -> int | None:
        """Counts changes of the keys; None when no keys may be relied on without waiting."""
        ...

    async def keys_for(self, kid: str | None) -> tuple[KeySet, int]:
        """The keys and their generation, refreshed if `kid` is new. Raises TokenRejected (ISSUER_UNAVAILABLE)."""
        ...


class _Held:
    """The last good keys of an issuer, their age and their generation."""

    def __init__(self, stale_for: float) -> None:
        self.keys: KeySet | None = None
        self.generation = 0
        self.taken = float("-inf")
        self.stale_for = stale_for
        self.fault = "nothing was fetched yet"

    def take(self, keys: KeySet, now: float) -> None:
        """Believe these from now on."""
        if self.keys is None or self.keys.digest != keys.digest:
            self.generation += 1
        self.keys, self.taken = keys, now

    def usable(self, now: float) -> KeySet | None:
        """The keys, unless they are too old to be believed."""
        return self.keys if now - self.taken < self.stale_for else None


def _unavailable(fault: str) -> NoReturn:
    raise TokenRejected(Reason.ISSUER_UNAVAILABLE, f"the issuer's keys could not be fetched: {fault}") from None


class FileKeys:
    """Keys in a local file, read again when it changes; a change that cannot be read keeps the old for `stale_for`."""

    def __init__(self, path: Path, parse: Callable[[bytes], KeySet], stale_for: float, world: World) -> None:
        self._path = path
        self._parse = parse
        self._clock = world.clock
        self._held = _Held(stale_for)
        self._seen: object = None
        self._looked = float("-inf")

    def generation(self) -> int | None:
        """Looks at the file at most once a second."""
        return self._held.generation if self._current() is not None else None

    async def keys_for(self, kid: str | None) -> tuple[KeySet, int]:
        """The file's keys."""
        keys = self._current()
        if keys is None:
            _unavailable(self._held.fault)
        return keys, self._held.generation

    def _current(self) -> KeySet | None:
        now = self._clock.monotonic()
        if now - self._looked >= _LOOK_EVERY:
            self._looked = now
            self._look(now)
        return self._held.usable(now)

    def _look(self, now: float) -> None:
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_size, status.st_ino)
            if seen != self._seen:
                self._held.take(self._parse(read_bounded(self._path)), now)
                self._seen = seen
            self._held.taken = now
        except OSError:
            self._held.fault = "the key file cannot be read"
        except ValueError as error:
            self._held.fault = f"the key file {error}"


def read_bounded(path: Path, limit: int = MAX_DOCUMENT) -> bytes:
    """A small file's bytes. Raises OSError, or ValueError when it is larger than `limit`."""
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise ValueError(f"is larger than {limit} bytes")
    return raw


class RemoteKeys:
    """Keys published by an issuer: by discovery, or at `jwks_url`."""

    def __init__(self, issuer: str, jwks_url: str, stale_for: float, world: World) -> None:
        self._issuer = issuer
        self._configured = jwks_url
        self._discovered = ""
        self._fetch, self._clock, self._limits = world.fetch, world.clock, world.limits
        self._held = _Held(stale_for)
        self._started = float("-inf")
        self._task: asyncio.Task[None] | None = None
        self._unknown: OrderedDict[bytes, float] = OrderedDict()

    def generation(self) -> int | None:
        """None when a refresh is due: then the next token is verified anew, and that refreshes."""
        now = self._clock.monotonic()
        usable = self._held.usable(now) is not None and (self._fresh(now) or not self._may_start(now))
        return self._held.generation if usable else None

    async def keys_for(self, kid: str | None) -> tuple[KeySet, int]:
        """See KeySource. Waits for a refresh only as long as `patience` where older keys may serve."""
        if not self._fresh(self._clock.monotonic()):
            await self._refresh()
        keys = self._usable()
        if not keys.has(kid) and self._worth_asking(kid):
            keys = await self._ask_again(kid)
        return keys, self._held.generation

    async def _ask_again(self, kid: str | None) -> KeySet:
        asked = self._clock.monotonic()
        await self._refresh(whole=True)
        keys = self._usable()
        if not keys.has(kid) and self._held.taken >= asked:
            self._note_unknown(kid)
        return keys

    def _usable(self) -> KeySet:
        keys = self._held.usable(self._clock.monotonic())
        if keys is None:
            _unavailable(self._held.fault)
        return keys

    def _fresh(self, now: float) -> bool:
        return now - self._held.taken < min(self._limits.fresh_for, self._held.stale_for)

    def _may_start(self, now: float) -> bool:
        return now - self._started >= self._limits.back_off

    async def _refresh(self, *, whole: bool = False) -> None:
        """Starts a refresh if one may start, and waits for the one that runs."""
        now = self._clock.monotonic()
        if self._task is None or self._task.done():
            if not self._may_start(now):
                return
            self._started = now
            self._task = asyncio.get_running_loop().create_task(self._run())
        serves = self._held.usable(now) is not None and not whole
        limit = self._limits.patience if serves else self._limits.fetch_timeout
        await asyncio.wait({self._task}, timeout=limit)

    async def _run(self) -> None:
        """One refresh. Whatever goes wrong is noted, and the last good keys stay."""
        try:
            async with asyncio.timeout(self._limits.fetch_timeout):
                keys = await self._load()
        except TimeoutError:
            self._held.fault = "the issuer did not answer in time"
        except OSError:
            self._held.fault = "the issuer cannot be reached"
        except ValueError as error:
            self._held.fault = str(error)
        except Exception:
            self._held.fault = "the fetch failed"
        else:
            if self._held.keys is None or keys.digest != self._held.keys.digest:
                self._unknown.clear()
            self._held.take(keys, self._clock.monotonic())
            return
        self._discovered = ""

    async def _load(self) -> KeySet:
        address = self._configured or self._discovered
        if not address:
            address = self._discovered = self._key_address(await self._get(discovery_url(self._issuer)))
        raw = await self._get(address)
        try:
            return parse_key_set(raw)
        except ValueError as error:
            raise ValueError(f"the issuer's key set {error}") from None

    async def _get(self, url: str) -> bytes:
        raw = await self._fetch(url)
        if len(raw) > MAX_DOCUMENT:
            raise ValueError("the issuer's document is too large")
        return raw

    def _key_address(self, raw: bytes) -> str:
        try:
            metadata = read_object(raw)
        except ValueError as error:
            raise ValueError(f"the issuer's discovery document {error}") from None
        if metadata.get("issuer") != self._issuer:
            raise ValueError("the discovery document names another issuer")
        address = metadata.get("jwks_uri")
        if not isinstance(address, str) or issuer_fault(address):
            raise ValueError("the discovery document's jwks_uri is not an https address")
        return address

    def _worth_asking(self, kid: str | None) -> bool:
        """Whether this kid was not found unknown a moment ago; remembered by digest, in bounded number."""
        return self._unknown.get(_digest(kid), float("-inf")) <= self._clock.monotonic()

    def _note_unknown(self, kid: str | None) -> None:
        self._unknown[_digest(kid)] = self._clock.monotonic() + self._limits.unknown_for
        while len(self._unknown) > self._limits.unknown_kids:
            self._unknown.popitem(last=False)


def _digest(kid: str | None) -> bytes:
    return hashlib.sha256((kid or "").encode("utf-8")).digest()[:16]
