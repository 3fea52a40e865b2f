"""What the shipped rules say of tool calls: as they ship, and with the packs that are on taken without exceptions."""

from __future__ import annotations

import functools
import re
import shutil
import tempfile
from pathlib import Path

from interlock.engine.rules import load_rules
from interlock.engine.trial import Trial, Verdict
from interlock.identity import create_demo_key
from interlock.model import JSON, Principal
from interlock.reasons import Reason

__all__ = ["blocked", "propose"]

_ENGINEER = Principal("local", "https://demo.interlock.internal", "erika", groups=frozenset({"engineer"}))
_NOW = 1_800_000_000.0
_SHIPPED = Path(__file__).parents[2] / "rules"


@functools.cache
def _trial(excepting: bool) -> Trial:
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "rules"
        shutil.copytree(_SHIPPED, copied)
        (Path(folder) / ".interlock").mkdir()
        create_demo_key(Path(folder) / ".interlock" / "demo-key.pem")
        if not excepting:
            rules = copied / "claude.yaml"
            rules.write_text(re.sub(r"\n +except:[^\]]*\]\}?", "", rules.read_text(encoding="utf-8")), encoding="utf-8")
        return Trial(load_rules(copied))


def propose(tool: str, arguments: JSON) -> Verdict:
    """A tool call in a model's reply to an engineer's agent, under the rules as they ship."""
    return _trial(True).proposal(_ENGINEER, tool, arguments, _NOW)


def blocked(command: str) -> bool:
    """Whether a pack that is on by default blocks a shell command, wherever the shipped rules would let it pass."""
    return _trial(False).proposal(_ENGINEER, "Bash", {"command": command}, _NOW).decision.reason is Reason.BLOCKED
