"""Processes start, are ready when they say so, and end by their own id."""

from __future__ import annotations

import os
import sys

import pytest

from interlock.demo.processes import Process, StartError, free_port, listening

SERVE = "import http.server, sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1]))," \
    " http.server.BaseHTTPRequestHandler).serve_forever()"  # fmt: skip


def test_a_process_is_ready_when_it_listens_and_ends_when_told() -> None:
    """No sleeping and hoping."""
    port = free_port()
    with Process([sys.executable, "-c", SERVE, str(port)], env=os.environ) as process:
        listening(port, process)
        assert process.running

    assert not process.running


def test_what_a_failed_start_wrote_is_told() -> None:
    """The error holds the child's own words."""
    with (
        Process([sys.executable, "-c", "raise SystemExit('no such rule')"], env=os.environ) as process,
        pytest.raises(StartError, match="no such rule"),
    ):
        listening(free_port(), process)


def test_output_can_still_be_read_after_the_end() -> None:
    """Standard output and standard error, together."""
    with Process([sys.executable, "-c", "import sys; print('out'); sys.exit('err')"], env=os.environ) as process:
        assert process.wait(20) == 1

    assert sorted(process.output().split()) == ["err", "out"]
