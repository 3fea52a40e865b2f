"""`python -m interlock.demo` is the demo."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from interlock.demo.processes import BUNDLE, Process

_PATIENCE = 120.0


@pytest.mark.e2e
def test_what_it_keeps_ends_with_it(tmp_path: Path) -> None:
    """A closed terminal leaves no gateway running, and no folder."""
    env = {**os.environ, "PYTHONPATH": str(BUNDLE.parent), "TMPDIR": str(tmp_path)}
    with Process([sys.executable, "-m", "interlock.demo", "--keep"], env=env) as child:
        ends = time.monotonic() + _PATIENCE
        while "Ctrl-C ends it" not in child.output():
            assert child.running, child.output()
            assert time.monotonic() < ends, child.output()
            time.sleep(0.1)
        started = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text(encoding="ascii").split()
        os.kill(child.pid, signal.SIGHUP)
        assert child.wait(30) == 0

    assert started
    assert not [pid for pid in started if Path("/proc", pid).exists()]
    assert not list(tmp_path.glob("interlock-demo-*"))


def test_it_explains_itself() -> None:
    """`--help` names `--keep`."""
    env = {**os.environ, "PYTHONPATH": str(BUNDLE.parent)}
    with Process([sys.executable, "-m", "interlock.demo", "--help"], env=env) as child:
        assert child.wait(30) == 0

    assert "--keep" in child.output()
