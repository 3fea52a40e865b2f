"""Recordings against other rules, and recorded answers for tests. What is here is imported when it is used: the pytest
plugin lies beside it, and must not cost those who do not use it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from interlock.replay.backtest import Window, compare
    from interlock.replay.differences import Change, Differences, Undecided
    from interlock.replay.upstream import RecordedUpstream

__all__ = ["Change", "Differences", "RecordedUpstream", "Undecided", "Window", "compare"]

_WHERE = {
    "Change": "differences", "Differences": "differences", "Undecided": "differences", "Window": "backtest",
    "compare": "backtest", "RecordedUpstream": "upstream",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Imports what is asked for (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
