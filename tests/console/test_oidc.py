"""The console's side of the code flow: what it asks, and which answers it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.console.serving import PEOPLE, RULES

from interlock.clocks import SystemClock
from interlock.console.oidc import Begun, Issuer
from interlock.demo.sign_in import CLIENT, SignInIssuer
from interlock.engine.rules import Rules, load_rules
from interlock.errors import Refused, TokenRejected
from interlock.identity.fetch import HttpFetch
from interlock.reasons import Reason

BACK = "http://127.0.0.1:1/signed-in"


@pytest.fixture(scope="module")
def issuer() -> Iterator[SignInIssuer]:
    """Where people sign in."""
    with SignInIssuer(PEOPLE) as served:
        yield served


@pytest.fixture
def rules(tmp_path: Path, issuer: SignInIssuer) -> Rules:
    """Rules that name it."""
    (tmp_path / "rules").mkdir()
    text = RULES.format(issuer=issuer.url, port=1, client=CLIENT, people=1)
    (tmp_path / "rules" / "rules.yaml").write_text(text, encoding="utf-8")
    return load_rules(tmp_path / "rules")


def answer(issuer: SignInIssuer, begun: Begun, url: str, person: str = "dba-one") -> dict[str, str]:
    """What the browser brings back."""
    from urllib.parse import parse_qsl, urlsplit

    import httpx

    asked = dict(parse_qsl(urlsplit(url).query))
    agreed = httpx.post(f"{issuer.url}/authorize", data={**asked, "person": person})
    return dict(parse_qsl(urlsplit(agreed.headers["location"]).query))


async def test_a_person_signs_in(rules: Rules, issuer: SignInIssuer) -> None:
    """Whoever the issuer says it was, a moment ago."""
    console = Issuer(rules, HttpFetch(), SystemClock())
    url, begun = await console.begin(BACK, fresh=300)
    found = await console.complete(begun, answer(issuer, begun, url))

    assert found.principal.subject == "dba-one"
    assert SystemClock().now() - found.at < 60


async def test_an_answer_is_taken_once(rules: Rules, issuer: SignInIssuer) -> None:
    """The code in it is worth nothing the second time, and nothing of it stands in the error."""
    console = Issuer(rules, HttpFetch(), SystemClock())
    url, begun = await console.begin(BACK)
    brought = answer(issuer, begun, url)
    await console.complete(begun, brought)

    with pytest.raises(TokenRejected) as caught:
        await console.complete(begun, brought)
    assert brought["code"] not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": "x"}, Reason.TOKEN_CLAIMS),
        ({"state": ""}, Reason.TOKEN_CLAIMS),
        ({"code": ""}, Reason.TOKEN_CLAIMS),
        ({"code": "x"}, Reason.TOKEN_CLAIMS),
        ({"iss": "https://elsewhere.example.com"}, Reason.TOKEN_ISSUER),
    ],
)
async def test_other_answers_are_refused(
    rules: Rules, issuer: SignInIssuer, change: dict[str, str], reason: Reason
) -> None:
    """Mix-up of issuers included (RFC 9207)."""
    console = Issuer(rules, HttpFetch(), SystemClock())
    url, begun = await console.begin(BACK)

    with pytest.raises(TokenRejected) as caught:
        await console.complete(begun, {**answer(issuer, begun, url), **change})

    assert caught.value.reason is reason


@pytest.mark.parametrize("member", ["verifier", "nonce"])
async def test_another_process_cannot_finish_it(rules: Rules, issuer: SignInIssuer, member: str) -> None:
    """It lacks what never left the one that began."""
    console = Issuer(rules, HttpFetch(), SystemClock())
    url, begun = await console.begin(BACK)

    with pytest.raises(TokenRejected):
        await console.complete(replace(begun, **{member: "x" * 43}), answer(issuer, begun, url))
    assert begun.verifier not in repr(begun)
    assert begun.nonce not in repr(begun)


@pytest.mark.parametrize(
    "document",
    [
        b"", b"[]", b"null", b"{}",
        {"issuer": "https://elsewhere.example.com"},
        {"authorization_endpoint": "http://elsewhere.example.com/authorize"},
        {"token_endpoint": "http://elsewhere.example.com/token"},
        {"token_endpoint": 7},
    ],
)  # fmt: skip
async def test_metadata_is_not_believed_blindly(rules: Rules, document: bytes | dict[str, object]) -> None:
    """Another issuer's, or endpoints that would send a code in the clear, end the sign-in."""
    usual = {
        "issuer": rules.identities[0].issuer,
        "authorization_endpoint": "https://idp.example.com/a",
        "token_endpoint": "https://idp.example.com/t",
    }

    async def fetch(url: str) -> bytes:
        return document if isinstance(document, bytes) else json.dumps({**usual, **document}).encode()

    with pytest.raises(Refused) as caught:
        await Issuer(rules, fetch, SystemClock()).begin(BACK)
    assert caught.value.reason is Reason.ISSUER_UNAVAILABLE


async def test_an_issuer_that_is_down_is_said(rules: Rules) -> None:
    """Nobody is signed in by what cannot be reached."""

    async def fetch(url: str) -> bytes:
        raise OSError("down")

    with pytest.raises(Refused) as caught:
        await Issuer(rules, fetch, SystemClock()).begin(BACK)
    assert caught.value.reason is Reason.ISSUER_UNAVAILABLE


def test_rules_without_a_sign_in_sign_nobody_in(rules: Rules) -> None:
    """And say what to write."""
    with pytest.raises(Refused) as caught:
        Issuer(replace(rules, console=replace(rules.console, identity="")), HttpFetch(), SystemClock())
    assert "sign_in" in caught.value.hint


async def test_an_issuer_is_not_asked_for_every_visitor(rules: Rules, issuer: SignInIssuer) -> None:
    """Whoever opens the page makes us ask once in five minutes."""
    console = Issuer(rules, HttpFetch(), SystemClock())
    before = len(issuer.seen)
    for _ in range(3):
        await console.begin(BACK)

    assert [request.path for request in issuer.seen[before:]] == ["/.well-known/openid-configuration"]
