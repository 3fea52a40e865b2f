"""Signing people in: the authorization code flow with PKCE, at the issuer that the rules name.

OpenID Connect Core 1.0 section 3.1, RFC 7636 (S256 alone), RFC 9207 (the answer names its issuer). The browser part
is somebody else's: this makes the address to go to, and takes the answer that comes back.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from interlock.credentials import open_source
from interlock.engine.rules import Rules
from interlock.errors import Refused, TokenRejected
from interlock.identity import IdTokens, SignedIn
from interlock.identity.addresses import discovery_url, issuer_fault
from interlock.model import Secret
from interlock.ports import Clock, Fetch
from interlock.reasons import Reason

__all__ = ["Begun", "Issuer"]

_TIMEOUT = 10.0
_KEPT = 300.0


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that waits for its answer; `verifier` and `nonce` never leave the process that began it.

    `redirect` is where the answer comes to, `then` the page to go on with, `at` when it began.
    """

    state: str
    verifier: str = field(repr=False)
    nonce: str = field(repr=False)
    redirect: str
    fresh: float
    at: float
    then: str = "/"


class Issuer:
    """The console's side of one issuer."""

    def __init__(self, rules: Rules, fetch: Fetch, clock: Clock) -> None:
        """Raises Refused (TOKEN_ISSUER) where the rules have nobody sign in."""
        console = rules.console
        identity = next((entry for entry in rules.identities if entry.name == console.identity), None)
        if identity is None:
            hint = "write console: {sign_in: {from: ..., client_id: ...}} into the rules"
            raise Refused(Reason.TOKEN_ISSUER, "the rules do not say where people sign in", hint=hint)
        self._console, self._folder = console, rules.folder
        self._issuer = identity.issuer
        self._tokens = IdTokens(identity, console.client_id, fetch, clock)
        self._fetch, self._clock = fetch, clock
        self._known: tuple[float, dict[str, str]] | None = None

    async def begin(self, redirect: str, *, fresh: float = 0.0, then: str = "/") -> tuple[str, Begun]:
        """The address to send the browser to. With `fresh` the issuer is to ask anew, whoever is signed in there.

        Raises Refused (ISSUER_UNAVAILABLE).
        """
        begun = Begun(
            state=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            nonce=secrets.token_urlsafe(32),
            redirect=redirect,
            fresh=fresh,
            at=self._clock.now(),
            then=then,
        )
        endpoint = (await self._metadata())["authorization_endpoint"]
        more: dict[str, Any] = {"prompt": "login", "max_age": "0"} if fresh else {}
        async with self._client(redirect, None) as client:
            url, _ = client.create_authorization_url(
                endpoint, state=begun.state, code_verifier=begun.verifier, nonce=begun.nonce, **more
            )
        return str(url), begun

    async def complete(self, begun: Begun, answer: Mapping[str, str]) -> SignedIn:
        """Who signed in, by the answer's parameters. Raises TokenRejected, or Refused (ISSUER_UNAVAILABLE)."""
        state, code = answer.get("state", ""), answer.get("code", "")
        if not hmac.compare_digest(state.encode(), begun.state.encode()) or not code:
            raise TokenRejected(Reason.TOKEN_CLAIMS, "the answer is not for this sign-in")
        if answer.get("iss", self._issuer) != self._issuer:
            raise TokenRejected(Reason.TOKEN_ISSUER, "the answer comes from another issuer")
        endpoint = (await self._metadata())["token_endpoint"]
        secret = open_source(self._console.client_secret, self._folder).read() if self._console.client_secret else None
        async with self._client(begun.redirect, secret) as client:
            token = await _redeem(client, endpoint, code, begun.verifier)
        return await self._tokens.verify(Secret(token), nonce=begun.nonce, fresh=begun.fresh)

    def _client(self, redirect: str, secret: Secret | None) -> Any:
        from authlib.integrations.httpx_client import AsyncOAuth2Client

        return AsyncOAuth2Client(
            self._console.client_id,
            secret.reveal() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=" ".join(self._console.scopes),
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
            trust_env=False,
        )

    async def _metadata(self) -> dict[str, str]:
        """The issuer's endpoints (OpenID Connect Discovery 1.0), at addresses that may be trusted with a code.

        Asked for at most every five minutes: whoever opens the sign-in page makes us ask.
        """
        if self._known is not None and self._clock.monotonic() - self._known[0] < _KEPT:
            return self._known[1]
        try:
            found = json.loads(await self._fetch(discovery_url(self._issuer)))
            named = {name: str(found[name]) for name in ("authorization_endpoint", "token_endpoint")}
            if found.get("issuer") != self._issuer or any(issuer_fault(url) for url in named.values()):
                raise ValueError
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            raise Refused(Reason.ISSUER_UNAVAILABLE) from None
        self._known = self._clock.monotonic(), named
        return named


async def _redeem(client: Any, endpoint: str, code: str, verifier: str) -> str:
    """The ID token for a code. What the issuer says about a failure stays here: it may repeat the code."""
    import httpx
    from authlib.common.errors import AuthlibBaseError

    try:
        answered = await client.fetch_token(endpoint, code=code, code_verifier=verifier)
    except AuthlibBaseError:
        raise TokenRejected(Reason.TOKEN_CLAIMS, "the issuer did not accept the sign-in: begin again") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        raise Refused(Reason.ISSUER_UNAVAILABLE) from None
    token = answered.get("id_token")
    if not isinstance(token, str):
        raise TokenRejected(Reason.TOKEN_MISSING, "the issuer gave no ID token: ask for the scope openid")
    return token
