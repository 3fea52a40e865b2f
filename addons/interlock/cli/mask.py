"""`interlock mask`: what rules would hide in documents and texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interlock.errors import InterlockError

if TYPE_CHECKING:
    from interlock.engine.rules import Rules

__all__ = ["command"]

_ON = "With --rules: the connection whose masks apply."
_WHERE = "With --rules: responses, model-requests or recordings."
_NAMED = "With --rules: also a mask that applies only when named (repeatable)."
_KEY = "At least 16 bytes that key hash; without it they are random, and hashes compare within one run only."
_SHORTEST_KEY = 16


def command(
    rules: Annotated[Path | None, typer.Option("--rules", help="A rules folder, in place of rules in lines.")] = None,
    on: Annotated[str, typer.Option("--on", metavar="CONNECTION", help=_ON)] = "",
    where: Annotated[str, typer.Option("--where", metavar="PLACE", help=_WHERE)] = "responses",
    named: Annotated[list[str] | None, typer.Option("--mask", metavar="ID", help=_NAMED)] = None,
    key_file: Annotated[Path | None, typer.Option("--key-file", metavar="FILE", help=_KEY)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on a terminal, too.")] = False,
) -> None:
    """Read documents and texts as JSON lines and write them masked.

    Members of a line: id; doc, a JSON document; text, a text; rules, a list of JSONPaths (all of RFC 9535); fields,
    a list of names at any depth; detect, a list of detectors; with, what is put in the place: redact (the default),
    last4, hash, drop, nullify. Without rules, fields and detect, all shipped detectors search. Text has no places:
    it is searched by detectors alone.

    Members of an answer: id; doc, in which everything that was not chosen keeps its bytes, numbers as they were
    spelled; text; findings, with rule, detector, place (JSON Pointer), action and confidence.

    A line that cannot be masked is answered with id, error and line, and the status is 1 at the end.

    [bold]Examples[/bold]

      interlock mask <<< '{"id": 1, "doc": {"card": {"number": "4111 1111 1111 1111"}}, "rules": ["$..card.number"], "with": "last4"}'

      interlock mask <<< '{"id": 2, "text": "Write to erika@example.com."}'

      interlock mask --rules rules/ --on crm < answers.jsonl | jq -c 'select(.findings != []) | .id'
    """  # noqa: E501 - an example is one line
    import sys

    from interlock.cli._mask import chosen_by, mask_all
    from interlock.cli._mask_show import show_json, show_plain

    chosen = chosen_by(_rules(rules, on), on, where, frozenset(named or ()), _key(key_file))
    if sys.stdin.isatty():
        typer.echo("interlock: reading JSON lines; Ctrl-D ends", err=True)
    show = show_json if as_json or not sys.stdout.isatty() else show_plain
    raise typer.Exit(0 if mask_all(chosen, sys.stdin.buffer, show) else 1)


def _rules(folder: Path | None, on: str) -> Rules | None:
    from interlock.engine.rules import load_rules

    if folder is None:
        if on:
            raise InterlockError("--on names a connection of --rules", hint="give both")
        return None
    if not on:
        raise InterlockError("--rules needs --on", hint="as in --rules rules/ --on crm")
    return load_rules(folder)


def _key(file: Path | None) -> bytes:
    import os

    if file is None:
        return os.urandom(32)
    try:
        key = file.read_bytes().strip()
    except OSError:
        raise InterlockError("the key file cannot be read") from None
    if len(key) < _SHORTEST_KEY:
        raise InterlockError(f"the key file holds less than {_SHORTEST_KEY} bytes")
    return key
