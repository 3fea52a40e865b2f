"""`interlock replay`: a session's requests once more, against another upstream."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.cli._options import AsJson, RecordingsFolder, RulesFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from interlock.model import JSON
    from interlock.replay.entry import Entry
    from interlock.replay.sending import Sent, Target

__all__ = ["SETTINGS", "command"]

SETTINGS = {"no_args_is_help": True}
_NAMES = 40


SessionName = Annotated[str, typer.Argument(help="Which session: its id, the beginning of it, or its run id.")]
To = Annotated[
    list[str] | None,
    typer.Option("--to", help="The upstream's base URL; CONNECTION=URL where a session has several, once for each."),
]
OnConnection = Annotated[str, typer.Option("--connection", help="Only requests to this connection.")]
Substitutes = Annotated[
    list[str] | None,
    typer.Option("--substitute", help="JSONPATH=VALUE, ?NAME=VALUE: sent in the place of what was masked or left out."),
]
Headers = Annotated[
    list[str] | None,
    typer.Option("--header", help="[CONNECTION=]NAME: VALUE, added to requests; env:NAME is one of the environment."),
]
Timeout = Annotated[float, typer.Option("--timeout", min=0.1, help="Seconds to wait for an answer.")]


def command(
    session: SessionName,
    to: To = None,
    connection: OnConnection = "",
    substitute: Substitutes = None,
    header: Headers = None,
    timeout: Timeout = 30.0,
    recordings: RecordingsFolder = None,
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Send what a session sent, in its order, to a staging upstream; say what it answers otherwise.

    Requests that the gateway refused are not sent, and none whose body was masked, unless something is sent in the
    place of what was masked. Of headers only those leave that say what a body is and which API is spoken, of the query
    nothing that looks like a credential: what was left out is said. Ends with status 1 where not everything came out as
    recorded.

    [bold]Examples[/bold]

      interlock replay 01JD3Z --to https://staging.example.com --header 'authorization: env:STAGING_TOKEN'

      interlock replay 01JD3Z --to http://127.0.0.1:8080 --substitute '$.customer.email=erika@example.com'

      interlock replay 01JD3Z --to files=http://127.0.0.1:8080 --to warehouse=http://127.0.0.1:8081/base
    """
    from interlock.cli._recordings import recordings_folder
    from interlock.cli._show import write_json

    found = _recorded(recordings_folder(recordings, rules), session, connection)
    sent, targets = [], _targets(to or [], header or [], found)
    for one in _sending(targets, found, substitute or [], timeout):
        sent.append(one)
        if as_json:
            write_json(_document(one))
            sys.stdout.flush()
    if not as_json:
        _show(sent)
    if not all(one.same or one.skipped for one in sent):
        raise typer.Exit(1)


def _recorded(recordings: Path, session: str, connection: str) -> list[Entry]:
    """What a session holds; the look is noted. Raises InterlockError."""
    from interlock.cli._looks import note_look
    from interlock.cli._recordings import reading
    from interlock.recording.finding import one_session
    from interlock.replay.entry import entries

    with reading(recordings):
        name = one_session(recordings, session)
        note_look(recordings, "interlock replay", {"session": name})
        return [one for one in entries([recordings / name]) if not connection or one.connection == connection]


