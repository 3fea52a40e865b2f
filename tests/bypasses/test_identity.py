"""Being somebody else: tokens in odd places, forged ones, confused ones; each with the caller who must get in."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.identity.issuer import (
    ISSUER,
    NOW,
    Bench,
    b64,
    claims,
    ec_key,
    forge,
    header,
    jwk,
    merged,
    public_pem,
    rsa_key,
    token,
    web,
)

from interlock.errors import TokenRejected
from interlock.identity.presented import Placement, present, within
from interlock.model import Secret
from interlock.reasons import Reason

GOOD = "aaa.bbb.ccc"
OTHER = "ddd.eee.fff"
EVERY = tuple(Placement)
FORWARD = (Placement.FORWARD_CONNECT, Placement.FORWARD_REQUEST, Placement.TUNNEL)


def basic(text: str) -> str:
    """Basic credentials of any text."""
    return "Basic " + base64.b64encode(text.encode()).decode()


def refused(headers: list[tuple[str, str]], placement: Placement) -> Reason:
    """Why these headers are refused."""
    with pytest.raises(TokenRejected) as caught:
        present(headers, placement)
    assert GOOD not in str(caught.value) + repr(caught.value) + caught.value.hint
    return caught.value.reason


@pytest.mark.parametrize("placement", FORWARD)
@pytest.mark.parametrize(
    "value",
    [
        basic(f"run:{GOOD}:x"),
        basic(f"run:x:{GOOD}"),
        basic(f"a:b:{GOOD}"),
        basic(f"../../etc:{GOOD}"),
        basic(f"run\n:{GOOD}"),
        basic(f"rün:{GOOD}"),
        basic(GOOD),
        basic("run:"),
        basic(f"run:{GOOD}\n"),
        f"Basic {GOOD}",
        f"Bearer {GOOD} {OTHER}",
        f"Bearer {GOOD},{OTHER}",
        f"Bearer\t{GOOD}",
        f"Digest {GOOD}",
        f"Negotiate {GOOD}",
        GOOD,
        "Bearer ",
        "Bearer",
        "",
        f'Bearer "{GOOD}"',
        f"Bearer {GOOD}\x00",
        f"Bearer {GOOD}é",
    ],
)
def test_credentials_out_of_shape_are_refused(placement: Placement, value: str) -> None:
    """A colon in the token, another scheme, two tokens in one: nothing is guessed."""
    assert refused([("Proxy-Authorization", value)], placement) in (
        Reason.TOKEN_MALFORMED, Reason.TOKEN_MISSING, Reason.RUN_REFUSED,
    )  # fmt: skip


@pytest.mark.parametrize("placement", EVERY)
@pytest.mark.parametrize("again", ["proxy-authorization", "PROXY-AUTHORIZATION", "Proxy-Authorization"])
def test_a_header_that_stands_twice_is_refused(placement: Placement, again: str) -> None:
    """The same token or another: no reader may choose."""
    for value in (GOOD, OTHER):
        headers = [("Proxy-Authorization", f"Bearer {GOOD}"), (again, f"Bearer {value}")]
        assert refused(headers, placement) is Reason.DUPLICATE_HEADER


def test_two_places_must_agree() -> None:
    """At a base URL the key and the bearer token are one, or the caller is nobody."""
    headers = [("authorization", f"Bearer {GOOD}"), ("x-api-key", OTHER)]
    assert refused(headers, Placement.REVERSE) is Reason.TOKEN_AMBIGUOUS
    same = present([("authorization", f"Bearer {GOOD}"), ("x-api-key", GOOD)], Placement.REVERSE)
    assert same.token == Secret(GOOD)


@pytest.mark.parametrize("placement", FORWARD)
@pytest.mark.parametrize(
    "name", ["authorization", "x-api-key", "cookie", "x-forwarded-user", "x-proxy-authorization", "proxy_authorization"]
)
def test_a_token_elsewhere_is_no_identity(placement: Placement, name: str) -> None:
    """What is meant for the upstream, or only looks like our header, says nothing about who calls."""
    assert present([(name, f"Bearer {GOOD}")], placement).token is None


@pytest.mark.parametrize("placement", EVERY)
def test_whatever_carries_a_token_is_taken_off(placement: Placement) -> None:
    """The proxy's header and the run's never travel on."""
    assert {"proxy-authorization", "x-interlock-run"} <= present([], placement).strip


@pytest.mark.parametrize(
    ("outer", "inner", "reason"),
    [
        (
            [("proxy-authorization", f"Bearer {GOOD}")],
            [("proxy-authorization", f"Bearer {OTHER}")],
            Reason.TOKEN_AMBIGUOUS,
        ),
        ([], [("proxy-authorization", f"Bearer {GOOD}")], Reason.TOKEN_AMBIGUOUS),
        ([("proxy-authorization", basic(f"one:{GOOD}"))], [("x-interlock-run", "two")], Reason.RUN_REFUSED),
    ],
)
def test_nobody_else_speaks_inside_a_tunnel(outer: Any, inner: Any, reason: Reason) -> None:
    """Another token, a token where the CONNECT had none, another run."""
    connect = present(outer, Placement.FORWARD_CONNECT)
    with pytest.raises(TokenRejected) as caught:
        within(connect, present(inner, Placement.TUNNEL))
    assert caught.value.reason is reason


def test_the_caller_of_a_tunnel_stays_who_it_is() -> None:
    """The look-alike: the same token again, or nothing."""
    connect = present([("proxy-authorization", basic(f"run-1:{GOOD}"))], Placement.FORWARD_CONNECT)
    for inner in ([], [("proxy-authorization", f"Bearer {GOOD}")], [("x-interlock-run", "run-1")]):
        found = within(connect, present(inner, Placement.TUNNEL))
        assert (found.token, found.run) == (Secret(GOOD), "run-1")


# -- tokens


@pytest.mark.parametrize(
    "head",
    [
        header(alg="none"),
        header(alg="HS256"),
        header(jku="https://attacker.example.net/keys"),
        header(jwk=jwk(rsa_key("attacker"), "k1")),
        header(x5u="https://attacker.example.net/x"),
        header(kid="../../../dev/null"),
        header(kid="k1' OR '1'='1"),
        header(kid=["k1"]),
        header(kid=""),
        header(typ="JWT+id"),
        header(crit=["exp"]),
        header(b64=False),
        header(cty="JWT"),
    ],
)
async def test_a_header_chooses_neither_key_nor_algorithm(head: dict[str, Any]) -> None:
    """Signed by the attacker's key, by the public key as a secret, or by nothing at all."""
    bench = Bench()
    asked_before = list(bench.web.asked)
    body = b64(claims())
    candidates = [Secret(f"{b64(head)}.{body}.")]
    if head["alg"] == "RS256":
        candidates.append(forge(head, claims(), rsa_key("attacker")))
    if head["alg"] == "HS256":
        candidates.append(forge(head, claims(), public_pem(rsa_key())))
    for candidate in candidates:
        await bench.refuses(candidate)
    assert not [url for url in bench.web.asked[len(asked_before) :] if not url.startswith(ISSUER)]


