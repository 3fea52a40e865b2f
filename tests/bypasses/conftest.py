"""The gateway and the upstreams of tests/mitm: each evasion is tried on real sockets."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.mitm.conftest import (  # noqa: F401 - fixtures
    _credential,
    authority,
    conf,
    gateway,
    h2_upstream,
    server_tls,
    start,
    start_dump,
    trust,
    upstream,
    url,
)

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What uses the gateway runs mitmproxy inside the test process."""
    for item in items:
        if HERE in item.path.parents and "gateway" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.mitm)
