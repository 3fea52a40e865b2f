"""Scheme jwt: the attacks of RFC 8725, each refused with its reason, beside the look-alike that passes."""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.identity.issuer import (
    CORP,
    ISSUER,
    NOW,
    Bench,
    Web,
    b64,
    claims,
    ec_key,
    ed_key,
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
from interlock.model import Principal, Secret
from interlock.reasons import Reason


async def test_good_token_makes_a_principal() -> None:
    """Who calls is what the token says, under the identity's name."""
    principal = await Bench().accepts(token(groups=["analyst", "dba"], azp="cli"))
    assert (principal.identity, principal.issuer, principal.subject) == ("corp", ISSUER, "erika")
    assert (principal.groups, principal.client, principal.scheme) == ({"analyst", "dba"}, "cli", "jwt")
    assert principal.expires == NOW + 600 + 30
    assert principal.claims["aud"] == "interlock"


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [("RS256", rsa_key), ("PS256", rsa_key), ("ES256", ec_key), ("EdDSA", ed_key)],
)
async def test_each_listed_algorithm_verifies(algorithm: str, key: Any) -> None:
    """What the operator lists is accepted."""
    bench = Bench(site=web(jwk(key(), "k1")))
    assert (await bench.accepts(forge(header(alg=algorithm), claims(), key()))).subject == "erika"


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "NONE", "", "RS512", "rs256", "HS256", "ES521", "x" * 5000])
async def test_algorithm_outside_the_list_is_refused(alg: str) -> None:
    """The token never widens the list, whatever the spelling."""
    candidate = Secret(f"{b64(header(alg=alg))}.{b64(claims())}.")
    assert await Bench().reason(candidate) is Reason.TOKEN_ALGORITHM


@pytest.mark.parametrize("alg", [None, 1, True, ["RS256"], {"x": 1}, ...])
async def test_algorithm_that_is_no_text_is_refused(alg: Any) -> None:
    """An algorithm of another type, or none at all, is no algorithm."""
    assert await Bench().reason(Secret(f"{b64(header(alg=alg))}.{b64(claims())}.AAAA")) is Reason.TOKEN_ALGORITHM


@pytest.mark.parametrize("form", ["pem", "jwk", "n"])
async def test_public_key_as_hmac_secret_is_refused(form: str) -> None:
    """HS/RS confusion: the issuer's public key is no secret, even where HS256 is listed."""
    public = jwk(rsa_key(), "k1")
    secret = {"pem": public_pem(rsa_key()), "jwk": json.dumps(public).encode(), "n": public["n"].encode()}[form]
    assert await Bench().reason(forge(header(alg="HS256"), claims(), secret)) is Reason.TOKEN_ALGORITHM


async def test_public_key_as_hmac_secret_is_refused_beside_a_real_secret(tmp_path: Path) -> None:
    """With HS256 listed and an oct key in the file, the RSA key beside it still verifies RS256 alone."""
    secret = b"s" * 32
    oct_key = {"kty": "oct", "kid": "h1", "k": b64(secret)}
    (tmp_path / "keys.json").write_text(json.dumps({"keys": [jwk(rsa_key(), "k1"), oct_key]}))
    text = f"[{{name: corp, issuer: '{ISSUER}', audience: interlock, algorithms: [RS256, HS256], keys: keys.json}}]"
    bench = Bench(text, base=tmp_path)
    assert (await bench.accepts(forge(header(alg="HS256", kid="h1"), claims(), secret))).subject == "erika"
    assert (await bench.accepts(token())).subject == "erika"
    confused = forge(header(alg="HS256", kid="k1"), claims(), public_pem(rsa_key()))
    assert await bench.reason(confused) is Reason.TOKEN_KEY
    assert await bench.reason(forge(header(alg="RS256", kid="h1"), claims(), rsa_key())) is Reason.TOKEN_KEY


