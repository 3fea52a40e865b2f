"""Claude Code's settings at the highest precedence a user has: `--settings FILE`.

Measured with Claude Code 2.1.330: variables in a repository's `.claude/settings.json` win over those of the process,
and those of `--settings` win over the repository's; of several `--settings` the last one counts alone; a lower-case
`no_proxy` counts although `NO_PROXY` is empty. So every variable that decides about the route is pinned, in every
spelling, and a `--settings` of the user's is merged into ours.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interlock.errors import InterlockError
from interlock.relay.environment import AGENT_SETTINGS, ROUTE, UNVERIFIED

__all__ = ["is_claude", "with_settings"]

_OPTION = "--settings"
_BASE_URL = "https://api.anthropic.com"
_MAX_SETTINGS = 1 << 20


def is_claude(command: Sequence[str]) -> bool:
    """Whether a command is the Claude Code client, by its name."""
    return bool(command) and Path(command[0]).name in ("claude", "claude.exe")


def with_settings(command: Sequence[str], env: Mapping[str, str], folder: Path) -> list[str]:
    """The command with `--settings`; the file is made in `folder`, for its owner alone. Raises InterlockError.

    A base URL of the process is kept and pinned; without one the API's own is.
    """
    rest, theirs = _without_settings(command[1:])
    settings = _merged(theirs)
    own = settings.get("env", {})
    if not isinstance(own, dict):
        raise InterlockError("env in --settings is not a mapping", hint='as in {"env": {"NAME": "value"}}')
    base = env.get("ANTHROPIC_BASE_URL") or own.get("ANTHROPIC_BASE_URL") or _BASE_URL
    settings["env"] = {**own, **_pinned(env), "ANTHROPIC_BASE_URL": base}
    path = folder / "claude-settings.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(settings, file)
    return [command[0], _OPTION, str(path), *rest]


def _pinned(env: Mapping[str, str]) -> dict[str, str]:
    pinned = {name: env.get(name, "") for name in ROUTE}
    pinned.update({name: env[name] for name in AGENT_SETTINGS if name in env})
    return {**pinned, UNVERIFIED[0]: "1"}


def _without_settings(arguments: Sequence[str]) -> tuple[list[str], str]:
    """The arguments without `--settings`, and the value of the last one."""
    rest: list[str] = []
    value = ""
    todo = list(arguments)
    while todo:
        word = todo.pop(0)
        if word == "--":
            return [*rest, word, *todo], value
        if word == _OPTION and todo:
            value = todo.pop(0)
        elif word.startswith(_OPTION + "="):
            value = word.partition("=")[2]
        else:
            rest.append(word)
    return rest, value


def _merged(value: str) -> dict[str, Any]:
    """The user's own settings: JSON, or a file of it."""
    if not value:
        return {}
    text = value
    if not value.lstrip().startswith("{"):
        try:
            with open(value, encoding="utf-8") as file:
                text = file.read(_MAX_SETTINGS)
        except (OSError, UnicodeDecodeError):
            raise InterlockError(f"--settings {value} cannot be read") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InterlockError("what --settings names is not a JSON object")
    return found
