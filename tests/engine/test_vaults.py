"""Vaults by session: the same keys on every gateway with one master key, bounded in number."""

from __future__ import annotations

from interlock.engine.vaults import Vaults

MAIL = "erika@example.com"


def test_gateways_with_one_master_key_agree() -> None:
    """On tokens and on keys; other sessions, connections and masters have their own."""
    one, other, stranger = Vaults(b"m" * 32), Vaults(b"m" * 32), Vaults(b"n" * 32)
    tokens = {vaults.of(session).token("email", MAIL, "crm") for vaults in (one, other) for session in ("s",)}

    assert len(tokens) == 1
    assert not tokens & {stranger.of("s").token("email", MAIL, "crm"), one.of("t").token("email", MAIL, "crm")}
    assert one.key("s", "crm") == other.key("s", "crm")
    assert len({one.key("s", "crm"), one.key("t", "crm"), one.key("s", "hr"), one.stable("crm"), one.stable("hr")}) == 5


def test_the_least_recently_used_session_goes_first() -> None:
    """Its tokens stand for nothing any more."""
    vaults = Vaults(b"m" * 32, limit=2)
    token = vaults.of("one").token("email", MAIL, "crm")
    for session in ("two", "one", "three"):
        vaults.of(session)

    assert vaults.of("one").value(token, ("crm",)) == MAIL
    vaults.of("four")
    vaults.of("five")
    assert vaults.of("one").value(token, ("crm",)) is None
