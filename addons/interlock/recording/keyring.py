"""The keys of one recordings folder, as far as the operator's keys that were given open them.

A gateway is given its keys by the rules. Readers (terminal, console, exports) take those that were made known to the
process with `reach`, by itself or by a finder that is asked when something encrypted is met for the first time, and
those of the variable INTERLOCK_RECORDING_KEY.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from interlock.errors import InterlockError
from interlock.finders import ask_finders
from interlock.model import Secret
from interlock.recording.disk import replace_file
from interlock.recording.keys import KEY, KEYS, DataKey, Kek, Master, Unopened, read_kek, read_key_file, read_master

__all__ = ["VARIABLE", "Keyring", "reach", "reachable"]

VARIABLE: Final = "INTERLOCK_RECORDING_KEY"
"""Where readers look for the operator's key; several stand with commas between them."""

_MAX_MASTERS = 1000
_reached: dict[str, Kek] = {}


class Keyring:
    """Opens what is in `.keys` of a recordings folder. Raises nothing by itself: each question says what it raises."""

    def __init__(self, folder: Path, keks: Sequence[Kek] = ()) -> None:
        self._folder = folder / KEYS
        self._keks = tuple(keks)
        self._masters: dict[str, Master] = {}
        self._current: Master | None = None

    def __repr__(self) -> str:
        return f"Keyring({len(self._keks)} keys)"

    def current(self) -> Master:
        """The master key of new sessions; made when the operator's first key has none yet.

        Raises OSError when it cannot be written, InterlockError without any key.
        """
        if not self._keks:
            raise InterlockError("there is no key to encrypt recordings with")
        if self._current is not None:
            return self._current
        first = self._keks[0]
        own = sorted(master.id for master in self.masters() if master.made == first.id)
        if own:
            self._current = self._masters[own[0]]
            return self._current
        master = Master.new(first)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self._folder / f"{master.id}.json", first.wrap(master))
        self._masters[master.id] = self._current = master
        return master

    def masters(self) -> list[Master]:
        """Every master key that the operator's keys open; what is damaged or of another key is passed over."""
        found = []
        for path in self._files():
            with suppress(OSError, Unopened):
                master = self._master(path.stem)
                if master is not None:
                    found.append(master)
        return found

    def closed(self) -> int:
        """How many master keys these keys do not open."""
        return len(self._files()) - len(self.masters())

    def open(self, folder: Path) -> DataKey:
        """The data key of a session's folder. Raises Unopened."""
        try:
            said = read_key_file(folder / KEY)
        except FileNotFoundError:
            raise Unopened("erased", f"the session {folder.name} was erased: its key was destroyed") from None
        except OSError as error:
            raise Unopened("sealed", f"the key of {folder.name} cannot be read: {error.strerror}") from None
        name, session = said.get("master"), said.get("session")
        if not isinstance(name, str) or session != folder.name:
            raise Unopened("changed", f"the key of {folder.name} is another session's")
        try:
            master = self._master(name)
        except OSError:
            master = None
        if master is None:
            raise Unopened("sealed", f"the session {folder.name} is encrypted, and its key is not here", hint=_HINT)
        wrapped = said.get("wrapped")
        return master.open(folder.name, wrapped if isinstance(wrapped, str) else "")

    def whose(self, issuer: str, subject: str) -> frozenset[str]:
        """The digests that stand for a person in the first events of sessions."""
        return frozenset(master.whose(issuer, subject) for master in self.masters())

    def rewrap(self) -> int:
        """Has the operator's first key wrap what an older one does; says how many that were. Raises OSError.

        Each file is replaced as a whole: a crash leaves the old one or the new one. Damaged ones are passed over.
        """
        count = 0
        for path in self._files():
            try:
                said, master = read_key_file(path), self._master(path.stem)
            except Unopened:
                continue
            if master is not None and said.get("kek") != self._keks[0].id:
                replace_file(path, self._keks[0].wrap(master))
                count += 1
        return count

    def _master(self, name: str) -> Master | None:
        known = self._masters.get(name)
        if known is None and "/" not in name and not name.startswith("."):
            known = read_master(self._folder / f"{name}.json", self._keks)
            if known is not None:
                self._masters[name] = known
        return known

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == ".json")[:_MAX_MASTERS]
        except OSError:
            return []


_HINT = f"name the rules with --rules, or set {VARIABLE}"


def reach(keks: Sequence[Kek]) -> None:
    """Make keys known to the readers of this process."""
    _reached.update((kek.id, kek) for kek in keks)


def reachable(folder: Path) -> Keyring:
    """The keys of a recordings folder, for a reader. Raises InterlockError for a variable that holds no key."""
    ask_finders()
    return _keyring(folder, (*_reached.values(), *_named(os.environ.get(VARIABLE, ""))))


@lru_cache(maxsize=16)
def _keyring(folder: Path, keks: tuple[Kek, ...]) -> Keyring:
    return Keyring(folder, keks)


def _named(text: str) -> Iterator[Kek]:
    for part in text.split(","):
        if part.strip():
            yield read_kek(Secret(part), f"the variable {VARIABLE}")
