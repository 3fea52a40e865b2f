"""Erases what people left: of an encrypted session its key, of another one its flows and salt.

The evidence stays and verifies. Of an encrypted session nobody can read any more what it says, nor whose it was; of
another one it still says who did what, and the digests of bodies mean nothing without the salt. A tombstone says what
went and why; copies that were shipped follow. What is held or open is not erased, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from interlock.recording.deletion import Deletion, Order, What
from interlock.recording.dossier import Dossier, held_by, look_into
from interlock.recording.keyring import Keyring
from interlock.recording.keys import KEY, Unopened, read_key_file
from interlock.recording.runs import first_event, session_folders
from interlock.recording.sealing import is_sealed
from interlock.recording.session import FLOWS, SALT
from interlock.settings import Hold

__all__ = ["Outcome", "Theirs", "erase", "sessions_of", "unreadable"]

type Result = Literal["erased", "nothing", "held", "open", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one session: `what` went, or `why` nothing did."""

    session: str
    result: Result
    what: tuple[What, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Theirs:
    """A session of a person's. `perhaps`, where not empty, is another issuer: an agent of its acted for somebody of
    that name, and whom its tokens mean by it nobody but its operator can say.
    """

    session: str
    perhaps: str = ""


def sessions_of(
    folder: Path, keys: Keyring, issuer: str, subject: str, *, agents_of: Collection[str] = ()
) -> Iterator[Theirs]:
    """A person's sessions, oldest first: their own, and those in which an agent acted for them.

    Whom an agent acts for, its token names in the words of the token's issuer (RFC 8693, section 4.1); `agents_of` are
    other issuers that mean the same people by the same names. Of encrypted sessions that cannot be opened (any more),
    those whose first event holds the person's digest. Raises OSError for the folder itself.
    """
    whose = keys.whose(issuer, subject)
    for name in session_folders(folder):
        event = first_event(folder / name)
        if event is not None and event.data.get("whose") in whose:
            yield Theirs(name)
            continue
        found = look_into(folder / name, keys)
        if not found.known:
            continue
        acted = subject in found.acting_for
        if (found.issuer == issuer and found.subject == subject) or (acted and found.issuer in (issuer, *agents_of)):
            yield Theirs(name)
        elif acted:
            yield Theirs(name, found.issuer)


def unreadable(folder: Path, keys: Keyring) -> Iterator[str]:
    """Sessions of which nobody can tell here whose they are: damaged, or encrypted under a key that is not here."""
    known = {master.id for master in keys.masters()}
    for name in session_folders(folder):
        event = first_event(folder / name)
        if event is None or (is_sealed(event) and (folder / name / KEY).exists() and not _opens(folder / name, known)):
            yield name


def _opens(folder: Path, known: set[str]) -> bool:
    try:
        return read_key_file(folder / KEY).get("master") in known
    except (OSError, Unopened):
        return False


def erase(
    folder: Path,
    session: str,
    why: str,
    deletion: Deletion,
    *,
    keys: Keyring,
    holds: tuple[Hold, ...] = (),
    first: Callable[[Dossier], str] = lambda _: "",
) -> Outcome:
    """Erases one session. Never raises for what the disk does: that is `failed`, and finished at the next start.

    `first` erases what lies elsewhere while it can still be told whose it is; what it says is why it could not, and
    then nothing else is touched.
    """
    dossier = look_into(folder / session, keys)
    if refused := _refused(dossier, holds):
        return refused
    if why_not := first(dossier):
        return Outcome(session, "failed", why=why_not)
    whats = _present(folder / session)
    if not whats:
        return Outcome(session, "nothing", why="there is nothing left to erase")
    try:
        for what in whats:
            deletion.carry_out(Order(session, what, why))
    except OSError as error:
        return Outcome(session, "failed", why=f"{error.strerror or error}: it is finished at the next start")
    return Outcome(session, "erased", whats)


def _refused(dossier: Dossier, holds: tuple[Hold, ...]) -> Outcome | None:
    if hold := held_by(holds, dossier):
        return Outcome(dossier.session, "held", why=f"held by {hold.id}: {hold.why}")
    if dossier.state in ("open", "torn"):
        return Outcome(dossier.session, "open", why="it is open: end it, or start its gateway again, and ask once more")
    return None


def _present(folder: Path) -> tuple[What, ...]:
    """What there is to erase. With its key, all that an encrypted session says is gone, flows too."""
    if (folder / KEY).exists():
        return ("key",)
    event = first_event(folder)
    if event is not None and is_sealed(event):
        return ()
    names: tuple[tuple[What, str], ...] = (("flows", FLOWS), ("salt", SALT))
    return tuple(what for what, name in names if (folder / name).exists())
