"""`interlock flows`: a session's flow file for mitmweb, also where recordings are encrypted."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import RecordingsFolder, RulesFolder

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["command"]


def command(
    session: Annotated[str, typer.Argument(help="Which one: its id, the beginning of it, or its run id.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to (default: standard output).")
    ] = None,
    recordings: RecordingsFolder = None,
    rules: RulesFolder = Path("rules"),
) -> None:
    """Write a session's flows as a file that mitmweb and mitmproxy open.

    A session that is not encrypted has that file already. One that is, is opened with the key that the rules name, or
    the variable INTERLOCK_RECORDING_KEY; what comes out is in clear, and readable by you alone.

    [bold]Examples[/bold]

      interlock flows 01JD3Z -o session.mitm && mitmweb -r session.mitm
    """
    from interlock.cli._looks import note_look
    from interlock.cli._recordings import recordings_folder
    from interlock.errors import InterlockError
    from interlock.recording.finding import one_session
    from interlock.recording.opening import copy_flows
    from interlock.recording.session import FLOWS

    folder = recordings_folder(recordings, rules)
    try:
        name = one_session(folder, session)
        note_look(folder, "interlock flows", {"session": name})
        with _open(output) as to:
            copy_flows(folder / name / FLOWS, to)
    except BrokenPipeError:
        raise  # whoever read this went away
    except FileNotFoundError:
        raise InterlockError(f"{session!a} left no flows") from None
    except OSError as error:
        raise InterlockError(f"that cannot be read or written: {error.strerror or error}") from None


def _open(output: Path | None) -> BinaryIO:
    """The file, the reader's alone; or standard output, unless that is a terminal. Raises OSError, InterlockError."""
    from interlock.errors import InterlockError

    if output is not None:
        fd = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        return os.fdopen(fd, "wb")
    if sys.stdout.isatty():
        raise InterlockError("a flow file is nothing for a terminal", hint="interlock flows SESSION -o session.mitm")
    return os.fdopen(os.dup(sys.stdout.fileno()), "wb")
