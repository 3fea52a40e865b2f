"""Vaults by session: the same keys on every gateway with one master key, bounded in number."""

from __future__ import annotations

import json
import re

import pytest

from interlock.engine.vaults import Vaults
from interlock.masking import AGENT, Masker, MaskRule, Replacer

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


@pytest.mark.parametrize("budget", [500, 25])
def test_a_conversation_has_the_same_prefix_in_every_turn_on_every_gateway(budget: int) -> None:
    """Whoever saw which turns: the provider's prompt cache meets the same bytes; beyond the budget as well."""
    rules = [MaskRule("people", detect=("email",), action="token")]
    filler = "lorem ipsum " * 80
    turns = [
        {
            "role": "user" if turn % 2 == 0 else "assistant",
            "content": f"{filler} p{turn}@example.com and p{turn // 3}@example.com",
        }
        for turn in range(60)
    ]

    def gateway() -> Masker:
        vault = Vaults(b"m" * 32, budget=budget).of("s")
        return Masker(rules, b"k" * 32, replacer=Replacer(b"k" * 32, vault=vault, origin=AGENT))

    def masked(masker: Masker, upto: int) -> bytes:
        return masker.json(json.dumps({"messages": turns[:upto]}).encode()).body.removesuffix(b"]}")

    every, some, late = gateway(), gateway(), gateway()
    whole = masked(late, len(turns))
    for upto in range(1, len(turns) + 1):
        assert whole.startswith(masked(every, upto))
        if upto % 7 == 0:
            assert whole.startswith(masked(some, upto))
    assert whole.count(b"<email:") + whole.count(b"[redacted:email]") == 2 * len(turns)
    assert len(set(re.findall(rb"<email:[A-Z2-7]{16}>", whole))) == min(budget, len(turns))