async def test_symmetric_key_published_by_an_issuer_is_not_used() -> None:
    """A secret on the web is no secret."""
    oct_key = {"kty": "oct", "kid": "h1", "k": b64(b"s" * 32)}
    bench = Bench(site=web(jwk(rsa_key(), "k1"), oct_key))
    reason, message = await bench.refuses(forge(header(alg="RS256", kid="h1"), claims(), rsa_key()))
    assert reason is Reason.TOKEN_KEY
    assert "local file" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("jwk", jwk(rsa_key("attacker"), "k1")),
        ("jku", "https://attacker.example.net/keys"),
        ("x5u", "https://attacker.example.net/chain.pem"),
        ("x5c", ["MIIB"]),
        ("crit", ["exp"]),
        ("crit", []),
        ("zip", "DEF"),
        ("b64", False),
        ("cty", "JWT"),
        ("JKU", "https://attacker.example.net/keys"),
    ],
)
async def test_header_members_that_choose_key_or_meaning_are_refused(name: str, value: Any) -> None:
    """Even a token that verifies is refused when its header tries to choose."""
    bench = Bench()
    for key in (rsa_key(), rsa_key("attacker")):
        assert await bench.reason(forge(header(**{name: value}), claims(), key)) is Reason.TOKEN_HEADER
    assert bench.web.asked == []


@pytest.mark.parametrize(
    "kid",
    ["../../../../dev/null", "k1' OR '1'='1", "k1\x00", "/etc/hostname", "file:///dev/null", "K1", "k1 ", "é" * 250],
)
async def test_kid_is_only_ever_compared(kid: str) -> None:
    """A kid as path, as SQL or almost right finds no key."""
    assert await Bench().reason(forge(header(kid=kid), claims(), rsa_key())) is Reason.TOKEN_KEY
    empty = forge(header(kid=kid, alg="HS256"), claims(), b"\0" * 32)
    assert await Bench().reason(empty) is Reason.TOKEN_ALGORITHM


@pytest.mark.parametrize("kid", ["", "x" * 257, "x" * 9000, 1, None, ["k1"], {"k1": 1}, True])
async def test_kid_out_of_shape_is_refused(kid: Any) -> None:
    """A kid is short text."""
    bench = Bench()
    assert await bench.reason(forge(header(kid=kid), claims(), rsa_key())) is Reason.TOKEN_HEADER
    assert bench.web.asked == []


async def test_two_issuers_sharing_a_kid_stay_apart() -> None:
    """One issuer's key never verifies the other's token, though both call it k1."""
    other = "https://other.example.com"
    text = CORP + CORP.replace("corp", "other").replace(ISSUER, other)
    site = merged([web(jwk(rsa_key(), "k1")), web(jwk(rsa_key("two"), "k1"), issuer=other)])
    bench = Bench(text, site)
    assert (await bench.accepts(token())).identity == "corp"
    assert (await bench.accepts(forge(header(), claims(iss=other), rsa_key("two")))).identity == "other"
    assert await bench.reason(forge(header(), claims(iss=other), rsa_key())) is Reason.TOKEN_SIGNATURE
    assert await bench.reason(forge(header(), claims(), rsa_key("two"))) is Reason.TOKEN_SIGNATURE


@pytest.mark.parametrize(
    "iss", ["https://idp.example.com/", "https://IDP.example.com", "corp", "mtls:corp", ISSUER + "#"]
)
async def test_issuer_is_compared_exactly(iss: str) -> None:
    """Nearly the issuer is not the issuer, and is never asked."""
    bench = Bench()
    assert await bench.reason(token(iss=iss)) is Reason.TOKEN_ISSUER
    assert bench.web.asked == []


@pytest.mark.parametrize("iss", [..., "", None, 1, [ISSUER], {"a": 1}])
async def test_issuer_of_another_type_is_refused(iss: Any) -> None:
    """iss is one text."""
    assert await Bench().reason(token(iss=iss)) is Reason.TOKEN_CLAIMS


