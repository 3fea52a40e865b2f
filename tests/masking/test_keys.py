"""Keys that follow from a master key: the same everywhere, none of them another."""

from __future__ import annotations

from interlock.masking.keys import KEY_BYTES, derive


def test_keys_are_the_same_everywhere_and_each_its_own() -> None:
    """Other purposes, names and masters, and names cut elsewhere, are other keys."""
    made = [
        derive(b"m" * 32, "session", "a", "bc"),
        derive(b"m" * 32, "session", "ab", "c"),
        derive(b"m" * 32, "session", "abc"),
        derive(b"m" * 32, "vault", "a", "bc"),
        derive(b"n" * 32, "session", "a", "bc"),
    ]

    assert len(set(made)) == len(made)
    assert {len(key) for key in made} == {KEY_BYTES}
    assert derive(b"m" * 32, "session", "a", "bc") == made[0]
    assert made[0].hex()[:16] == "993e7322977c078b"
