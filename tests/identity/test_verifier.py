"""The verifier: the cache judges time again, and what nobody foresaw is a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from tests.identity.issuer import CORP, NOW, Bench, Clock, Web, claims, forge, header, read, rsa_key, token

from interlock.errors import TokenRejected
from interlock.identity import Verifier
from interlock.identity.identity import Limits
from interlock.model import Secret
from interlock.reasons import Reason


async def test_verified_token_is_cached_and_never_kept() -> None:
    """The second time nothing is verified; the token itself is nowhere."""
    bench = Bench()
    candidate = token()
    assert bench.verifier.cached(candidate) is None
    principal = await bench.accepts(candidate)
    assert bench.verifier.cached(candidate) is principal
    assert await bench.accepts(candidate) is principal
    assert candidate.reveal() not in repr(vars(bench.verifier._tokens))


async def test_cached_expiry_is_judged_again() -> None:
    """At the end of its time, skew included, the cache no longer knows it, and verification says why."""
    bench = Bench(CORP + "  max_age: 300s\n")
    candidate, short = token(), token(exp=int(NOW) + 100)
    principal = await bench.accepts(candidate)
    await bench.accepts(short)
    bench.clock.time = NOW + 129
    assert bench.verifier.cached(short) is not None
    bench.clock.time = NOW + 130
    assert bench.verifier.cached(short) is None
    assert await bench.reason(short) is Reason.TOKEN_EXPIRED
    bench.clock.time = NOW + 330
    assert bench.verifier.cached(candidate) is None
    assert await bench.reason(candidate) is Reason.TOKEN_TOO_OLD
    assert not bench.verifier.still_valid(principal, bench.clock.time)


async def test_cached_not_before_is_judged_again() -> None:
    """A clock that is set back makes a token early again."""
    bench = Bench()
    candidate = token(nbf=int(NOW) + 20)
    await bench.accepts(candidate)
    bench.clock.time = NOW - 20
    assert bench.verifier.cached(candidate) is None
    assert await bench.reason(candidate) is Reason.TOKEN_NOT_YET


async def test_refusals_are_not_cached() -> None:
    """What is refused now may be good later, and refusals fill no memory."""
    bench = Bench()
    candidate = token(nbf=int(NOW) + 100)
    assert await bench.reason(candidate) is Reason.TOKEN_NOT_YET
    assert len(bench.verifier._tokens) == 0
    bench.clock.time = NOW + 100
    assert (await bench.accepts(candidate)).subject == "erika"


async def test_cache_is_bounded() -> None:
    """A client with a thousand tokens fills no memory."""
    bench = Bench(limits=Limits(cache=3))
    for number in range(10):
        await bench.accepts(token(sub=f"s{number}"))
    assert len(bench.verifier._tokens) == 3


async def test_near_copy_of_a_cached_token_is_not_known() -> None:
    """One changed character is another token."""
    bench = Bench()
    candidate = token().reveal()
    await bench.accepts(token())
    signed, _, signature = candidate.rpartition(".")
    assert bench.verifier.cached(Secret(f"{signed}.{signature[:-4]}AAAA")) is None


async def test_principal_of_another_gateway_is_not_still_valid() -> None:
    """Only this verifier's identities count."""
    bench = Bench()
    principal = await bench.accepts(token())
    assert bench.verifier.still_valid(principal, NOW)
    assert not bench.verifier.still_valid(principal, principal.expires)
    assert not Verifier((), Web(), Clock()).still_valid(principal, NOW)
    assert not Bench(CORP.replace("corp", "other")).verifier.still_valid(principal, NOW)


async def test_no_identities_accept_nobody() -> None:
    """An empty list denies (invariant 2)."""
    verifier = Verifier((), Web(), Clock())
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(token())
    assert caught.value.reason is Reason.TOKEN_ISSUER
    with pytest.raises(TokenRejected) as caught:
        verifier.verify_certificate([b"x"])
    assert caught.value.reason is Reason.CERTIFICATE_REFUSED


async def test_a_fetch_that_misbehaves_is_a_refusal() -> None:
    """A port that raises or returns what it must not: unavailable, and nothing escapes."""

    async def broken(url: str) -> Any:
        raise RuntimeError(url)

    async def mistyped(url: str) -> Any:
        return None

    for fetch in (broken, mistyped):
        bench = Bench()
        verifier = Verifier(bench.identities, fetch, bench.clock)
        with pytest.raises(TokenRejected) as caught:
            await verifier.verify(token())
        assert caught.value.reason is Reason.ISSUER_UNAVAILABLE


async def test_what_nobody_foresaw_is_a_refusal() -> None:
    """A clock that fails in the middle of verification denies (invariant 1)."""

    class Broken(Clock):
        def now(self) -> float:
            raise ZeroDivisionError

    bench = Bench()
    verifier = Verifier(bench.identities, bench.web, Broken())
    with pytest.raises(TokenRejected) as caught:
        await verifier.verify(forge(header(), claims(), rsa_key()))
    assert caught.value.reason is Reason.INTERNAL_ERROR
    assert caught.value.__cause__ is None


async def test_reload_keeps_the_keys_of_unchanged_identities() -> None:
    """Rules read again while the issuer is down lock nobody out; a changed identity starts anew."""
    bench = Bench()
    await bench.accepts(token())
    bench.web.documents.clear()
    again = Verifier(read(CORP), bench.web, bench.clock, previous=bench.verifier)
    assert again.cached(token()) is None
    assert (await again.verify(token())).subject == "erika"
    changed = Verifier(read(CORP + "  max_age: 1h\n"), bench.web, bench.clock, previous=again)
    elsewhere = Verifier(read(CORP), Web(), bench.clock, previous=again)
    for verifier in (changed, elsewhere):
        with pytest.raises(TokenRejected) as caught:
            await verifier.verify(token())
        assert caught.value.reason is Reason.ISSUER_UNAVAILABLE