async def test_duplicate_members_are_refused() -> None:
    """Two readers could take different ones: header, claims, nested."""
    good = json.dumps(claims())
    for head, body in [
        ('{"alg":"RS256","alg":"none","typ":"JWT","kid":"k1"}', good),
        ('{"alg":"RS256","typ":"JWT","kid":"k1","\\u006bid":"k2"}', good),
        ('{"alg":"RS256","Alg":"none","typ":"JWT","kid":"k1"}', good),
        (json.dumps(header()), good[:-1] + ', "sub": "root"}'),
        (json.dumps(header()), good[:-1] + ', "x": {"a": 1, "a": 2}}'),
    ]:
        assert await Bench().reason(forge(head, body, rsa_key())) is Reason.TOKEN_MALFORMED


@pytest.mark.parametrize("typ", ["JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"])
async def test_accepted_types_pass(typ: str) -> None:
    """RFC 9068's type and the plain one, in any case."""
    assert (await Bench().accepts(forge(header(typ=typ), claims(), rsa_key()))).subject == "erika"


@pytest.mark.parametrize(
    "typ", [..., "", "ID", "dpop+jwt", "logout+jwt", "JOSE", "text/jwt", None, 1, ["JWT"], "x" * 100]
)
async def test_other_types_are_refused(typ: Any) -> None:
    """A token made for something else is no access token."""
    assert await Bench().reason(forge(header(typ=typ), claims(), rsa_key())) is Reason.TOKEN_TYPE


async def test_types_are_the_operators_choice() -> None:
    """An issuer that writes no typ can be accepted by saying so."""
    bench = Bench(CORP + "  typ: [absent]\n")
    assert (await bench.accepts(forge(header(typ=...), claims(), rsa_key()))).subject == "erika"
    assert await bench.reason(token()) is Reason.TOKEN_TYPE


@pytest.mark.parametrize(
    "members",
    [
        {"nonce": "n"},
        {"at_hash": "h"},
        {"c_hash": "h"},
        {"typ": "ID"},
        {"typ": "Refresh"},
        {"token_use": "id"},
        {"events": {}},
    ],
)
async def test_id_tokens_are_refused(members: dict[str, Any]) -> None:
    """Signed by the right issuer for the right audience, and still not an access token."""
    assert await Bench().reason(token(**members)) is Reason.TOKEN_TYPE


async def test_bearer_mark_of_an_access_token_passes() -> None:
    """The look-alikes of the marks above: typ Bearer and token_use access."""
    assert (await Bench().accepts(token(typ="Bearer", token_use="access"))).subject == "erika"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"aud": "other"}, Reason.TOKEN_AUDIENCE),
        ({"aud": ["other", "more"]}, Reason.TOKEN_AUDIENCE),
        ({"aud": []}, Reason.TOKEN_AUDIENCE),
        ({"aud": "interlock "}, Reason.TOKEN_AUDIENCE),
        ({"aud": ...}, Reason.TOKEN_CLAIMS),
        ({"aud": ["interlock", 1]}, Reason.TOKEN_CLAIMS),
        ({"aud": {"interlock": 1}}, Reason.TOKEN_CLAIMS),
        ({"exp": ...}, Reason.TOKEN_CLAIMS),
        ({"exp": "1900000000"}, Reason.TOKEN_CLAIMS),
        ({"exp": True}, Reason.TOKEN_CLAIMS),
        ({"exp": None}, Reason.TOKEN_CLAIMS),
        ({"exp": 1e300}, Reason.TOKEN_CLAIMS),
        ({"exp": int(NOW) - 30}, Reason.TOKEN_EXPIRED),
        ({"exp": 0}, Reason.TOKEN_EXPIRED),
        ({"nbf": int(NOW) + 31}, Reason.TOKEN_NOT_YET),
        ({"nbf": "soon"}, Reason.TOKEN_CLAIMS),
        ({"iat": int(NOW) + 31}, Reason.TOKEN_NOT_YET),
        ({"iat": -1}, Reason.TOKEN_CLAIMS),
        ({"sub": ...}, Reason.TOKEN_CLAIMS),
        ({"sub": ""}, Reason.TOKEN_CLAIMS),
        ({"sub": "   "}, Reason.TOKEN_CLAIMS),
        ({"sub": 7}, Reason.TOKEN_CLAIMS),
        ({"sub": "x" * 257}, Reason.TOKEN_CLAIMS),
        ({"sub": "erika\u202e"}, Reason.TOKEN_CLAIMS),
        ({"sub": "erika\n"}, Reason.TOKEN_CLAIMS),
        ({"groups": {"admin": True}}, Reason.TOKEN_CLAIMS),
        ({"groups": ["a", 1]}, Reason.TOKEN_CLAIMS),
        ({"groups": None}, Reason.TOKEN_CLAIMS),
        ({"groups": [["admin"]]}, Reason.TOKEN_CLAIMS),
    ],
)
async def test_wrong_claims_are_refused(members: dict[str, Any], reason: Reason) -> None:
    """Each check has its own reason."""
    assert await Bench().reason(token(**members)) is reason


