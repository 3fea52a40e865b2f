"""Recordings against other rules, and recorded answers for tests."""

from interlock.replay.backtest import Window, compare
from interlock.replay.differences import Change, Differences, Undecided

__all__ = ["Change", "Differences", "Undecided", "Window", "compare"]
