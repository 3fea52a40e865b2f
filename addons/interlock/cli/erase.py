"""`interlock erase`: what a person left in recordings; nobody can read it any more, and the evidence verifies."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from interlock.cli._options import AsJson, RulesFolder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from interlock.engine.rules import Rules
    from interlock.recording.dossier import Dossier
    from interlock.recording.erasure import Outcome
    from interlock.recording.keyring import Keyring

__all__ = ["command"]

type _Row = tuple[str, str, str, str]

_AGENTS = "Also another issuer's agents that acted for them: it means the same people by the same names."
_UNREADABLE = "its key is not here, or it is damaged: nobody can tell whose"
_FINE = ("erased", "nothing")


def command(
    why: Annotated[str, typer.Option("--why", help="The reason, for the tombstone, which stays: name nobody in it.")],
    subject: Annotated[str, typer.Option("--subject", help="Whose sessions, with --issuer.")] = "",
    issuer: Annotated[str, typer.Option("--issuer", help="Who issued that subject.")] = "",
    agents_of: Annotated[list[str] | None, typer.Option("--agents-of", metavar="ISSUER", help=_AGENTS)] = None,
    session: Annotated[list[str] | None, typer.Option("--session", help="These sessions, by their whole ids.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    rules: RulesFolder = Path("rules"),
    as_json: AsJson = False,
) -> None:
    """Erase sessions: of encrypted ones the key, of others the flows and the salt. There is no way back.

    The evidence stays and verifies, and a signed tombstone says what went and why. Of an encrypted session nobody can
    read any more what it says; of another one the evidence still says who did what, and only bodies are gone. Copies
    that were shipped follow, by the gateway or [bold]interlock ship[/bold]. Ends with status 1 when anything was held,
    open, or could not be looked into.

    [bold]Examples[/bold]

      interlock erase --issuer https://idp.example.com --subject erika --why "a request of 2026-02-03" --dry-run

      interlock erase --session 01JD3ZK7V00000000000000000 --why "recorded by mistake"
    """
    from interlock.cli._keeping import confirm, keys_of, recordings_of
    from interlock.cli._looks import note_look
    from interlock.engine.rules import load_rules

    loaded = load_rules(rules)
    folder, keys = recordings_of(loaded), keys_of(loaded)
    names, unknown = _wanted(folder, keys, (subject, issuer, agents_of or []), session or [])
    if dry_run or not names:
        note_look(folder, "interlock erase --dry-run", {"sessions": [*names]})
        _tell([(name, "would be erased", "", "") for name in names], unknown, as_json)
        raise typer.Exit(1 if unknown else 0)
    confirm(f"Erase what {len(names)} sessions hold, for good?", yes)
    note_look(folder, "interlock erase", {"sessions": [*names], "why": why})
    found = _erase(load_rules(rules), folder, keys, names, why)  # a hold may have come while somebody thought about it
    _tell([(entry.session, entry.result, ", ".join(entry.what), entry.why) for entry in found], unknown, as_json)
    raise typer.Exit(0 if not unknown and all(entry.result in _FINE for entry in found) else 1)


def _wanted(
    folder: Path, keys: Keyring, who: tuple[str, str, Sequence[str]], sessions: Sequence[str]
) -> tuple[list[str], list[_Row]]:
    """The sessions that are meant, and what is said of those of which nobody can tell. Raises InterlockError."""
    from interlock.errors import InterlockError
    from interlock.recording.erasure import sessions_of, unreadable
    from interlock.recording.ulid import is_ulid

    subject, issuer, agents_of = who
    if sessions and not (subject or issuer):
        for name in sessions:
            if not is_ulid(name) or not (folder / name).is_dir():
                raise InterlockError(f"there is no session {name!a}", hint="interlock sessions lists them")
        return list(dict.fromkeys(sessions)), []
    if not subject or not issuer or sessions:
        hint = "--issuer and --subject, as interlock sessions shows them, or --session"
        raise InterlockError("whose sessions, or which?", hint=hint)
    found = list(sessions_of(folder, keys, issuer, subject, agents_of=agents_of))
    unclear = "an agent of {0} acted for somebody of that name: --agents-of {0} if that is the same person"
    unknown = [(one.session, "unclear", "", unclear.format(one.perhaps)) for one in found if one.perhaps]
    unknown += [(name, "unreadable", "", _UNREADABLE) for name in unreadable(folder, keys)]
    return [one.session for one in found if not one.perhaps], unknown


def _erase(rules: Rules, folder: Path, keys: Keyring, names: list[str], why: str) -> list[Outcome]:
    from interlock.cli._keeping import deleting
    from interlock.recording.erasure import erase

    with deleting(rules) as deletion:
        more: dict[str, Any] = {"holds": rules.recording.keeping.holds, "first": partial(_values, rules)}
        return [erase(folder, name, why, deletion, keys=keys, **more) for name in names]


def _values(rules: Rules, dossier: Dossier) -> str:
    """The values that masks' tokens of this run stand for go first; says why they could not."""
    from interlock.engine.vault_erasure import erase_values
    from interlock.errors import InterlockError

    if not dossier.known:
        return ""
    try:
        erase_values(rules, dossier.issuer, dossier.subject, dossier.run)
    except (OSError, InterlockError) as error:
        return f"what its tokens stand for could not be erased: {error}"
    return ""


def _tell(rows: list[_Row], unknown: list[_Row], as_json: bool) -> None:
    from interlock.cli._show import console, table, write_json

    rows += unknown
    headings = ("session", "result", "what", "why")
    if as_json:
        for row in rows:
            write_json(dict(zip(headings, row, strict=True)))
    elif rows:
        console().print(table(headings, rows, whole=("session",)))
    else:
        console(stderr=True).print("there is no such session")