@pytest.mark.parametrize(
    "members",
    [
        {"iss": f"{ISSUER}/"},
        {"iss": ISSUER.upper()},
        {"iss": "https://attacker.example.net"},
        {"iss": [ISSUER]},
        {"aud": "other"},
        {"aud": "Interlock"},
        {"aud": ["other"]},
        {"aud": {"interlock": 1}},
        {"aud": "interlock other"},
        {"exp": int(NOW) - 60},
        {"exp": str(int(NOW) + 600)},
        {"exp": True},
        {"exp": ...},
        {"nbf": int(NOW) + 600},
        {"iat": int(NOW) + 600},
        {"sub": ""},
        {"sub": " "},
        {"sub": ["erika"]},
        {"sub": "erika\u202eakire"},
        {"sub": "erika\x00"},
        {"sub": ...},
        {"groups": {"admin": True}},
        {"groups": [["admin"]]},
        {"groups": [1]},
        {"groups": ["a\nb"]},
        {"nonce": "x"},
        {"token_use": "id"},
        {"cnf": {"jkt": "x"}},
        {"cnf": {}},
        {"cnf": {"x5t#S256": b64(b"x" * 32)}},
    ],
)
async def test_claims_of_another_kind_are_refused(members: dict[str, Any]) -> None:
    """Another issuer, audience, time, type, or a token bound to a key that nobody shows."""
    candidate = token(**members)
    await Bench().refuses(candidate)


