"""What an anchor is."""

from __future__ import annotations

from interlock.recording.anchor import Target, known_sinks, sink_members


def test_every_anchor_says_which_members_its_entry_has() -> None:
    """The reader and the schema are made from it."""
    assert set(sink_members()) == set(known_sinks())
    assert sink_members()["file"] == (("path",), ())


def test_a_target_never_shows_what_it_reads() -> None:
    """Neither a secret nor an address that may hold one."""
    target = Target(url=lambda: "https://example.com/secret", secret=lambda: "secret")
    assert "secret" not in repr(target).replace("_secret", "")
