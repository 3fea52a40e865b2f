"""What every kind of object storage does, with a server of each kind on this machine."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from tests.servers.az import ACCOUNT, KEY, az
from tests.servers.gs import account, gs
from tests.servers.s3 import ACCESS_KEY, s3

from interlock.recording.ship_target import Address, Objects, known_kinds

_NAME = "01JD3ZK7V00000000000000000/flows.mitm"


@dataclass
class Place:
    """A server of a kind, and how it is opened: with what it knows (`secrets`), or with a key of somebody else's."""

    server: Any
    kind: str
    options: dict[str, str]
    secrets: dict[str, str]
    foreign: dict[str, str]

    def open(self, **secrets: str) -> Objects:
        """What the rules would open."""
        given = {**self.options, "endpoint": self.server.endpoint}
        return known_kinds()[self.kind].open(Address("//bucket/some/prefix", given, {**self.secrets, **secrets}))


@contextmanager
def _s3() -> Iterator[Place]:
    with s3() as server:
        known = {"access_key": ACCESS_KEY, "secret_key": "hunter2"}
        yield Place(server, "s3", {"region": "eu-test-1"}, known, {"access_key": "AKIAOTHER"})


@contextmanager
def _gs() -> Iterator[Place]:
    with gs() as server:
        yield Place(server, "gs", {}, {"account": account()}, {"account": account("theirs")})


@contextmanager
def _az() -> Iterator[Place]:
    with az() as server:
        foreign = base64.b64encode(b"1" * 32).decode()
        yield Place(server, "az", {"account": ACCOUNT}, {"access_key": KEY}, {"access_key": foreign})


@pytest.fixture(params=[_s3, _gs, _az])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Each of them."""
    make: Callable[[], Any] = request.param
    with make() as found:
        yield found


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 1 << 20):
        yield data[start : start + (1 << 20)]


@pytest.mark.parametrize("size", [0, 5, (20 << 20) + 3])
async def test_what_is_put_lies_there(place: Place, size: int) -> None:
    """Under the prefix; a large one in parts; read back byte for byte, every request signed."""
    opened, data = place.open(), bytes(range(256)) * (size // 256 + 1)
    await opened.put(_NAME, _chunks(data[:size]), size)
    assert place.server.objects == {f"/bucket/some/prefix/{_NAME}": data[:size]}
    assert b"".join([piece async for piece in opened.get(_NAME)]) == data[:size]
    assert place.server.unsigned == 0


async def test_what_is_deleted_is_gone(place: Place) -> None:
    """Nothing there is fine; reading it is its own error."""
    opened = place.open()
    await opened.put(_NAME, _chunks(b"a"), 1)
    await opened.delete(_NAME)
    assert place.server.objects == {}
    await opened.delete(_NAME)
    with pytest.raises(FileNotFoundError):
        _ = [piece async for piece in opened.get(_NAME)]


async def test_names_of_a_folder_are_listed(place: Place) -> None:
    """Page by page, without the prefix; of everything when no folder is said."""
    opened = place.open()
    folder = "01JD3ZK7V00000000000000000"
    names = [f"{folder}/{name}" for name in ("evidence.jsonl", "flows.mitm", "flows.mitm.0000000000000003")]
    for name in [*names, "other/a", f"{folder}1/b"]:
        await opened.put(name, _chunks(b"a"), 1)
    assert sorted([name async for name in opened.list(folder)]) == names
    assert len([name async for name in opened.list("")]) == 5
    assert [name async for name in opened.list("nothing")] == []


async def test_a_key_that_is_not_known_is_an_error_without_it(place: Place) -> None:
    """The kind alone is told: neither key nor address."""
    with pytest.raises(OSError) as caught:
        await place.open(**place.foreign).put(_NAME, _chunks(b"a"), 1)
    told = repr(caught.value) + str(caught.value.__cause__)
    secrets = [*place.secrets.values(), *place.foreign.values()]
    assert not [word for word in (*secrets, "127.0.0.1", "bucket") if word in told]
    assert (place.server.objects, place.server.unsigned > 0) == ({}, True)


async def test_a_short_failure_is_tried_again_at_once(place: Place) -> None:
    """So that not every hiccup waits for the outbox."""
    place.server.fails = 1
    await place.open().put(_NAME, _chunks(b"a"), 1)
    assert len(place.server.objects) == 1
