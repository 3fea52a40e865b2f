"""The places recordings can be shipped to."""

from __future__ import annotations

from interlock.recording.ship_target import Address, known_kinds, ship_members


def test_there_are_four_kinds_of_object_storage_and_the_store() -> None:
    """Each is one file, named like the scheme of its address."""
    assert sorted(known_kinds()) == ["az", "file", "gs", "s3", "store"]


def test_members_that_name_secrets_are_told_apart() -> None:
    """So that the reader takes no secret itself."""
    clear, secret = ship_members()["s3"]
    assert ("region" in clear, "secret_key" in secret, set(clear) & set(secret)) == (True, True, set())


def test_an_address_shows_no_secret() -> None:
    """Not in its repr."""
    assert "hunter2" not in repr(Address("//bucket", secrets={"secret_key": "hunter2"}))
