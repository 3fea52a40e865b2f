"""A local issuer at which people sign in: authorization code with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0).

Whoever is on its list signs in by clicking on their name: there are no passwords, because there is nothing to protect.
"""

from __future__ import annotations

import hashlib
import hmac
import html
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from interlock.demo.issuer import Issuer
from interlock.demo.serving import Reply, Request
from interlock.identity.strict import b64url_encode
from interlock.model import JSON

__all__ = ["CLIENT", "SignInIssuer"]

CLIENT = "interlock-console"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Demo sign-in</title>
<body style="font: 1rem/1.6 system-ui; max-width: 30rem; margin: 3rem auto"><h1>Demo sign-in</h1>
<p>Nobody's password is asked for: this issuer exists for trying things out.</p>
<form method="post" action="/authorize">{hidden}{buttons}</form></body></html>"""


@dataclass(frozen=True, slots=True)
class _Code:
    person: str
    challenge: str
    nonce: str
    redirect: str
    at: float


class SignInIssuer(Issuer):
    """`people` are the subjects who may sign in, with their groups. `auth_age` (seconds) makes sign-ins look older."""

    def __init__(self, people: Mapping[str, Sequence[str]], *, port: int = 0) -> None:
        super().__init__(port=port)
        self.people = {name: [*groups] for name, groups in people.items()}
        self.auth_age = 0.0
        self._codes: dict[str, _Code] = {}

    def answer(self, request: Request) -> Reply:
        """Discovery, keys, and the two endpoints of the code flow."""
        if request.path.startswith("/.well-known/"):
            return Reply.of({
                "issuer": self.url, "jwks_uri": f"{self.url}/jwks", "token_endpoint": f"{self.url}/token",
                "authorization_endpoint": f"{self.url}/authorize", "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            })  # fmt: skip
        if request.path == "/authorize" and request.method == "GET":
            return self._ask(_fields(request.target.partition("?")[2]))
        if request.path == "/authorize" and request.method == "POST":
            return self._agree(_fields(request.body.decode()))
        if request.path == "/token" and request.method == "POST":
            return self._token(_fields(request.body.decode()))
        return super().answer(request)

    def _ask(self, asked: Mapping[str, str]) -> Reply:
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        buttons = "".join(
            f'<p><button name="person" value="{html.escape(name)}">{html.escape(name)}</button> '
            f"{html.escape(', '.join(groups))}</p>"
            for name, groups in self.people.items()
        )
        page = _PAGE.format(hidden=hidden, buttons=buttons)
        return Reply(200, page.encode(), "text/html; charset=utf-8")

    def _agree(self, asked: Mapping[str, str]) -> Reply:
        person, redirect = asked.get("person", ""), asked.get("redirect_uri", "")
        if person not in self.people or asked.get("client_id") != CLIENT or not asked.get("code_challenge"):
            return Reply.of({"error": "invalid_request"}, 400)
        code = secrets.token_urlsafe(16)
        at = time.time() - self.auth_age
        self._codes[code] = _Code(person, asked["code_challenge"], asked.get("nonce", ""), redirect, at)
        query = urlencode({"code": code, "state": asked.get("state", ""), "iss": self.url})
        return Reply(303, b"", headers={"location": f"{redirect}?{query}"})

    def _token(self, asked: Mapping[str, str]) -> Reply:
        code = self._codes.pop(asked.get("code", ""), None)
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        fits = code is not None and hmac.compare_digest(b64url_encode(proof), code.challenge)
        if code is None or not fits or code.redirect != asked.get("redirect_uri"):
            return Reply.of({"error": "invalid_grant"}, 400)
        id_token = self.id_token(code.person, nonce=code.nonce, auth_time=int(code.at))
        return Reply.of({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": id_token})

    def id_token(self, subject: str, **claims: JSON) -> str:
        """A signed ID token for the console; `claims` replace what it would say."""
        now = int(time.time())
        usual: dict[str, JSON] = {
            "iss": self.url, "sub": subject, "aud": CLIENT, "groups": list(self.people.get(subject, ())),
            "iat": now, "exp": now + 300, "auth_time": now,
        }  # fmt: skip
        return self.signed({**usual, **claims}, typ="JWT")


def _fields(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
