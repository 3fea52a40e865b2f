"""What looks like a secret and what does not."""

from __future__ import annotations

import pytest

from interlock.masking.strength import entropy, is_placeholder, looks_secret


@pytest.mark.parametrize(
    ("value", "sure"),
    [
        ("a1B2c3D4e5F6g7H8", "high"),
        ("hunter2-X9", "medium"),
        ("correcthorse", ""),
        ("SOME_CONSTANT", ""),
        ("changeme", ""),
        ("your-api-key1", ""),
        ("${TOKEN_1234}", ""),
        ("os.environ1", ""),
        ("********", ""),
        ("aaaa1111", ""),
        ("get_secret(1)", ""),
        ("2026-12-31", ""),
        ("2026-12-31T10:00:00Z", ""),
        ("word_" * 40, ""),
        ("/Tnlj/ulrGjraf8XE6zQDjIBqoMV3hpK", "high"),
        ("/Users/erika/Documents/Key2024", ""),
        ("/var/run/secrets/Api1Tokens1", ""),
    ],
)
def test_secrets_look_random(value, sure):
    """Words, names, calls, paths and placeholders are none; rows of words take no longer than others."""
    assert looks_secret(value) == sure


def test_entropy_counts_bits():
    """None for one letter, two for four."""
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2
    assert is_placeholder("<token>")
