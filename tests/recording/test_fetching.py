"""Fetching what was shipped from a place that may hold anything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interlock.recording.fetching import Fetched, fetch

_ONE, _TWO = "01JD3ZK7V00000000000000000", "01JD3ZK7V00000000000000001"


class Place:
    """Objects in memory, listed in no order."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = objects

    async def get(self, name: str) -> AsyncIterator[bytes]:
        for start in range(0, len(self.objects[name]), 2):
            yield self.objects[name][start : start + 2]

    async def list(self, folder: str) -> AsyncIterator[str]:
        for name in sorted(self.objects, reverse=True):
            if not folder or name.startswith(f"{folder}/"):
                yield name


def _place(session: str, **pieces: bytes) -> Place:
    names = {
        "first": "evidence.jsonl",
        "fourth": "evidence.jsonl.0000000000000004",
        "sixth": "evidence.jsonl.0000000000000006",
    }
    return Place(**{f"{session}/{names[name]}": data for name, data in pieces.items()})


async def _all(place: Place, into: Path, *only: str) -> list[Fetched]:
    return [found async for found in fetch(place, into, only)]  # type: ignore[arg-type]


@pytest.mark.parametrize("pieces", [
    {"first": b"abcdef"},
    {"first": b"abcd", "fourth": b"ef"},
    {"first": b"abcdef", "fourth": b"ef"},
    {"first": b"abcde", "fourth": b"ef"},
    {"first": b"abcd", "fourth": b"ef", "sixth": b""},
])  # fmt: skip
async def test_pieces_are_put_together(tmp_path, pieces) -> None:
    """Also those that hold the same bytes twice."""
    assert await _all(_place(_ONE, **pieces), tmp_path / "to") == [Fetched(_ONE, len(pieces), 6)]
    assert (tmp_path / "to" / _ONE / "evidence.jsonl").read_bytes() == b"abcdef"


@pytest.mark.parametrize("pieces", [
    {"fourth": b"ef"},
    {"first": b"abc", "fourth": b"ef"},
    {"first": b"abcdXf", "fourth": b"ef"},
    {"first": b"abcd", "sixth": b"ef"},
])  # fmt: skip
async def test_pieces_that_do_not_follow_are_no_session(tmp_path, pieces) -> None:
    """It is told which; what was fetched lies beside, under no session's name, and the next try begins anew."""
    for _ in range(2):
        (found,) = await _all(_place(_ONE, **pieces), tmp_path / "to")
        assert "does not follow" in found.fault
        assert [path.name for path in (tmp_path / "to").iterdir()] == [f"{_ONE}.part"]
    assert await _all(_place(_ONE, first=b"abcd"), tmp_path / "to") == [Fetched(_ONE, 1, 4)]
    assert [path.name for path in (tmp_path / "to").iterdir()] == [_ONE]


async def test_strange_names_are_left(tmp_path) -> None:
    """A place holds what somebody puts there: nothing of it leaves the folder."""
    strange = [
        f"../{_ONE}/evidence.jsonl", f"{_ONE}/../../evidence.jsonl", f"{_ONE}/salt", "heads/../heads.jsonl",
        "heads/../0000000000000000.jsonl", "heads/a/../0000000000000000.jsonl", f"x/{_ONE}/flows.mitm", "/etc/passwd",
        f"{_ONE.lower()}/evidence.jsonl",
    ]  # fmt: skip
    assert await _all(Place(**dict.fromkeys(strange, b"x")), tmp_path / "to") == []
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_what_is_there_stays(tmp_path) -> None:
    """It is told; others are fetched."""
    place = Place(**{f"{_ONE}/evidence.jsonl": b"new", f"{_TWO}/evidence.jsonl": b"two"})
    (tmp_path / _ONE).mkdir()
    (tmp_path / _ONE / "evidence.jsonl").write_bytes(b"old")
    first, second = await _all(place, tmp_path)
    assert ("already" in first.fault, second.fault) == (True, "")
    assert (tmp_path / _ONE / "evidence.jsonl").read_bytes() == b"old"


async def test_one_that_does_not_lie_there_is_told(tmp_path) -> None:
    """Only what was asked for is fetched."""
    place = Place(**{f"{_ONE}/evidence.jsonl": b"one"})
    (found,) = await _all(place, tmp_path, _TWO)
    assert "nothing of it" in found.fault
    assert list(tmp_path.iterdir()) == []


async def test_heads_are_put_together(tmp_path) -> None:
    """One file a tree, to be given to verification."""
    names = {"heads/host:1/0000000000000000.jsonl": b"one\n", "heads/host:1/0000000000000004.jsonl": b"two\n"}
    (found,) = await _all(Place(**names, **{"heads/host:1/2026-01-01": b"an anchor"}), tmp_path)
    assert found == Fetched("heads/host:1", 2, 8)
    assert (tmp_path / "heads/host:1/heads.jsonl").read_bytes() == b"one\ntwo\n"
