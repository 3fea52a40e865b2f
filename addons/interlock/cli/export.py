"""`interlock export`: a session for other tools."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interlock.cli._options import RecordingsFolder, RulesFolder

__all__ = ["command"]


class Format(StrEnum):
    """What to write."""

    HAR = "har"
    OTLP = "otlp"
    OCSF = "ocsf"
    JSONL = "jsonl"
    CSV = "csv"


_Session = Annotated[str, typer.Argument(help="Which one: its id, the beginning of it, or its run id.")]
_Format = Annotated[
    Format,
    typer.Option(
        help="har: HTTP Archive 1.2, for developer tools. otlp: OpenTelemetry spans (GenAI conventions), for"
        " /v1/traces. ocsf: OCSF 1.6.0 API Activity, for a SIEM. jsonl: every event. csv: a table of what happened."
    ),
]
_To = Annotated[
    Path, typer.Option("--to", "-o", help="The file to write, which must not be there yet; - is standard output.")
]


def command(
    session: _Session,
    format: _Format = Format.JSONL,
    to: _To = Path("-"),
    recordings: RecordingsFolder = None,
    rules: RulesFolder = Path("rules"),
) -> None:
    """Write one session for other tools. What it holds is masked as the recording is; only har has bodies.

    Nothing here is verified: [bold]interlock verify[/bold] says whether it can be believed. The export is noted in the
    folder's log of looks.

    [bold]Examples[/bold]

      interlock export 01JD3Z --format har -o session.har

      interlock export 01JD3Z --format otlp | curl -H content-type:application/json -d @- localhost:4318/v1/traces

      interlock export run-7 --format ocsf >> events.jsonl
    """
    from interlock.cli._recordings import recordings_folder
    from interlock.errors import InterlockError

    try:
        _export(recordings_folder(recordings, rules), session, format, to)
    except BrokenPipeError:
        raise  # whoever read this went away
    except FileExistsError:
        raise InterlockError(f"{to} is there already", hint="name another file with --to") from None
    except OSError as error:
        raise InterlockError(
            f"the session cannot be exported: {error.strerror or error}", hint="name the folder with --recordings"
        ) from None


def _export(recordings: Path, named: str, format: Format, to: Path) -> None:
    from interlock.cli._looks import note_look
    from interlock.recording.exporting import Exported, formats
    from interlock.recording.finding import one_session
    from interlock.recording.whole import gathered, put

    name = one_session(recordings, named)
    exported = Exported.of(recordings / name)
    note_look(recordings, f"interlock export --format {format.value}", {"session": name})
    pieces = formats()[format.value](exported)
    if str(to) == "-":
        for piece in gathered(pieces):
            typer.echo(piece, nl=False)
    else:
        put(pieces, to)
