"""Shipping to what speaks S3's protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.servers.s3 import ACCESS_KEY, S3, s3

from interlock.recording.ship_sinks.s3 import PART
from interlock.recording.ship_target import Address, Objects

_NAME = "01JD3ZK7V00000000000000000/flows.mitm"
_SECRETS = {"access_key": ACCESS_KEY, "secret_key": "hunter2"}


@pytest.fixture
def server() -> Iterator[S3]:
    with s3() as found:
        yield found


def _open(server: S3, **secrets: str) -> Objects:
    options = {"region": "eu-test-1", "endpoint": server.endpoint}
    return PART.open(Address("//bucket/some/prefix", options, secrets or _SECRETS))


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 1 << 20):
        yield data[start : start + (1 << 20)]


@pytest.mark.parametrize("size", [0, 5, (20 << 20) + 3])
async def test_what_is_put_lies_there(server, size) -> None:
    """Under the prefix; a large one in parts; read back byte for byte, every request signed."""
    place, data = _open(server), bytes(range(256)) * (size // 256 + 1)
    await place.put(_NAME, _chunks(data[:size]), size)
    assert server.objects == {f"/bucket/some/prefix/{_NAME}": data[:size]}
    assert b"".join([piece async for piece in place.get(_NAME)]) == data[:size]
    assert (server.unsigned, server.uploads) == (0, {})


async def test_what_is_deleted_is_gone(server) -> None:
    """Nothing there is fine; reading it is its own error."""
    place = _open(server)
    await place.put(_NAME, _chunks(b"a"), 1)
    await place.delete(_NAME)
    await place.delete(_NAME)
    with pytest.raises(FileNotFoundError):
        _ = [piece async for piece in place.get(_NAME)]


async def test_names_of_a_folder_are_listed(server) -> None:
    """Page by page, without the prefix; of everything when no folder is said."""
    place = _open(server)
    names = [
        f"01JD3ZK7V00000000000000000/{name}" for name in ("evidence.jsonl", "flows.mitm", "flows.mitm.0000000000000003")
    ]
    for name in [*names, "other/a", "01JD3ZK7V000000000000000001/b"]:
        await place.put(name, _chunks(b"a"), 1)
    assert sorted([name async for name in place.list("01JD3ZK7V00000000000000000")]) == names
    assert len([name async for name in place.list("")]) == 5
    assert [name async for name in place.list("nothing")] == []


async def test_a_key_that_is_not_known_is_an_error_without_it(server) -> None:
    """The kind alone is told: neither key nor address."""
    with pytest.raises(OSError) as caught:
        await _open(server, access_key="AKIAOTHER", secret_key="hunter2").put(_NAME, _chunks(b"a"), 1)
    told = repr(caught.value) + str(caught.value.__cause__)
    assert not [word for word in ("hunter2", "AKIAOTHER", "127.0.0.1", "bucket") if word in told]


async def test_a_short_failure_is_tried_again_at_once(server) -> None:
    """So that not every hiccup waits for the outbox."""
    server.fails = 1
    await _open(server).put(_NAME, _chunks(b"a"), 1)
    assert len(server.objects) == 1


@pytest.mark.parametrize("to", ["", "//", "bucket"])
def test_what_is_no_address_is_an_error(to) -> None:
    """Told when it is opened."""
    with pytest.raises(OSError, match="cannot be used"):
        PART.open(Address(to, {"region": "a"}, _SECRETS))
