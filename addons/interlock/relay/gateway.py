"""The gateway as the relay sees it: where it is, how to connect, and who it says we are."""

from __future__ import annotations

import asyncio
import base64
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from interlock.errors import InterlockError
from interlock.model import JSON, Secret
from interlock.relay.http1 import HEAD_LIMIT, Malformed, read_head, write_head
from interlock.settings import is_loopback

__all__ = ["GatewayAddress", "WhoAmI", "credentials", "parse_gateway", "whoami"]

_CONNECT_SECONDS = 15.0
_ANSWER_SECONDS = 30.0
_MAX_ANSWER = 64 * 1024
_WHOAMI = "http://interlock.internal/whoami"


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """The gateway's forward proxy. With `tls`, it is verified against `ca` (a PEM file) and the system's CAs."""

    host: str
    port: int
    tls: bool = False
    ca: Path | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection. Raises InterlockError when the gateway cannot be reached."""
        context = self._context() if self.tls else None
        name = self.host if self.tls else None
        try:
            return await asyncio.wait_for(
                asyncio.open_connection(self.host, self.port, ssl=context, server_hostname=name, limit=HEAD_LIMIT),
                _CONNECT_SECONDS,
            )
        except (OSError, TimeoutError) as error:
            why = "its certificate does not verify" if isinstance(error, ssl.SSLError) else "nobody answers there"
            raise InterlockError(
                f"the gateway at {self} cannot be reached: {why}", hint="start it with interlock run, or name it"
            ) from None

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca is not None:
            context.load_verify_locations(self.ca)
        return context


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """What the gateway says about the token it was shown."""

    identity: str
    subject: str
    groups: tuple[str, ...]


def parse_gateway(text: str, ca: Path | None = None, *, insecure: bool = False) -> GatewayAddress:
    """An address from `http://host:port` or `https://host:port`. Raises InterlockError.

    Plain HTTP beyond this machine would show the token to the network: only with `insecure`.
    """
    hint = "as in http://127.0.0.1:8080"
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise InterlockError(f"the gateway's address {text!r} cannot be read", hint=hint) from None
    if parts.scheme not in ("http", "https") or not host or parts.path not in ("", "/") or parts.query:
        raise InterlockError(f"{parts.scheme}://{host} is not a gateway's address", hint=hint)
    if parts.username is not None or parts.password is not None:
        raise InterlockError("the gateway's address holds a user or a password", hint="the relay adds the token itself")
    tls = parts.scheme == "https"
    if not tls and not insecure and not is_loopback(host):
        raise InterlockError(
            f"http://{host} would show the token to the network",
            hint="use https://, or add --insecure-gateway where the network is yours alone",
        )
    return GatewayAddress(host, port or (443 if tls else 8080), tls, ca)


def credentials(run: str, token: Secret) -> str:
    """The value of Proxy-Authorization: run id and token as Basic credentials (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{run}:{token.reveal()}".encode()).decode("ascii")


async def whoami(gateway: GatewayAddress, run: str, token: Secret) -> WhoAmI:
    """Ask the gateway who the token makes us. Raises InterlockError with the gateway's own words."""
    reader, writer = await gateway.open()
    try:
        headers = [
            ("Host", "interlock.internal"),
            ("Proxy-Authorization", credentials(run, token)),
            ("Accept", "application/json"),
            ("Connection", "close"),
        ]
        writer.write(write_head(f"GET {_WHOAMI} HTTP/1.1", headers))
        status, raw = await asyncio.wait_for(_answer(reader), _ANSWER_SECONDS)
    except (OSError, Malformed, TimeoutError):
        raise InterlockError(f"what answers at {gateway} is not an Interlock gateway") from None
    finally:
        writer.close()
    return _read(status, raw, gateway)


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await read_head(reader)
    if head is None or not head.status:
        raise Malformed
    lengths = head.all("content-length")
    left = int(lengths[0]) if len(lengths) == 1 and lengths[0].isdigit() else _MAX_ANSWER
    if left > _MAX_ANSWER:
        raise Malformed
    raw = b""
    while len(raw) < left and (data := await reader.read(left - len(raw))):
        raw += data
    return head.status, raw


def _read(status: int, raw: bytes, gateway: GatewayAddress) -> WhoAmI:
    import msgspec

    try:
        found: JSON = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InterlockError(f"what answers at {gateway} is not an Interlock gateway (status {status})")
    if status != 200:
        said = found.get("detail") or found.get("title")
        words = _plain(said) if isinstance(said, str) else f"status {status}"
        raise InterlockError(f"the gateway does not take the token: {words}")
    groups = found.get("groups")
    return WhoAmI(
        identity=_plain(found.get("identity")),
        subject=_plain(found.get("subject")),
        groups=tuple(_plain(group) for group in groups) if isinstance(groups, list) else (),
    )


def _plain(value: JSON) -> str:
    """A text from the gateway, fit for a terminal (invariant 11)."""
    text = value if isinstance(value, str) else ""
    return "".join(char if char.isprintable() else "?" for char in text[:500])
