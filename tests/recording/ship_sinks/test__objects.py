"""What kinds of object storage share."""

from __future__ import annotations

import pytest

from interlock.recording.ship_sinks._objects import client, opened
from interlock.recording.ship_target import Address


def test_what_cannot_be_opened_tells_its_kind_alone() -> None:
    """The library's texts name addresses and keys."""

    def make():
        raise ValueError("s3://bucket with hunter2")

    with pytest.raises(OSError, match="ValueError") as caught:
        opened(make)
    assert "hunter2" not in repr(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("endpoint", "plain"), [("http://127.0.0.1:9000", True), ("https://a.example", False), ("", False)]
)
def test_tls_is_left_out_only_where_the_endpoint_says_so(endpoint, plain) -> None:
    """Rules take such an endpoint on this machine only."""
    options = {"endpoint": endpoint} if endpoint else {}
    assert client(Address("//bucket", options))["allow_http"] is plain
