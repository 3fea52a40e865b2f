"""Demo issuers: tokens on the spot, that pass the same checks as any."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.identity.issuer import CORP, NOW, Bench, Web, ec_key, ed_key, pem, rsa_key

from interlock.errors import InterlockError, RulesInvalid
from interlock.identity import create_demo_key, ensure_demo_keys, is_demo, mint
from interlock.identity.demo import parse_demo_key
from interlock.reasons import Reason

DEMO = CORP + "  demo: true\n  key: demo.pem\n"


def _bench(folder: Path, private: Any = None) -> Bench:
    if private is None:
        create_demo_key(folder / "demo.pem")
    else:
        (folder / "demo.pem").write_bytes(pem(private))
    return Bench(DEMO, Web(), folder)


@pytest.mark.parametrize("private", [None, "rsa", "ec", "ed"])
async def test_minted_token_verifies(tmp_path: Path, private: str | None) -> None:
    """Whatever kind of key, without a network, until its lifetime ends."""
    keys = {"rsa": rsa_key, "ec": ec_key, "ed": ed_key}
    bench = _bench(tmp_path, keys[private]() if private else None)
    candidate = mint(bench.identities[0], {"sub": "erika", "groups": ["analyst"]}, 600, now=NOW)
    principal = await bench.accepts(candidate)
    assert (principal.subject, principal.groups) == ("erika", {"analyst"})
    assert bench.web.asked == []
    bench.clock.time += 631
    assert await bench.reason(candidate) is Reason.TOKEN_EXPIRED


def test_demo_identities_are_recognised(tmp_path: Path) -> None:
    """One is enough to hold the gateway on loopback."""
    demo = _bench(tmp_path).identities
    assert is_demo(demo)
    assert is_demo(demo[0])
    assert not is_demo(Bench().identities)
    assert not is_demo(())


@pytest.mark.parametrize(
    ("claims", "lifetime"),
    [({"sub": "a", "iss": "x"}, 60), ({"sub": "a", "exp": 9}, 60), ({"sub": "a"}, 0), ({"sub": "a"}, 90000)],
)
def test_mint_keeps_to_its_identity(tmp_path: Path, claims: dict[str, Any], lifetime: float) -> None:
    """Issuer, audience and times are not the caller's, and a day is the longest life."""
    bench = _bench(tmp_path)
    with pytest.raises(InterlockError):
        mint(bench.identities[0], claims, lifetime, now=NOW)


def test_only_demo_identities_mint() -> None:
    """A real issuer's key is not here."""
    with pytest.raises(InterlockError, match="no demo identity"):
        mint(Bench().identities[0], {"sub": "a"}, 60, now=NOW)


def test_lost_key_is_told(tmp_path: Path) -> None:
    """A file that went away or broke is an error without its content."""
    bench = _bench(tmp_path)
    (tmp_path / "demo.pem").write_bytes(b"canary")
    with pytest.raises(InterlockError) as caught:
        mint(bench.identities[0], {"sub": "a"}, 60, now=NOW)
    assert "canary" not in str(caught.value)
    (tmp_path / "demo.pem").unlink()
    with pytest.raises(InterlockError, match="cannot be read"):
        mint(bench.identities[0], {"sub": "a"}, 60, now=NOW)


def test_new_key_is_its_owners_alone(tmp_path: Path) -> None:
    """Mode 600, and an existing key is never replaced."""
    create_demo_key(tmp_path / "demo.pem")
    assert stat.S_IMODE((tmp_path / "demo.pem").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        create_demo_key(tmp_path / "demo.pem")


@pytest.mark.parametrize("raw", [b"", b"x", pem(rsa_key("weak", 1024)), pem(ec_key("p384", ec.SECP384R1))])
def test_other_keys_are_refused(raw: bytes) -> None:
    """Weak or unusual keys are no demo keys."""
    with pytest.raises(ValueError):
        parse_demo_key(raw)


async def test_missing_key_refuses_until_it_is_made(tmp_path: Path) -> None:
    """Rules with a demo identity are good before its key exists; the gateway makes it, once."""
    bench = Bench(DEMO.replace("demo.pem", "own/demo.pem"), Web(), tmp_path)
    with pytest.raises(InterlockError, match="cannot be read"):
        mint(bench.identities[0], {"sub": "a"}, 60, now=NOW)
    ensure_demo_keys(bench.identities)
    made = (tmp_path / "own/demo.pem").read_bytes()
    ensure_demo_keys(bench.identities)
    assert (tmp_path / "own/demo.pem").read_bytes() == made
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["demo.pem"]
    assert (await bench.accepts(mint(bench.identities[0], {"sub": "a"}, 60, now=NOW))).subject == "a"


async def test_token_before_the_key_is_refused(tmp_path: Path) -> None:
    """No key, no principal; a second later the new key is seen."""
    bench = Bench(DEMO, Web(), tmp_path)
    (tmp_path / "other").mkdir()
    other = _bench(tmp_path / "other")
    candidate = mint(other.identities[0], {"sub": "a"}, 60, now=NOW)
    assert await bench.reason(candidate) is Reason.ISSUER_UNAVAILABLE
    (tmp_path / "demo.pem").write_bytes((tmp_path / "other/demo.pem").read_bytes())
    bench.clock.time += 1
    assert (await bench.accepts(candidate)).subject == "a"


def test_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    bench = Bench(DEMO.replace("demo.pem", "own/demo.pem"), Web(), tmp_path)
    (tmp_path / "own").write_bytes(b"")
    with pytest.raises(InterlockError, match="cannot be written"):
        ensure_demo_keys(bench.identities)


def test_only_a_demo_key_may_be_missing(tmp_path: Path) -> None:
    """An offline key set must be there at load."""
    with pytest.raises(RulesInvalid):
        Bench(CORP + "  keys: none.json\n", Web(), tmp_path)
