"""The demo's issuer signs people in as an OpenID provider does: by code, with PKCE, once."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from interlock.demo.sign_in import CLIENT, SignInIssuer

VERIFIER = "v" * 43
ASKED = {
    "client_id": CLIENT,
    "redirect_uri": "http://127.0.0.1:1/back",
    "state": "s",
    "nonce": "n",
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
}


def code(client: httpx.Client, **more: str) -> str:
    """What comes back in the address after somebody clicked on their name."""
    answered = client.post("/authorize", data={**ASKED, "person": "dba-one", **more})
    return parse_qs(urlsplit(answered.headers["location"]).query)["code"][0]


def redeemed(client: httpx.Client, found: str, verifier: str = VERIFIER) -> httpx.Response:
    """What the token endpoint says to it."""
    return client.post("/token", data={"code": found, "code_verifier": verifier, "redirect_uri": ASKED["redirect_uri"]})


def test_a_code_is_worth_one_id_token() -> None:
    """For the person who clicked, with the nonce that was asked for."""
    with SignInIssuer({"dba-one": ["reviewer"]}) as issuer, httpx.Client(base_url=issuer.url) as client:
        assert "dba-one" in client.get("/authorize", params=ASKED).text
        found = code(client)
        first, second = redeemed(client, found), redeemed(client, found)

    payload = first.json()["id_token"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert (claims["sub"], claims["nonce"], claims["groups"]) == ("dba-one", "n", ["reviewer"])
    assert second.json() == {"error": "invalid_grant"}


@pytest.mark.parametrize("person", ["dba-one", "nobody"])
def test_nothing_is_given_to_who_only_saw_the_code(person: str) -> None:
    """Without the verifier the code is worth nothing, and who is not on the list gets none."""
    with SignInIssuer({"dba-one": []}) as issuer, httpx.Client(base_url=issuer.url) as client:
        if person == "nobody":
            assert client.post("/authorize", data={**ASKED, "person": person}).status_code == 400
        else:
            assert redeemed(client, code(client), "w" * 43).status_code == 400
