"""`interlock token`: only what a demo issuer may mint, and nothing but the token on standard output."""

from __future__ import annotations

from pathlib import Path

import jwt
import pytest
from tests.cli.conftest import Interlock


def test_a_token_is_printed_and_nothing_else(interlock: Interlock, rules: Path) -> None:
    """Subject and groups stand where the identity reads them; further claims are added."""
    done = interlock(
        "token", "--rules", rules, "--subject", "erika", "--groups", "analyst, dba", "--lifetime", "5m",
        "--claim", "department=finance", "--claim", "level=3",
    )  # fmt: skip
    assert done.code == 0, done.err
    claims = jwt.decode(done.out.strip(), options={"verify_signature": False})
    assert done.out.count("\n") == 1
    assert claims["sub"] == "erika"
    assert claims["realm"] == {"groups": ["analyst", "dba"]}
    assert claims["iss"] == "https://idp.example.com"
    assert claims["aud"] == "interlock"
    assert claims["exp"] - claims["iat"] == 300
    assert (claims["department"], claims["level"]) == ("finance", 3)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--identity", "other"], "'other'"),
        (["--lifetime", "2d"], "24h"),
        (["--lifetime", "soon"], "not a duration"),
        (["--claim", "iss=evil"], "set by the identity"),
        (["--claim", "nonsense"], "not a claim"),
    ],
)
def test_what_cannot_be_minted_is_said(interlock: Interlock, rules: Path, arguments: list[str], says: str) -> None:
    """Status 1, words on standard error, nothing on standard output."""
    done = interlock("token", "--rules", rules, *arguments)
    assert (done.code, done.out) == (1, "")
    assert says in done.err


def test_an_issuer_that_is_not_demo_mints_nothing(interlock: Interlock, rules: Path) -> None:
    """The keys of a real issuer are not here."""
    text = (rules / "rules.yaml").read_text().replace("    demo: true\n    key: demo.pem\n", "")
    (rules / "rules.yaml").write_text(text)
    done = interlock("token", "--rules", rules)
    assert done.code == 1
    assert "marked demo" in done.err


def test_a_demo_key_is_made_once(interlock: Interlock, tmp_path: Path) -> None:
    """Readable by its owner alone; an existing key is kept."""
    path = tmp_path / "new.pem"
    assert interlock("token", "--make-key", path).code == 0
    before = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    done = interlock("token", "--make-key", path)
    assert done.code == 1
    assert path.read_bytes() == before
