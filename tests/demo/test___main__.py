"""`python -m interlock.demo` is the demo."""

from __future__ import annotations

import os
import sys

from interlock.demo.processes import BUNDLE, Process


def test_it_explains_itself() -> None:
    """`--help` names `--keep`."""
    env = {**os.environ, "PYTHONPATH": str(BUNDLE.parent)}
    with Process([sys.executable, "-m", "interlock.demo", "--help"], env=env) as child:
        assert child.wait(30) == 0

    assert "--keep" in child.output()
