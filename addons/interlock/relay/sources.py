"""Where an agent's token comes from: a command, a file, a token endpoint (client credentials), a demo issuer."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from interlock.errors import InterlockError
from interlock.identity import Identity, mint
from interlock.model import JSON, Secret

__all__ = ["ClientCredentials", "CommandToken", "DemoToken", "FileToken"]

_MAX_TOKEN = 16 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+\Z")
_COMMAND_SECONDS = 60.0
_ENDPOINT_SECONDS = 20.0
_MAX_ANSWER = 256 * 1024


def _token(text: str, where: str) -> Secret:
    """The token in a text; surrounding white space is not part of it. Raises InterlockError."""
    stripped = text.strip()
    if not stripped:
        raise InterlockError(f"{where} gave no token")
    if len(stripped) > _MAX_TOKEN or not _TOKEN.match(stripped):
        raise InterlockError(f"what {where} gave is not a token", hint="it has to be the token alone, on one line")
    return Secret(stripped)


@dataclass(frozen=True, slots=True)
class CommandToken:
    """What a command writes to its standard output; run without a shell, in the caller's own environment."""

    command: str = field(repr=False)

    async def fetch(self) -> Secret:
        """Run it. Raises InterlockError; what the command wrote is never repeated."""
        try:
            words = shlex.split(self.command)
            if not words:
                raise InterlockError("the token command is empty")
            child = await asyncio.create_subprocess_exec(
                *words,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
                limit=2 * _MAX_TOKEN,
            )
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be split into words"
            raise InterlockError(f"the token command cannot be run: {why}") from None
        try:
            return await asyncio.wait_for(self._read(child), _COMMAND_SECONDS)
        except TimeoutError:
            raise InterlockError("the token command took longer than a minute") from None
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.communicate()  # asyncio only ends a child whose pipe was read to its end

    @staticmethod
    async def _read(child: asyncio.subprocess.Process) -> Secret:
        output = b""
        while child.stdout is not None and (data := await child.stdout.read(_MAX_TOKEN)):
            output += data
            if len(output) > 2 * _MAX_TOKEN:
                raise InterlockError("the token command wrote more than a token")
        if code := await child.wait():
            raise InterlockError(f"the token command ended with status {code}", hint="run it by hand to see why")
        return _token(output.decode("utf-8", "replace"), "the token command")


@dataclass(frozen=True, slots=True)
class FileToken:
    """A file that somebody keeps fresh; read anew for every token."""

    path: Path

    async def fetch(self) -> Secret:
        """Read it. Raises InterlockError."""
        try:
            with self.path.open("rb") as file:
                raw = file.read(2 * _MAX_TOKEN)
        except OSError as error:
            raise InterlockError(f"the token file {self.path} cannot be read: {error.strerror}") from None
        return _token(raw.decode("utf-8", "replace"), f"the token file {self.path}")


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """OAuth 2.0 client credentials (RFC 6749 section 4.4); the client authenticates with HTTP Basic."""

    endpoint: str
    client: str
    secret: Secret
    scope: str = ""
    audience: str = ""
    resource: str = ""

    async def fetch(self) -> Secret:
        """Ask the token endpoint. Raises InterlockError; neither secret nor answer are repeated."""
        import httpx

        form = {"grant_type": "client_credentials"}
        wanted = (("scope", self.scope), ("audience", self.audience), ("resource", self.resource))
        form.update({name: value for name, value in wanted if value})
        auth = httpx.BasicAuth(_form(self.client), _form(self.secret.reveal()))
        try:
            async with (
                httpx.AsyncClient(timeout=_ENDPOINT_SECONDS, follow_redirects=False, trust_env=False) as client,
                client.stream("POST", self.endpoint, data=form, auth=auth) as answer,
            ):
                raw = b""
                async for data in answer.aiter_bytes():
                    raw += data
                    if len(raw) > _MAX_ANSWER:
                        raise InterlockError("the token endpoint's answer is too large")
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise InterlockError(f"the token endpoint cannot be reached ({type(error).__name__})") from None
        return self._read(status, raw)

    @staticmethod
    def _read(status: int, raw: bytes) -> Secret:
        import msgspec

        if status != 200:
            raise InterlockError(f"the token endpoint answered {status}", hint="look at client id, secret and scope")
        try:
            found = msgspec.json.decode(raw)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            found = None
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str):
            raise InterlockError("the token endpoint's answer holds no access_token")
        return _token(token, "the token endpoint")


@dataclass(frozen=True, slots=True)
class DemoToken:
    """Minted on the spot by an issuer marked `demo: true`."""

    identity: Identity
    claims: Mapping[str, JSON]
    lifetime: float = 900.0

    async def fetch(self) -> Secret:
        """Mint one. Raises InterlockError."""
        return mint(self.identity, self.claims, self.lifetime, now=time.time())


def _form(text: str) -> str:
    """RFC 6749 section 2.3.1: both halves are form-encoded before they become Basic credentials."""
    from urllib.parse import quote_plus

    return quote_plus(text)
