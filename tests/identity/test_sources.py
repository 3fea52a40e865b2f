"""Keys of an issuer: few fetches whatever arrives, bounded trust in old keys, forgetting what changed."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.identity.issuer import (
    CORP,
    ISSUER,
    NOW,
    Bench,
    Web,
    claims,
    discovery,
    forge,
    header,
    jwk,
    rsa_key,
    token,
    web,
)

from interlock.identity.identity import Limits
from interlock.reasons import Reason

DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
KEYS = f"{ISSUER}/keys"


def _fetches(bench: Bench) -> int:
    return bench.web.asked.count(KEYS)


async def test_keys_are_fetched_once_for_many_tokens() -> None:
    """A hundred callers at once share one fetch, and later ones use what it brought."""
    bench = Bench()
    bench.web.before = lambda: asyncio.sleep(0)
    await asyncio.gather(*(bench.accepts(token(sub=f"s{number}")) for number in range(100)))
    assert bench.web.asked == [DISCOVERY, KEYS]
    bench.clock.time += 599
    await bench.accepts(token(sub="later"))
    assert bench.web.asked == [DISCOVERY, KEYS]


async def test_flood_of_unknown_kids_is_no_flood_of_fetches() -> None:
    """However many kids arrive, at most one fetch starts in each back-off window."""
    bench = Bench()
    await bench.accepts(token())
    for second in range(300):
        bench.clock.time = NOW + 31 + second / 5
        for part in range(3):
            kid = f"kid-{second}-{part}"
            assert await bench.reason(forge(header(kid=kid), claims(), rsa_key())) is Reason.TOKEN_KEY
    assert _fetches(bench) <= 1 + 60 // 30 + 1


async def test_memory_of_unknown_kids_is_bounded() -> None:
    """The list of kids found unknown forgets the oldest."""
    bench = Bench(limits=Limits(unknown_kids=5, back_off=0))
    for number in range(20):
        assert await bench.reason(forge(header(kid=f"x{number}"), claims(), rsa_key())) is Reason.TOKEN_KEY
    source = bench.verifier._by_issuer[ISSUER]._keys
    assert len(source._unknown) == 5


async def test_one_unknown_kid_asks_again_only_after_a_while() -> None:
    """A misconfigured agent that repeats itself costs one fetch in `unknown_for`."""
    bench = Bench()
    await bench.accepts(token())
    candidate = forge(header(kid="gone"), claims(exp=int(NOW) + 9000), rsa_key())
    for _ in range(80):
        bench.clock.time += 1
        await bench.reason(candidate)
    assert _fetches(bench) == 2
    bench.clock.time += 70
    await bench.reason(candidate)
    assert _fetches(bench) == 3


async def test_rotated_key_is_found_at_once() -> None:
    """A new kid makes one fetch and verifies, with no wait for the keys to age."""
    bench = Bench()
    await bench.accepts(token())
    bench.web.documents[KEYS] = {"keys": [jwk(rsa_key(), "k1"), jwk(rsa_key("two"), "k2")]}
    bench.clock.time += 31
    fresh = forge(header(kid="k2"), claims(), rsa_key("two"))
    assert (await bench.accepts(fresh)).subject == "erika"
    assert bench.web.asked == [DISCOVERY, KEYS, KEYS]


async def test_kid_seen_while_backing_off_is_not_remembered_as_unknown() -> None:
    """Only an issuer's answer makes a kid unknown; after the back-off it is asked for."""
    bench = Bench()
    await bench.accepts(token())
    bench.clock.time += 1
    fresh = forge(header(kid="k2"), claims(), rsa_key("two"))
    assert await bench.reason(fresh) is Reason.TOKEN_KEY
    bench.web.documents[KEYS] = {"keys": [jwk(rsa_key("two"), "k2")]}
    bench.clock.time += 30
    assert (await bench.accepts(fresh)).subject == "erika"


async def test_removed_key_is_forgotten_with_its_tokens() -> None:
    """When the issuer withdraws a key, cached tokens signed with it stop working."""
    bench = Bench()
    candidate = token(exp=int(NOW) + 9000)
    await bench.accepts(candidate)
    bench.web.documents[KEYS] = {"keys": [jwk(rsa_key("two"), "k2")]}
    bench.clock.time += 599
    assert bench.verifier.cached(candidate) is not None
    bench.clock.time += 1
    assert bench.verifier.cached(candidate) is None
    assert await bench.reason(candidate) is Reason.TOKEN_KEY


