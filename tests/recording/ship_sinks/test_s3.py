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


async def test_what_is_large_goes_in_parts_and_counts_when_all_are_there(server) -> None:
    """What every kind of storage does is in test_places; here nothing of an upload is left behind."""
    place, data = _open(server), bytes(range(256)) * (80 << 10)
    await place.put(_NAME, _chunks(data), len(data))
    assert server.objects == {f"/bucket/some/prefix/{_NAME}": data}
    assert (server.unsigned, server.uploads) == (0, {})


async def test_without_a_key_the_variables_of_others_are_read(server, monkeypatch) -> None:
    """Those that AWS' own tools read."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    options = {"region": "eu-test-1", "endpoint": server.endpoint}
    await PART.open(Address("//bucket/x", options)).put("a", _chunks(b"a"), 1)
    assert (list(server.objects), server.unsigned) == (["/bucket/x/a"], 0)