@pytest.mark.parametrize(
    "members",
    [
        {"aud": ["other", "interlock"]},
        {"exp": int(NOW) - 29},
        {"exp": NOW + 0.5},
        {"nbf": int(NOW) + 30},
        {"iat": int(NOW) + 30},
        {"iat": ...},
        {"groups": "analyst"},
        {"groups": []},
    ],
)
async def test_claims_at_the_edge_pass(members: dict[str, Any]) -> None:
    """The benign neighbours of the refusals above, within 30 s of skew."""
    assert (await Bench().accepts(token(**members))).subject == "erika"


async def test_one_text_is_one_group() -> None:
    """A space or comma in it separates nothing."""
    assert (await Bench().accepts(token(groups="a b,c"))).groups == {"a b,c"}


async def test_max_age_counts_from_issue() -> None:
    """Older than max_age is too old, though exp is far; without iat nobody can tell; expires tells the earlier end."""
    bench = Bench(CORP + "  max_age: 1h\n")
    far = int(NOW) + 90000
    assert await bench.reason(token(iat=int(NOW) - 3630, exp=far)) is Reason.TOKEN_TOO_OLD
    assert await bench.reason(token(iat=..., exp=far)) is Reason.TOKEN_CLAIMS
    assert (await bench.accepts(token(iat=int(NOW) - 3629, exp=far))).expires == NOW + 1


async def test_weak_and_misfit_keys_are_never_used() -> None:
    """A short RSA key, a key for encryption, a key for another algorithm or curve: the kid exists, the key does not."""
    weak = rsa_key("weak", 1024)
    cases = [
        (jwk(weak, "k1"), forge(header(), claims(), weak)),
        (jwk(rsa_key(), "k1", use="enc"), token()),
        (jwk(rsa_key(), "k1", key_ops=["encrypt"]), token()),
        (jwk(rsa_key(), "k1", alg="PS256"), token()),
        (jwk(rsa_key(), "k1", alg="RSA-OAEP"), token()),
        (jwk(ec_key(), "k1"), token()),
        (jwk(ec_key("p384", ec.SECP384R1), "k1"), forge(header(alg="ES256"), claims(), ec_key())),
        (jwk(rsa_key(), "k1"), forge(header(alg="ES256"), claims(), ec_key())),
        (jwk(rsa_key(), "k1"), forge(header(alg="EdDSA"), claims(), ed_key())),
    ]
    for published, candidate in cases:
        assert await Bench(site=web(published, jwk(ed_key("spare"), "spare"))).reason(candidate) is Reason.TOKEN_KEY


async def test_rs_and_ps_signatures_are_not_the_same() -> None:
    """A PKCS#1 signature under a PS header, and the other way round, does not verify."""
    assert await Bench().reason(forge(header(alg="PS256"), claims(), rsa_key(), "RS256")) is Reason.TOKEN_SIGNATURE
    assert await Bench().reason(forge(header(alg="RS256"), claims(), rsa_key(), "PS256")) is Reason.TOKEN_SIGNATURE


