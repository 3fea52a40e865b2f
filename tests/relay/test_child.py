"""The child's process: its status is ours. Signals are tried with `interlock exec` itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from interlock.relay.child import NOT_EXECUTABLE, NOT_FOUND, CannotStart, run_child


@pytest.mark.parametrize(
    ("code", "status"), [("", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 15)", 143)]
)
async def test_its_status_is_handed_on(code: str, status: int) -> None:
    """As a shell would."""
    assert await run_child([sys.executable, "-c", code], os.environ) == status


async def test_it_gets_the_environment_it_is_given() -> None:
    """And nothing else."""
    code = "import os; raise SystemExit(os.environ.get('A') != 'b' or 'HOME' in os.environ)"
    assert await run_child([sys.executable, "-c", code], {"A": "b"}) == 0


async def test_what_cannot_start_says_so(tmp_path: Path) -> None:
    """Missing or not executable."""
    (tmp_path / "plain").write_text("hello")
    for command, status in (("no-such-agent", NOT_FOUND), (str(tmp_path / "plain"), NOT_EXECUTABLE)):
        with pytest.raises(CannotStart) as caught:
            await run_child([command], os.environ)
        assert caught.value.status == status
