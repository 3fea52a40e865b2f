"""Which recordings a command reads, and what it says where they cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interlock.errors import InterlockError, RulesInvalid
from interlock.source import read_yaml

__all__ = ["reading", "recordings_folder"]

_NAME = "recordings"


def recordings_folder(named: Path | None, rules: Path) -> Path:
    """The folder that was named, or else that where a gateway with these rules writes.

    Only what says so is read: rules need not be right as a whole to look at recordings. Without rules it is
    `recordings` in the working folder.
    """
    if named is not None:
        return named
    said = [text for file in (*rules.glob("*.yaml"), *rules.glob("*.yml")) if (text := _said(file))]
    return rules.parent / said[0] if said else rules.parent / _NAME if rules.is_dir() else Path(_NAME)


def _said(file: Path) -> str:
    try:
        root = read_yaml(file).plain()
    except RulesInvalid:
        return ""
    gateway = root.get("gateway") if isinstance(root, dict) else None
    text = gateway.get(_NAME) if isinstance(gateway, dict) else None
    return text if isinstance(text, str) and "\x00" not in text else ""


@contextmanager
def reading(what: object) -> Iterator[None]:
    """An OSError meanwhile is said in words. A reader of ours that went away (`| head`) is no fault of a folder."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"{what} cannot be read: {error.strerror or error}"
        raise InterlockError(message, hint="name the folder with --recordings") from None
