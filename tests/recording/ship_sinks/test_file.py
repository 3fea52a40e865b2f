"""Shipping to a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from interlock.recording.ship_sinks.file import PART
from interlock.recording.ship_target import Address


async def _chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_objects_are_files(tmp_path) -> None:
    """Made with their folders, replaced as a whole, read back, deleted."""
    place = PART.open(Address(f"//{tmp_path}/an%20archive"))
    await place.put("a/b.jsonl", _chunks(b"one"), 3)
    await place.put("a/b.jsonl", _chunks(b"t", b"wo"), 3)
    assert (tmp_path / "an archive/a/b.jsonl").read_bytes() == b"two"
    assert [piece async for piece in place.get("a/b.jsonl")] == [b"two"]
    await place.delete("a/b.jsonl")
    await place.delete("a/b.jsonl")
    with pytest.raises(FileNotFoundError):
        _ = [piece async for piece in place.get("a/b.jsonl")]
    await place.close()


async def test_names_of_a_folder_are_listed(tmp_path) -> None:
    """Of it alone, or of everything."""
    place = PART.open(Address(f"//{tmp_path}"))
    for name in ("a/one", "a/two.0000000000000003", "ab/three"):
        await place.put(name, _chunks(b"x"), 1)
    assert sorted([name async for name in place.list("a")]) == ["a/one", "a/two.0000000000000003"]
    assert len([name async for name in place.list("")]) == 3
    assert [name async for name in place.list("nothing")] == []


async def test_a_stream_that_fails_leaves_what_was_there(tmp_path) -> None:
    """Half a file is none."""
    place = PART.open(Address(f"//{tmp_path}"))
    await place.put("a", _chunks(b"one"), 3)

    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise OSError("the disk")

    with pytest.raises(OSError):
        await place.put("a", broken(), 9)
    assert (tmp_path / "a").read_bytes() == b"one"


@pytest.mark.parametrize("to", ["relative", "//relative/folder", ""])
def test_a_folder_has_a_whole_path(to, tmp_path, monkeypatch) -> None:
    """Where a gateway happens to be started says nothing."""
    monkeypatch.chdir(tmp_path)
    if to == "//relative/folder":
        to = "relative/folder"
    with pytest.raises(OSError, match="cannot be used"):
        PART.open(Address(to))
