"""The real Claude Code client, recorded once and then run again offline, against the recording alone.

`scripts/test claude` runs this.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from interlock.demo.model_api import Turn, text, tool
from interlock.demo.samples import stage
from interlock.replay import RecordedUpstream

pytestmark = pytest.mark.claude

_PATIENCE = 90


def client(home: Path, url: str, key: str) -> str:
    """What one `claude -p` says in the end, in a home and a working folder of its own."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "work").mkdir(parents=True)
    env = {
        "HOME": str(home), "CLAUDE_CONFIG_DIR": str(home / ".claude"), "PATH": "/usr/bin:/bin", "IS_SANDBOX": "1",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_TELEMETRY": "1",
        "CLAUDE_CODE_ATTRIBUTION_HEADER": "0", "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": key,
    }  # fmt: skip
    command = [os.environ["INTERLOCK_CLAUDE"], "-p", "List the files.", "--allowedTools", "Bash"]
    done = subprocess.run(
        [*command, "--output-format", "stream-json", "--verbose"], cwd=home / "work", env=env,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False,
    )  # fmt: skip
    events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(events[-1]["result"])


def test_a_run_goes_again_without_any_model(tmp_path: Path) -> None:
    """The model proposes a command, reads what came of it and answers: the second time the recording does."""
    with stage(tmp_path / "stage") as scene:
        call = tool("Bash", command="ls -1", description="List the files")
        scene.services.model.script(Turn((text("I look."), call)), Turn((text("Nothing there."),)))
        assert client(tmp_path / "home", scene.at("claude"), scene.engineer) == "Nothing there."
    with RecordedUpstream([tmp_path / "stage" / "recordings"], repeat=True) as recorded:
        assert client(tmp_path / "home", recorded.url("claude"), "unused") == "Nothing there."
        recorded.assert_nothing_missed()
        recorded.assert_all_used()
