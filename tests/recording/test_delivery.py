"""Bringing things to a place that may lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.recording.delivery import Delivery
from interlock.recording.ship_sinks.file import PART
from interlock.recording.ship_target import Address, Objects


async def test_a_part_of_a_file_is_brought_and_read_back(tmp_path: Path) -> None:
    """From one byte to another; named, listed and removed again."""
    (tmp_path / "file").write_bytes(b"0123456789")
    delivery = Delivery(lambda: PART.open(Address(f"//{tmp_path}/there")))
    with (tmp_path / "file").open("rb") as file:
        sent = await delivery.bring("a", "b.0000000000000002", file, 2, 7)
    assert (sent.name, sent.bytes) == ("b.0000000000000002", 5)
    assert (tmp_path / "there/a/b.0000000000000002").read_bytes() == b"23456"
    assert await delivery.names("a") == {"b.0000000000000002"}
    await delivery.remove("a/b.0000000000000002")
    assert await delivery.names("a") == set()


async def test_secrets_are_read_anew_after_each_pass(tmp_path: Path) -> None:
    """It is opened with the first use, and again after it was let go."""
    opened: list[Objects] = []

    def opens() -> Objects:
        opened.append(PART.open(Address(f"//{tmp_path}")))
        return opened[-1]

    delivery = Delivery(opens)
    for count in (1, 2):
        assert await delivery.names("a") == set()
        assert await delivery.names("a") == set()
        assert len(opened) == count
        await delivery.let_go()


async def test_what_is_still_there_was_not_removed(tmp_path: Path) -> None:
    """A place that keeps what it is told to delete is told on."""

    class Keeps:
        def __init__(self, place: Objects) -> None:
            self.delete, self.get = _nothing, place.get

    (tmp_path / "a").mkdir()
    (tmp_path / "a/b").write_bytes(b"x")
    delivery = Delivery(lambda: Keeps(PART.open(Address(f"//{tmp_path}"))))  # type: ignore[arg-type,return-value]
    with pytest.raises(OSError, match="still there"):
        await delivery.remove("a/b")


async def _nothing(_: str) -> None:
    return None
