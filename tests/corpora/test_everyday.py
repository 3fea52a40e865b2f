"""An ordinary day of a coding agent passes the shipped rules: a gateway with false alarms is switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.conftest import Record
from tests.corpora.verdicts import propose

from interlock.model import Effect

_FOLDER = Path(__file__).parent / "everyday"
_BLOCKED, _REVIEWED = 0, 2


def _calls() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(_FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["tool"], row["input"]


def test_an_ordinary_day_passes(record_figures: Record) -> None:
    """None is blocked or has no rule, and at most 2 of 100 wait for a person."""
    verdicts = [(tool, given, propose(tool, given).decision) for tool, given in _calls()]
    refused = [(tool, given, decision.reason) for tool, given, decision in verdicts if not decision.permits]
    review = [one for one in verdicts if one[2].effect is Effect.REVIEW]
    blocked = len(refused) - len(review)
    share = 100 * len(review) / len(verdicts)
    record_figures("an ordinary day", {"calls": len(verdicts), "blocked": blocked,
                                       "review": f"{len(review)} ({share:.2f} %)"})  # fmt: skip

    assert len(verdicts) >= 300
    assert blocked <= _BLOCKED, refused
    assert share <= _REVIEWED, refused
