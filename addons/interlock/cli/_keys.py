"""Lets a command read what is encrypted: with the keys of the rules that it was given, or that lie where it runs."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

from interlock.errors import InterlockError

__all__ = ["reach_by_rules"]

_OPTION = "--rules"


def reach_by_rules() -> None:
    """Makes the keys of `--rules` (INTERLOCK_RULES, rules/) known to this process, as far as they can be read."""
    from interlock.cli._options import default_rules
    from interlock.engine.recording_keys import reach_keys
    from interlock.engine.rules import load_rules

    folder = _named(sys.argv[1:]) or default_rules()
    if folder.is_dir():
        with suppress(InterlockError, OSError):
            reach_keys(load_rules(folder))


def _named(arguments: list[str]) -> Path | None:
    """The folder after `--rules`: this is asked for deep in a command, which has no other way to say so."""
    for number, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == _OPTION and (equals or number + 1 < len(arguments)):
            return Path(value if equals else arguments[number + 1])
    return None
