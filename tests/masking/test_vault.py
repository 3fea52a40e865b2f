"""A session's vault: provenance, budget, what is looked for again, and a store that fails."""

from __future__ import annotations

import pytest

from interlock.masking import Masker
from interlock.masking.vault import AGENT, Vault

KEY = b"k" * 32
MAIL = "erika@example.com"


def test_first_seen_decides_who_gets_a_value_back() -> None:
    """And only there; what is not known is nobody's."""
    vault = Vault(KEY)
    token = vault.token("email", MAIL, "crm")

    assert token == vault.token("email", MAIL, AGENT)
    assert vault.value(token, (AGENT,)) is None
    assert vault.value(token, ("crm", "hr")) == MAIL
    assert vault.value("<email:AAAAAAAAAAAAAAAA>", ("crm", AGENT)) is None
    assert Vault(b"o" * 32).value(token, ("crm",)) is None
    assert MAIL not in repr(vault)


def test_without_an_origin_nothing_is_remembered() -> None:
    """The recording's masks give the same token and learn nothing."""
    vault = Vault(KEY)

    assert vault.token("email", MAIL, "") == Vault(KEY).token("email", MAIL, AGENT)
    assert len(vault) == 0


@pytest.mark.parametrize("value", ["", "abc", "x" * 9000, "half \ud800 a pair"])
def test_what_cannot_be_found_again_or_kept_is_no_token(value: str) -> None:
    """It is redacted instead."""
    assert Vault(KEY).token("name", value, AGENT) is None


def test_the_budget_counts_distinct_values_of_a_kind() -> None:
    """Known ones stay known; the rest is redacted, and said once."""
    vault = Vault(KEY, budget=2)
    given = [vault.token("email", f"p{number}@example.com", "crm") for number in (0, 1, 0, 2)]

    assert (given[0], given[3]) == (given[2], None)
    assert vault.token("phone", "+49 30 901820", "crm") is not None
    assert [vault.affords("email", text) for text in ("a", "b", "a", "c")] == [True, True, True, False]
    assert (vault.alarms(), vault.alarms()) == ([("budget-spent", "email")], [])


def test_the_size_of_all_values_is_bounded() -> None:
    """Long values end the vault's room before they are many."""
    vault = Vault(KEY)
    given = [vault.token("note", f"{number}" * 4000, "crm") for number in range(10, 50)]

    assert given[0] is not None
    assert given[-1] is None
    assert sum(8000 for token in given if token) <= 256 << 10


def test_restored_values_are_looked_for_and_limited() -> None:
    """In every form of a literal; beyond the limit nothing is given."""
    vault = Vault(KEY)
    tokens = [vault.token("email", f"p{number}@example.com", "crm") for number in range(300)]

    assert vault.echo(tokens[:1])
    assert vault.again("p0@example.com") == tokens[0]
    assert [literal.value.reveal() for literal in vault.literals] == ["p0@example.com"]
    assert vault.echo(tokens[:256])
    assert not vault.echo(tokens[256:])
    assert vault.alarms() == [("restore-limit", "email")]


def test_what_is_looked_for_fits_one_pattern() -> None:
    """Long values of all kinds of letters: few of them, and the masker that looks for them can be made."""
    vault = Vault(KEY)
    tokens = [vault.token("note", f'{number} é😀"\\' * 600, "crm") for number in range(10)]
    given = [token for token in tokens if vault.echo([token])]

    assert 1 <= len(given) < len(tokens)
    masker = Masker([], KEY, vault.literals)
    assert "é" not in masker.text(f"a {'0 é😀' + chr(34) + chr(92)} {vault.value(given[0], ('crm',))} b").text[9:]


def test_what_is_looked_for_outlives_a_gateway() -> None:
    """It is so in the store, and never taken back."""
    one, other = Vault(KEY, kept=True), Vault(KEY, kept=True)
    one.put(())
    token = one.token("email", MAIL, "crm")
    one.put(one.take())
    assert one.echo([token])
    rows = one.take()
    other.put(rows)

    assert [row.echoes for row in rows] == [True]
    assert [literal.value.reveal() for literal in other.literals] == [MAIL]
    assert other.again(MAIL) == token


def test_a_store_keeps_it_for_another_gateway() -> None:
    """Sealed rows out, rows in: the origin of whoever wrote first holds on both."""
    one, other = Vault(KEY, kept=True), Vault(KEY, kept=True)
    one.put(())
    other.put(())
    token = one.token("email", MAIL, "crm")
    other.token("email", MAIL, AGENT)
    rows = one.take()
    assert (one.waits, one.session) == (False, other.session)
    assert other.value(token, (AGENT,)) == MAIL

    other.put(rows)

    assert other.value(token, (AGENT,)) is None
    assert other.value(token, ("crm",)) == MAIL
    stranger = Vault(b"o" * 32, kept=True)
    stranger.put(rows)
    assert len(stranger) == 0


def test_a_store_that_is_not_there_means_redaction() -> None:
    """Before it was read, and after it could not be written: no new tokens, known ones stay."""
    vault = Vault(KEY, kept=True)
    assert vault.token("email", MAIL, AGENT) is None
    vault.put(())
    kept = vault.token("email", MAIL, AGENT)
    vault.put(vault.take())
    lost = vault.token("email", "max@example.com", AGENT)
    before = vault.state
    vault.fail(vault.take())

    assert vault.token("email", MAIL, AGENT) == kept
    assert vault.value(lost, (AGENT,)) is None
    assert vault.token("email", "max@example.com", AGENT) is None
    assert vault.state != before
    assert ("vault-unavailable", "email") in vault.alarms()
    vault.put(())
    assert vault.token("email", "max@example.com", AGENT) == lost
