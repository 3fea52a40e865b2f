"""What a masking rule is, once it has been read."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.masking.detector import CONFIDENCES, Detector
from interlock.paths import Path

__all__ = ["PLACES", "SEALED", "THINKING", "MaskRule", "Restore"]

PLACES = ("responses", "model-requests", "recordings")
THINKING, SEALED = ("record", "drop"), ("pass", "drop")
"""What may be done with a model's signed thoughts, and with those that nobody can read; the first is the default."""


@dataclass(frozen=True, slots=True)
class Restore:
    """Where tokens become values again on their way to a connection: all of these have to fit.

    `to` are the connections, `at` places in their requests (nothing else may stand there), `kinds` the tokens' kinds,
    `origins` where the values were first seen: connections, or `agent`.
    """

    to: frozenset[str]
    at: tuple[Path, ...]
    kinds: frozenset[str]
    origins: frozenset[str]


@dataclass(frozen=True, slots=True)
class MaskRule:
    """One masking rule. Exactly one of `paths`, `detect` and `fields` chooses; `action` says what happens.
    `own` are detectors of the rule itself, named in `detect`.

    `on` are connection names (empty: all). `where` are the directions it holds for. `apply` is `always`, or
    `when-named`: only where a policy rule obliges it. `fields` are folded names. `scope` is
    `connection` where hashes and fakes stay the same beyond a session. `thinking` is what happens to a model's signed
    thought in which the rule finds something, `sealed` to thoughts that nobody can read.
    """

    id: str
    action: str = "redact"
    paths: tuple[Path, ...] = ()
    detect: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    min_confidence: str = "medium"
    apply: str = "always"
    where: frozenset[str] = frozenset(PLACES)
    on: frozenset[str] = frozenset()
    scope: str = "session"
    restore: tuple[Restore, ...] = ()
    own: tuple[Detector, ...] = ()
    thinking: str = "record"
    sealed: str = "pass"

    def accepts(self, confidence: str) -> bool:
        """Whether a finding of this confidence is sure enough for the rule."""
        return CONFIDENCES.index(confidence) >= CONFIDENCES.index(self.min_confidence)
