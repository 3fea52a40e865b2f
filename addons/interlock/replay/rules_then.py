"""The rules in force at the time of a recording, where it keeps them: found by their digest, believed only by it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError
from interlock.recording.kept_rules import kept_rules

__all__ = ["RulesThen"]

_MOST: Final = 32


class RulesThen:
    """Loads each set of rules once. Never raises: what is missing or does not match its digest is not known."""

    def __init__(self, *known: Rules) -> None:
        self._found: dict[tuple[Path, str], Rules | None] = {}
        self._known = {rules.digest: rules for rules in known}

    def of(self, recordings: Path, digest: str) -> Rules | None:
        """The rules of that digest, as a recordings folder keeps them."""
        if digest in self._known:
            return self._known[digest]
        key = recordings, digest
        if key not in self._found:
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[key] = _load(recordings, digest)
        return self._found[key]


def _load(recordings: Path, digest: str) -> Rules | None:
    folder = kept_rules(recordings, digest)
    try:
        return load_rules(folder) if folder is not None else None
    except (OSError, InterlockError, RecursionError, ValueError):
        return None