async def test_signature_stripped_changed_or_truncated_is_refused() -> None:
    """Without its whole signature a token is nothing."""
    signed, _, signature = token().reveal().rpartition(".")
    flipped = ("A" if signature[9] != "A" else "B").join((signature[:9], signature[10:]))
    for bad in ("", signature[:340], signature[:172], flipped, b64(b"\0" * 256)):
        assert await Bench().reason(Secret(f"{signed}.{bad}")) is Reason.TOKEN_SIGNATURE
    assert await Bench().reason(Secret(signed)) is Reason.TOKEN_MALFORMED
    zero = forge(header(alg="ES256"), claims(), ec_key()).reveal().rpartition(".")[0] + "." + b64(b"\0" * 64)
    assert await Bench(site=web(jwk(ec_key(), "k1"))).reason(Secret(zero)) is Reason.TOKEN_SIGNATURE


async def test_changed_claims_are_refused() -> None:
    """The signature covers the claims as they were written."""
    head, _, signature = token().reveal().split(".")
    assert await Bench().reason(Secret(f"{head}.{b64(claims(sub='root'))}.{signature}")) is Reason.TOKEN_SIGNATURE


async def test_nested_and_encrypted_tokens_are_refused() -> None:
    """Only one signed layer is understood."""
    inner = token().reveal()
    assert await Bench().reason(forge(header(), inner, rsa_key())) is Reason.TOKEN_MALFORMED
    assert await Bench().reason(forge(header(), json.dumps(inner), rsa_key())) is Reason.TOKEN_MALFORMED
    assert await Bench().reason(Secret("a.b.c.d.e")) is Reason.TOKEN_MALFORMED


async def test_signature_is_judged_before_claims() -> None:
    """A forged token learns nothing about audience, time or subject."""
    for members in ({"aud": "x"}, {"exp": 1}, {"sub": ""}, {"nonce": "x"}, {"cnf": {"jkt": "x"}}):
        assert await Bench().reason(forge(header(), claims(**members), rsa_key("attacker"))) is Reason.TOKEN_SIGNATURE


async def test_token_without_kid_needs_the_only_fitting_key() -> None:
    """With one key that fits there is no choice; with two the gateway does not try."""
    candidate = forge(header(kid=...), claims(), rsa_key())
    assert (await Bench(site=web(jwk(rsa_key(), "k1"), jwk(ec_key(), "k2"))).accepts(candidate)).subject == "erika"
    two = web(jwk(rsa_key(), "k1"), jwk(rsa_key("two"), "k2"))
    assert await Bench(site=two).reason(candidate) is Reason.TOKEN_KEY


async def test_claims_come_from_any_path() -> None:
    """Nested members, quoted names and token exchange: the actor is the subject, and for whom is kept."""
    text = CORP.replace(
        "claims: {subject: sub, groups: groups}",
        "claims: {subject: act.sub, acting_for: sub, roles: realm_access.roles, groups: \"$['https://x.example/groups']\"}",
    )
    candidate = token(
        act={"sub": "svc:bot"}, realm_access={"roles": ["dba"]}, **{"https://x.example/groups": ["analyst"]}
    )
    principal = await Bench(text).accepts(candidate)
    assert (principal.subject, principal.acting_for) == ("svc:bot", "erika")
    assert principal.groups == {"dba", "analyst"}
    assert await Bench(text).reason(token()) is Reason.TOKEN_CLAIMS


async def test_subjects_narrow_who_is_accepted() -> None:
    """An identity may be for some subjects only."""
    bench = Bench(CORP + "  subjects: ['svc:*', erika]\n")
    assert (await bench.accepts(token())).subject == "erika"
    assert (await bench.accepts(token(sub="svc:bot"))).subject == "svc:bot"
    assert await bench.reason(token(sub="max")) is Reason.TOKEN_CLAIMS
    assert await bench.reason(token(sub="erika2")) is Reason.TOKEN_CLAIMS


