"""What `erase`, `retain`, `ship` and `rewrap` share: the rules' recordings, their keys and a tree for tombstones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interlock.clocks import SystemClock
from interlock.errors import InterlockError

if TYPE_CHECKING:
    from interlock.engine.rules import Rules
    from interlock.recording.deletion import Deletion
    from interlock.recording.keyring import Keyring

__all__ = ["confirm", "deleting", "keys_of", "recordings_of"]

_TREE = "terminal"


def recordings_of(rules: Rules) -> Path:
    """The recordings folder of the rules. Raises InterlockError when there is none."""
    folder = rules.gateway.recordings
    if not folder.is_dir():
        raise InterlockError(f"{folder} holds no recordings", hint="name the rules of the gateway with --rules")
    return folder


def keys_of(rules: Rules) -> Keyring:
    """All keys of the rules. Raises InterlockError for one that cannot be read: what it opens would be overlooked."""
    from interlock.engine.recording_keys import operator_keys
    from interlock.recording.keyring import Keyring

    return Keyring(rules.gateway.recordings, operator_keys(rules))


@contextmanager
def deleting(rules: Rules) -> Iterator[Deletion]:
    """What deletes, with a tree of the terminal's own beside those of the gateways; signed and anchored at the end.

    Raises InterlockError when the tree cannot be kept.
    """
    from interlock.engine.anchoring import open_anchoring
    from interlock.engine.keeper import deletions
    from interlock.recording.tips import Taken

    anchoring = open_anchoring(rules, _TREE, SystemClock())
    try:
        yield deletions(rules.gateway.recordings, anchoring.ledger)
    finally:
        if not anchoring.close(Taken()):
            typer.echo("the tombstones are signed, and not yet kept at every anchor; a gateway goes on", err=True)


def confirm(question: str, yes: bool) -> None:
    """Asks at a terminal. Raises InterlockError for a no, and where nobody can be asked."""
    import sys

    if yes:
        return
    if not sys.stdin.isatty():
        raise InterlockError("nobody is here to confirm that", hint="add --yes")
    if not typer.confirm(question):
        raise InterlockError("nothing was done")