async def test_issuer_down_serves_old_keys_for_a_bounded_time() -> None:
    """Old keys serve until stale_for; then the issuer is unavailable, also for tokens verified before."""
    bench = Bench(CORP + "  stale_for: 1h\n")
    candidate = token(exp=int(NOW) + 90000)
    await bench.accepts(candidate)
    bench.web.documents.clear()
    bench.clock.time = NOW + 3599
    assert (await bench.accepts(candidate)).subject == "erika"
    assert bench.verifier.cached(candidate) is not None
    bench.clock.time = NOW + 3600
    assert bench.verifier.cached(candidate) is None
    assert await bench.reason(candidate) is Reason.ISSUER_UNAVAILABLE


async def test_issuer_that_is_down_is_not_hammered() -> None:
    """Failures back off too, and success after them is taken."""
    site = Web()
    bench = Bench(site=site)
    for _ in range(29):
        assert await bench.reason(token()) is Reason.ISSUER_UNAVAILABLE
        bench.clock.time += 1
    assert len(site.asked) == 1
    site.documents.update(web().documents)
    bench.clock.time += 1
    assert (await bench.accepts(token())).subject == "erika"


async def test_slow_issuer_delays_nobody_while_old_keys_serve() -> None:
    """A refresh that hangs costs `patience`, not the time of the fetch; when it ends its keys are taken."""
    bench = Bench(limits=Limits(patience=0.01))
    await bench.accepts(token())
    gate = asyncio.Event()
    bench.web.before = gate.wait
    bench.clock.time += 700
    late = {"exp": int(NOW) + 9000}
    assert (await bench.accepts(token(**late))).subject == "erika"
    assert _fetches(bench) == 2
    bench.web.documents[KEYS] = {"keys": [jwk(rsa_key("two"), "k2")]}
    gate.set()
    await bench.verifier._by_issuer[ISSUER]._keys._task
    assert await bench.reason(token(**late)) is Reason.TOKEN_KEY


async def test_hanging_issuer_is_given_up() -> None:
    """The fetch has an end of its own, whatever the implementation does."""
    bench = Bench(limits=Limits(fetch_timeout=0.01))
    bench.web.before = asyncio.Event().wait
    reason, message = await bench.refuses(token())
    assert reason is Reason.ISSUER_UNAVAILABLE
    assert "nothing was fetched yet" in message or "in time" in message


