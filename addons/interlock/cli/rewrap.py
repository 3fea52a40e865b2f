"""`interlock rewrap`: the operator's key of encrypted recordings was changed."""

from __future__ import annotations

from pathlib import Path

from interlock.cli._options import RulesFolder

__all__ = ["command"]


def command(rules: RulesFolder = Path("rules")) -> None:
    """Wrap the keys of recordings anew, by the first key of `recording: encrypt:`; a gateway does so when it starts.

    Write the new key first and the old one after it, run this (or start the gateways again), and take the old one out
    of the rules. Sessions are not touched: new ones get another master key, and old ones open with the new key alone.

    [bold]Examples[/bold]

      interlock rewrap     # recording: {encrypt: [env:NEW_KEY, env:OLD_KEY]}
    """
    from interlock.cli._keeping import deleting, keys_of, recordings_of
    from interlock.cli._show import console
    from interlock.engine.rules import load_rules
    from interlock.errors import InterlockError

    loaded = load_rules(rules)
    folder = recordings_of(loaded)
    if not loaded.recording.keeping.encrypt:
        raise InterlockError("the rules encrypt nothing", hint="recording: {encrypt: [env:NEW_KEY, env:OLD_KEY]}")
    keys = keys_of(loaded)
    try:
        with deleting(loaded):  # its tree vouches for the files as they are now
            count = keys.rewrap()
    except OSError as error:
        raise InterlockError(f"{folder}/.keys cannot be written: {error.strerror or error}") from None
    left = keys.closed()
    console().print(f"{count} wrapped anew")
    if left:
        raise InterlockError(f"{left} keys are of another operator's key, or damaged", hint="name it after the new one")