@pytest.mark.parametrize(
    "body",
    [
        '{"iss": "%s", "aud": "interlock", "sub": "max", "sub": "erika", "exp": 1800000600}',
        '{"iss": "%s", "aud": "interlock", "sub": "max", "\\u0073ub": "erika", "exp": 1800000600}',
        '{"iss": "https://other.example", "iss": "%s", "aud": "interlock", "sub": "erika", "exp": 1800000600}',
        '["%s"]',
        '"%s"',
        '{"iss": "%s", "aud": "interlock", "sub": "erika", "exp": 1800000600} {}',
        '{"iss": "%s", "aud": "interlock", "sub": "erika", "exp": 1e400}',
        '\ufeff{"iss": "%s", "aud": "interlock", "sub": "erika", "exp": 1800000600}',
    ],
)
async def test_a_payload_with_two_readings_is_refused(body: str) -> None:
    """Rightly signed by the issuer, and still not taken."""
    await Bench().refuses(forge(header(), body % ISSUER, rsa_key()))


async def test_one_issuers_key_signs_for_no_other() -> None:
    """Two issuers, one key id: each verifies its own tokens alone."""
    other = "https://other.example.com"
    text = f"""
- {{name: corp, issuer: {ISSUER}, audience: interlock, algorithms: [RS256]}}
- {{name: other, issuer: {other}, audience: interlock, algorithms: [RS256]}}
"""
    site = merged([web(), web(jwk(rsa_key("other"), "k1"), issuer=other)])
    bench = Bench(text, site=site)
    assert (await bench.accepts(token())).identity == "corp"
    assert (await bench.accepts(forge(header(), claims(iss=other), rsa_key("other")))).identity == "other"
    assert await bench.reason(forge(header(), claims(iss=other), rsa_key())) is Reason.TOKEN_SIGNATURE
    assert await bench.reason(forge(header(), claims(), rsa_key("other"))) is Reason.TOKEN_SIGNATURE


async def test_a_token_that_was_good_is_judged_again() -> None:
    """The memory of verified tokens knows the time, and is no place to look a token up by its beginning."""
    bench = Bench()
    good = token()
    await bench.accepts(good)
    raw = good.reveal()
    for changed in (raw[:-4] + "AAAA", raw + ".", raw + "=", raw.replace(".", "..", 1), raw[:-1]):
        await bench.refuses(Secret(changed))
    bench.clock.time += 3600
    assert await bench.reason(good) is Reason.TOKEN_EXPIRED


async def test_a_list_in_one_text_is_one_group() -> None:
    """Nothing is split: `admin,dba` is the name of a group that does not exist."""
    principal = await Bench().accepts(token(groups="admin,dba admin"))
    assert principal.groups == {"admin,dba admin"}


@pytest.mark.parametrize("member", ["admin", "a.b", "a b", "groups.0", "__class__", "0"])
async def test_a_claims_path_finds_only_its_own_claim(member: str) -> None:
    """Names with dots, or like places in a list, are no way into another claim."""
    principal = await Bench().accepts(token(groups=["reader"], **{member: ["admin"]}))
    assert principal.groups == {"reader"}


async def test_who_may_come_in_does() -> None:
    """The look-alikes: the issuer's own tokens, of each kind it signs."""
    assert (await Bench().accepts(token(groups=["a", "b"]))).groups == {"a", "b"}
    bench = Bench(site=web(jwk(ec_key(), "e1")))
    assert (await bench.accepts(forge(header(alg="ES256", kid="e1"), claims(), ec_key()))).subject == "erika"
