"""Options that several commands share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["AsJson", "RecordingsFolder", "RulesFolder", "default_rules"]


def default_rules() -> Path:
    """`INTERLOCK_RULES`, or `rules/` in the working folder."""
    return Path(os.environ.get("INTERLOCK_RULES", "rules"))


RulesFolder = Annotated[
    Path,
    typer.Option("--rules", help="The rules folder.", envvar="INTERLOCK_RULES", show_default="rules"),
]

RecordingsFolder = Annotated[
    Path | None,
    typer.Option(
        "--recordings", help="The recordings folder.", envvar="INTERLOCK_RECORDINGS", show_default="as the rules say"
    ),
]
"""What `_recordings.recordings_folder` makes a folder of."""

AsJson = Annotated[bool, typer.Option("--json", help="JSON lines, for machines.")]
