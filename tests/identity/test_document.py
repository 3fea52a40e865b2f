"""`identities:` is read strictly: what would weaken verification stops the start, with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.identity.issuer import CORP, ISSUER, read

from interlock.errors import RulesInvalid
from interlock.identity.document import schemes


def _errors(text: str, base: Path = Path()) -> str:
    with pytest.raises(RulesInvalid) as caught:
        read(text, base)
    return str(caught.value)


def test_good_entry_is_read() -> None:
    """Name, issuer and scheme, with jwt as the default."""
    (corp,) = read(CORP)
    assert (corp.name, corp.issuer, corp.scheme, corp.demo) == ("corp", ISSUER, "jwt", False)


def test_no_entries_is_no_identity() -> None:
    """An empty list accepts nobody; it is not an error of this section."""
    assert read("[]") == ()


def test_every_scheme_is_a_part() -> None:
    """One file, one scheme."""
    assert list(schemes()) == ["jwt", "mtls"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (CORP + CORP.replace("corp", "again"), "issuer https://idp.example.com is already used by identity 'corp'"),
        (CORP + CORP.replace(ISSUER, ISSUER + "/b"), "name corp is already used"),
        (CORP + "  audiences: x\n", "did you mean 'audience'?"),
        (CORP.replace("  audience: interlock\n", ""), "needs 'audience'"),
        (CORP.replace("name: corp", "name: Corp"), "kebab-case"),
        (CORP + "  scheme: jwk\n", "did you mean 'jwt'?"),
        ("corp", "must be a list"),
        ("[corp]", "must be a mapping"),
    ],
)
def test_faults_are_errors_with_a_remedy(text: str, says: str) -> None:
    """Each error names its place and what to write."""
    message = _errors(text)
    assert says in message
    assert "rules/test.yaml:" in message


def test_entries_are_bounded_in_number() -> None:
    """A hundred identities are enough for anyone."""
    assert "at most 100" in _errors("[" + "x, " * 101 + "]")


def test_every_fault_is_told_at_once() -> None:
    """One reading shows all errors, not the first."""
    message = _errors(CORP.replace("audience: interlock", "audience: []") + "  skew: soon\n  x: 1\n")
    assert message.count("rules/test.yaml:") == 3
