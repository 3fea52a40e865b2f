"""ID tokens: who signed in to the console, and nothing that is not this very sign-in."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from interlock.demo.sign_in import CLIENT, SignInIssuer
from interlock.errors import TokenRejected
from interlock.identity import IdTokens
from interlock.identity.authenticators.jwt import JwtIdentity
from interlock.identity.claims import ClaimMapping
from interlock.identity.fetch import HttpFetch
from interlock.identity.members import ClaimPath
from interlock.model import Secret
from interlock.reasons import Reason


class _Clock:
    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.fixture(scope="module")
def issuer() -> Iterator[SignInIssuer]:
    """An issuer at which two people sign in."""
    with SignInIssuer({"dba-one": ["reviewer"], "max": []}) as served:
        yield served


def identity(issuer: SignInIssuer, **more: object) -> JwtIdentity:
    """How the rules name it."""
    members = {"algorithms": frozenset({"ES256"}), "audience": ("interlock",), "types": frozenset({"jwt", "at+jwt"})}
    mapping = ClaimMapping(ClaimPath(("sub",)), (ClaimPath(("groups",)),))
    return JwtIdentity("corp", issuer.url, "jwt", mapping=mapping, **{**members, **more})  # type: ignore[arg-type]


def tokens(issuer: SignInIssuer, **more: object) -> IdTokens:
    """Its verifier."""
    return IdTokens(identity(issuer, **more), CLIENT, HttpFetch(), _Clock())


async def test_a_person_is_who_the_issuer_says(issuer: SignInIssuer) -> None:
    """Subject and groups by the identity's own mapping, and when they signed in."""
    at = int(time.time()) - 20

    token = Secret(issuer.id_token("dba-one", nonce="n", auth_time=at))
    found = await tokens(issuer).verify(token, nonce="n", fresh=300)

    assert (found.principal.issuer, found.principal.subject) == (issuer.url, "dba-one")
    assert found.principal.groups == {"reviewer"}
    assert found.at == at


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "other"}, Reason.TOKEN_CLAIMS),
        ({"nonce": None}, Reason.TOKEN_CLAIMS),
        ({"nonce": ""}, Reason.TOKEN_CLAIMS),
        ({"aud": "interlock"}, Reason.TOKEN_AUDIENCE),
        ({"aud": [CLIENT, "interlock"]}, Reason.TOKEN_AUDIENCE),
        ({"aud": None}, Reason.TOKEN_AUDIENCE),
        ({"azp": "other"}, Reason.TOKEN_AUDIENCE),
        ({"auth_time": 1}, Reason.TOKEN_TOO_OLD),
        ({"auth_time": None}, Reason.TOKEN_CLAIMS),
        ({"auth_time": True}, Reason.TOKEN_CLAIMS),
        ({"auth_time": 9e9}, Reason.TOKEN_TOO_OLD),
        ({"exp": 5}, Reason.TOKEN_EXPIRED),
        ({"exp": None}, Reason.TOKEN_CLAIMS),
        ({"iat": 1}, Reason.TOKEN_TOO_OLD),
        ({"iss": "https://elsewhere.example.com"}, Reason.TOKEN_ISSUER),
        ({"sub": ""}, Reason.TOKEN_CLAIMS),
        ({"act": {"sub": "agent"}}, Reason.TOKEN_CLAIMS),
    ],
)
async def test_another_sign_in_is_refused(issuer: SignInIssuer, claims: dict[str, object], reason: Reason) -> None:
    """Each claim alone is enough."""
    said = {"nonce": "n", "auth_time": int(time.time()), **claims}

    with pytest.raises(TokenRejected) as caught:
        await tokens(issuer).verify(Secret(issuer.id_token("dba-one", **said)), nonce="n", fresh=300)  # type: ignore[arg-type]

    assert caught.value.reason is reason


async def test_an_access_token_signs_nobody_in(issuer: SignInIssuer) -> None:
    """Neither an agent's own, nor one that copies the console's claims under the type of access tokens."""
    now = int(time.time())
    claims = {"iss": issuer.url, "sub": "dba-one", "aud": CLIENT, "nonce": "n", "auth_time": now, "exp": now + 60}

    for token, reason in (
        (issuer.token("dba-one", ["reviewer"]), Reason.TOKEN_TYPE),
        (issuer.signed(claims), Reason.TOKEN_TYPE),  # type: ignore[arg-type]
    ):
        with pytest.raises(TokenRejected) as caught:
            await tokens(issuer).verify(Secret(token), nonce="n", fresh=300)
        assert caught.value.reason is reason


async def test_a_forged_signature_is_refused(issuer: SignInIssuer) -> None:
    """Another issuer's key under this issuer's name."""
    with SignInIssuer({"dba-one": ["reviewer"]}) as other:
        token = other.id_token("dba-one", nonce="n", iss=issuer.url)

    with pytest.raises(TokenRejected) as caught:
        await tokens(issuer).verify(Secret(token), nonce="n", fresh=300)

    assert caught.value.reason is Reason.TOKEN_KEY


async def test_looking_needs_no_time_of_sign_in(issuer: SignInIssuer) -> None:
    """Where none is asked for, it counts as long ago, so that nothing is decided by it."""
    found = await tokens(issuer).verify(Secret(issuer.id_token("max", nonce="n", auth_time=None)), nonce="n", fresh=0)

    assert found.at == 0


@pytest.mark.parametrize("more", [{"demo": True}, {"audience": (CLIENT,)}])
def test_some_identities_sign_nobody_in(issuer: SignInIssuer, more: dict[str, object]) -> None:
    """A demo issuer mints for anyone, and an audience shared with agents would make their tokens sign-ins."""
    with pytest.raises(TokenRejected) as caught:
        tokens(issuer, **more)

    assert caught.value.reason is Reason.TOKEN_ISSUER