_CERTIFICATE = b"0\x82 a certificate in DER"


async def test_bound_token_needs_its_certificate() -> None:
    """cnf with x5t#S256 is verified on every use, also from the cache."""
    candidate = token(cnf={"x5t#S256": b64(hashlib.sha256(_CERTIFICATE).digest())})
    bench = Bench()
    assert await bench.reason(candidate) is Reason.TOKEN_BINDING
    assert (await bench.accepts(candidate, certificate=_CERTIFICATE)).subject == "erika"
    assert bench.verifier.cached(candidate) is None
    assert bench.verifier.cached(candidate, certificate=b"another") is None
    assert bench.verifier.cached(candidate, certificate=_CERTIFICATE) is not None
    assert await bench.reason(candidate, certificate=b"another") is Reason.TOKEN_BINDING
    assert await bench.reason(candidate) is Reason.TOKEN_BINDING


@pytest.mark.parametrize(
    "cnf",
    [
        {"jkt": "x"}, {"jwk": {}}, {"kid": "x"}, {}, None, "x", [],
        {"x5t#S256": b64(b"\0" * 32), "jkt": "x"},
        {"x5t#S256": ""}, {"x5t#S256": b64(b"\0" * 31)}, {"x5t#S256": 1}, {"x5t#S256": "===="},
    ],
)  # fmt: skip
async def test_other_confirmation_methods_are_refused(cnf: Any) -> None:
    """What cannot be verified is not ignored."""
    assert await Bench().reason(token(cnf=cnf), certificate=_CERTIFICATE) is Reason.TOKEN_BINDING


async def test_size_comes_first() -> None:
    """A token over the limit is not even taken apart."""
    bench = Bench()
    assert await bench.reason(Secret("a" * 16385)) is Reason.TOKEN_TOO_LARGE
    assert await bench.reason(token(pad="x" * 16384)) is Reason.TOKEN_TOO_LARGE
    assert bench.web.asked == []


_PIECES = st.sampled_from(
    [".", "..", "e30", b64(header()), b64(claims()), "AAAA", "=", "\x00", "é", "\ud800", "{}", "none"]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1")), st.lists(_PIECES).map("".join)))
def test_any_text_is_refused_and_nothing_else(text: str) -> None:
    """Whatever stands where a token should: TokenRejected, and no other error."""
    with pytest.raises(TokenRejected) as caught:
        asyncio.run(Bench().verifier.verify(Secret(text)))
    assert caught.value.reason is not Reason.INTERNAL_ERROR


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(["iss", "aud", "sub", "exp", "nbf", "iat", "groups", "cnf", "azp", "typ", "act"])


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(_NAMES, _JSON, min_size=1, max_size=4),
    st.dictionaries(st.sampled_from(["alg", "typ", "kid"]), _JSON),
)
def test_any_signed_claims_give_a_principal_or_a_refusal(body: dict[str, Any], head: dict[str, Any]) -> None:
    """Even an issuer gone mad cannot raise anything but a refusal."""
    candidate = forge({**header(), **head}, {**claims(), **body}, ed_key(), "EdDSA")
    good = forge({**header(alg="EdDSA")}, {**claims(), **body}, ed_key())
    bench = Bench(site=web(jwk(ed_key(), "k1")))
    for each in (candidate, good):
        outcome = asyncio.run(_outcome(bench, each))
        assert outcome is not Reason.INTERNAL_ERROR
        assert isinstance(outcome, Reason) or outcome.expires > NOW


async def _outcome(bench: Bench, candidate: Secret) -> Principal | Reason:
    try:
        return await bench.verifier.verify(candidate)
    except TokenRejected as rejected:
        return rejected.reason


async def test_unreachable_issuer_is_unavailable() -> None:
    """No keys, no principal."""
    assert await Bench(site=Web()).reason(token()) is Reason.ISSUER_UNAVAILABLE
