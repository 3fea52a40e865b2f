"""Tokens: one value, one token; nothing else is one."""

from __future__ import annotations

import pytest

from interlock.masking.token import TOKEN, TOKEN_BYTES, kind_of, spell

KEY = b"k" * 32


def test_a_token_follows_from_kind_value_and_key() -> None:
    """Each of the three makes another one; 80 bits stand in it."""
    token = spell("email", "erika@example.com", KEY)

    assert TOKEN.fullmatch(token)
    assert (kind_of(token), len(token)) == ("email", len("<email:>") + 16)
    assert token == spell("email", "erika@example.com", KEY)
    others = {spell("phone", "erika@example.com", KEY), spell("email", "Erika@example.com", KEY)}
    assert token not in others | {spell("email", "erika@example.com", b"o" * 32)}


@pytest.mark.parametrize(
    "text",
    ["<email:short>", "<EMAIL:AAAAAAAAAAAAAAAA>", "<email:aaaaaaaaaaaaaaaa>", "<email:AAAAAAAAAAAAAAA1>",
     "email:AAAAAAAAAAAAAAAA", "<-x:AAAAAAAAAAAAAAAA>", "<a b:AAAAAAAAAAAAAAAA>"],
)  # fmt: skip
def test_what_is_no_token(text: str) -> None:
    """Hashes, capitals, digits that base32 does not have."""
    assert TOKEN.search(text) is None


@pytest.mark.parametrize("written", ["<e:%s>", "\\u003ce:%s\\u003e", "\\u003Ce:%s>", "<\\u0065:%s>"])
def test_a_token_is_suspected_however_json_writes_it(written: str) -> None:
    """Some encoders escape angle brackets; any letter may be escaped."""
    assert TOKEN_BYTES.search((written % ("A" * 16)).encode())