async def test_caller_that_gives_up_does_not_end_the_fetch() -> None:
    """One client hanging up must not cancel what others wait for."""
    bench = Bench()
    gate = asyncio.Event()
    bench.web.before = gate.wait
    impatient = asyncio.create_task(bench.accepts(token()))
    patient = asyncio.create_task(bench.accepts(token(sub="max")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert (await patient).subject == "max"
    assert bench.web.asked == [DISCOVERY, KEYS]


@pytest.mark.parametrize(
    "document",
    [
        discovery("https://attacker.example.net"),
        discovery(ISSUER + "/"),
        {"issuer": ISSUER},
        {"jwks_uri": KEYS},
        discovery(jwks_uri="http://idp.example.com/keys"),
        discovery(jwks_uri="file:///etc/hostname"),
        discovery(jwks_uri="https://user@idp.example.com/keys"),
        discovery(jwks_uri="https://idp.example.com/ke ys"),
        discovery(jwks_uri=7),
        [],
        b"{",
        b'{"issuer": "a", "issuer": "b"}',
        b"\xff",
        b"[" * 100000,
    ],
)
async def test_discovery_must_be_the_issuers_own(document: Any) -> None:
    """Metadata that name another issuer, or keys that do not lie behind TLS, are not used."""
    site = web()
    site.documents[DISCOVERY] = document
    bench = Bench(site=site)
    assert await bench.reason(token()) is Reason.ISSUER_UNAVAILABLE
    assert site.asked == [DISCOVERY]


@pytest.mark.parametrize(
    "document",
    [
        {"keys": []},
        {"keys": {}},
        {},
        {"keys": [1, None, "x", {}]},
        {"keys": [{"kty": "oct", "k": "AAAA"}]},
        {"keys": [jwk(rsa_key("weak", 1024), "k1")]},
        {"keys": [{"kty": "RSA", "kid": "k1", "n": "!", "e": "AQAB"}]},
        {"keys": [{"kty": "EC", "kid": "k1", "crv": "P-256", "x": "AAAA", "y": "AAAA"}]},
        {"keys": [jwk(rsa_key(), "k1")] * 129},
        b"x" * 300_000,
        b"\x00",
    ],
)
async def test_broken_key_sets_are_no_key_sets(document: Any) -> None:
    """What cannot be read leaves the issuer unavailable, and never raises anything else."""
    site = web()
    site.documents[KEYS] = document
    assert await Bench(site=site).reason(token()) is Reason.ISSUER_UNAVAILABLE


async def test_broken_answer_keeps_the_good_keys() -> None:
    """A bad deployment of the issuer does not lock everyone out, and discovery is asked anew afterwards."""
    bench = Bench()
    late = {"exp": int(NOW) + 9000}
    await bench.accepts(token())
    bench.web.documents[KEYS] = b"<html>maintenance</html>"
    bench.clock.time += 700
    assert (await bench.accepts(token(**late))).subject == "erika"
    bench.web.documents[DISCOVERY] = discovery(jwks_uri=f"{ISSUER}/moved")
    bench.web.documents[f"{ISSUER}/moved"] = {"keys": [jwk(rsa_key("two"), "k2")]}
    bench.clock.time += 31
    assert (await bench.accepts(forge(header(kid="k2"), claims(**late), rsa_key("two")))).subject == "erika"


async def test_key_address_can_be_given() -> None:
    """With jwks_url there is no discovery."""
    bench = Bench(CORP + f"  jwks_url: {KEYS}\n")
    assert (await bench.accepts(token())).subject == "erika"
    assert bench.web.asked == [KEYS]


async def test_loopback_issuer_may_speak_http() -> None:
    """A local issuer for development needs no certificate."""
    local = "http://127.0.0.1:9000/realms/dev"
    bench = Bench(CORP.replace(ISSUER, local), web(issuer=local))
    assert (await bench.accepts(token(iss=local))).subject == "erika"


def _offline(folder: Path, *keys: dict[str, Any]) -> Bench:
    (folder / "jwks.json").write_text(json.dumps({"keys": list(keys)}))
    return Bench(CORP + "  keys: jwks.json\n", Web(), folder)


async def test_key_file_serves_without_a_network(tmp_path: Path) -> None:
    """Offline keys need no fetch at all."""
    bench = _offline(tmp_path, jwk(rsa_key(), "k1"))
    assert (await bench.accepts(token())).subject == "erika"
    assert bench.web.asked == []


async def test_key_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """Within a second or so, and then tokens of the removed key are forgotten."""
    bench = _offline(tmp_path, jwk(rsa_key(), "k1"))
    await bench.accepts(token())
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [jwk(rsa_key("two"), "k2")]}))
    os.utime(tmp_path / "jwks.json", ns=(1, 1))
    assert bench.verifier.cached(token()) is not None
    bench.clock.time += 1
    assert bench.verifier.cached(token()) is None
    assert await bench.reason(token()) is Reason.TOKEN_KEY
    assert (await bench.accepts(forge(header(kid="k2"), claims(), rsa_key("two")))).subject == "erika"


@pytest.mark.parametrize("broken", [b"{", b"", None])
async def test_broken_key_file_keeps_the_good_keys_for_a_while(tmp_path: Path, broken: bytes | None) -> None:
    """A bad edit is survived, but not for ever."""
    bench = _offline(tmp_path, jwk(rsa_key(), "k1"))
    late = token(exp=int(NOW) + 9000)
    await bench.accepts(late)
    if broken is None:
        (tmp_path / "jwks.json").unlink()
    else:
        (tmp_path / "jwks.json").write_bytes(broken)
    bench.clock.time += 3599
    assert (await bench.accepts(late)).subject == "erika"
    bench.clock.time += 2
    assert await bench.reason(late) is Reason.ISSUER_UNAVAILABLE