def _targets(to: Sequence[str], headers: Sequence[str], found: Sequence[Entry]) -> dict[str, Target]:
    """Where each connection's requests go, with which headers. Nothing goes to where it went before by itself.

    Raises InterlockError.
    """
    from interlock.errors import InterlockError
    from interlock.model import Origin
    from interlock.replay.sending import Target

    if not found:
        raise InterlockError("the session holds no such requests", hint="interlock sessions show says what it holds")
    urls = _by_connection([_named(text) for text in to], "--to")
    if not urls:
        went = sorted({str(Origin(one.flow.scheme, one.flow.host, one.flow.port)) for one in found})
        raise InterlockError(
            f"where to? The session's own requests went to {', '.join(map(ascii, went))}",
            hint="name an upstream with --to; nothing is sent to a recorded one by itself",
        )
    given = [(name, _header(text)) for name, text in map(_named, headers)]
    there = {one.connection for one in found}
    for name in (*urls, *(name for name, _ in given)):
        if name and name not in there:
            raise InterlockError(f"the session holds no requests to {name!a}", hint=f"it has {_list(there)}")
    if "" not in urls and (left := there - urls.keys()):
        hint = "name one for each, --to URL for all others, or --connection for one alone"
        raise InterlockError(f"where to with requests to {_list(left)}?", hint=hint)
    return {
        name: Target(urls[name if name in urls else ""], dict(header for whose, header in given if whose in ("", name)))
        for name in there
    }


def _named(text: str) -> tuple[str, str]:
    """A connection's name and what is said of it: `NAME=...`; no name where it is about all."""
    import re

    match = re.match(r"([\w-]{1,100})=", text, re.ASCII)
    return (match[1], text[match.end() :]) if match else ("", text)


def _by_connection(said: Sequence[tuple[str, str]], option: str) -> dict[str, str]:
    from interlock.errors import InterlockError

    if len({name for name, _ in said}) < len(said):
        raise InterlockError(f"{option} says twice where the same requests go", hint="CONNECTION=URL, once for each")
    return dict(said)


def _list(names: Iterable[str]) -> str:
    return ", ".join(map(ascii, sorted(names)))


def _sending(
    targets: dict[str, Target], found: Sequence[Entry], substitutes: Sequence[str], timeout: float
) -> Iterator[Sent]:
    import httpx

    from interlock.replay.sending import send
    from interlock.replay.substitutes import read_substitutes

    chosen, query = read_substitutes(substitutes)
    with httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        yield from send(found, targets, client, chosen, query)


def _header(text: str) -> tuple[str, str]:
    """`NAME: VALUE`, or `NAME: env:VARIABLE`. Raises InterlockError, which never holds the value."""
    import os

    from interlock.errors import InterlockError

    name, colon, value = text.partition(":")
    name, value = name.strip().lower(), value.strip()
    if not colon or not name or not value or not name.replace("-", "").isalnum() or not name.isascii():
        raise InterlockError("a --header is not understood", hint="as in 'authorization: env:STAGING_TOKEN'")
    if value.startswith("env:"):
        variable = value.removeprefix("env:")
        value = os.environ.get(variable, "")
        if not value:
            raise InterlockError(f"the environment holds no {variable!a}", hint=f"set it, for --header {name}")
    if not value.isprintable() or not value.isascii():
        raise InterlockError(f"the value of --header {name} holds what no header can")
    return name, value


def _document(one: Sent) -> JSON:
    return {
        "reference": one.reference, "request": one.request, "recorded": one.recorded, "status": one.status,
        "why": one.why, "places": [*one.places], "differs": [*one.differs], "same": one.same, "skipped": one.skipped,
        "left_out": [*one.left_out],
    }  # fmt: skip


def _show(sent: Sequence[Sent]) -> None:
    from rich.text import Text

    from interlock.cli._show import console, plain, table

    rows = [
        (
            one.reference,
            one.request,
            str(one.recorded),
            Text(str(one.status or "-"), "" if one.same or one.skipped else "bold red"),
            plain("; ".join((one.why, *one.places) if one.why else one.differs) or "as recorded"),
        )
        for one in sent
    ]
    out = console()
    out.print(table(("event", "request", "then", "now", "what differs"), rows, whole=("event",)))
    stayed = sorted({name for one in sent for name in one.left_out})
    if stayed:
        out.print(plain(f"left out: {', '.join(stayed[:_NAMES])}{' …' if len(stayed) > _NAMES else ''}"))
    tried = [one for one in sent if not one.skipped]
    out.print(f"{len(tried)} of {len(sent)} requests: {sum(one.same for one in tried)} answered as recorded")
