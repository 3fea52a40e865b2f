"""What recordings say that was tried: each thing once, with how often, when first and last, and what was said to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from interlock.errors import InterlockError
from interlock.model import Effect, Operation, Principal
from interlock.model.places import CALLERS
from interlock.policy import Context
from interlock.policy.standing import ATTESTED
from interlock.reasons import Reason
from interlock.recording.event import seconds
from interlock.replay.backtest import sessions_of
from interlock.replay.case import operations_of
from interlock.replay.session_then import SessionThen
from interlock.replay.told import Line, Lines, Told
from interlock.replay.walk import Window
from interlock.replay.who import principal_of
from interlock.replay.words import word_then

__all__ = ["MOST_FACTS", "Fact", "Reading", "decisions", "read_facts"]

MOST_FACTS = 200_000
"""Different things that are kept apart."""

_EXAMPLES = 3
_MEMORY = 60_000
_OBSERVE = "observe"
_PLACES = ("at", "in", "how")
_TAKEN = frozenset((str(Reason.ACCESS_OVERDUE), str(Reason.ACCESS_REVOKED), str(Reason.ACCESS_UNKNOWN)))
_told = msgspec.json.Decoder(Told).decode


@dataclass(slots=True)
class Fact:
    """Something that somebody tried. `said` is the policy's word, `used` whether it passed (by rule or by a person).

    `operations` are what it would do, `whole` whether those are all. `first` and `last` are RFC 3339, `hours` the hours
    of the day (UTC) in which it was used.
    """

    principal: Principal
    connection: str
    method: str
    path: str
    proposed: bool
    operations: tuple[Operation, ...]
    whole: bool
    said: Effect
    used: bool
    observed: bool
    rule: str
    reason: str
    first: str = ""
    last: str = ""
    count: int = 0
    hours: set[int] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)

    @property
    def context(self) -> Context:
        """What a decision about it looks at, at the moment it was first tried."""
        return Context(
            principal=self.principal,
            connection=self.connection,
            method=self.method,
            path=self.path,
            now=seconds(self.first),
            readable=False,
            reviews=ATTESTED,
        )

    def note(self, at: str, reference: str) -> None:
        """It was tried once more."""
        self.first = min(self.first or at, at)
        self.last = max(self.last, at)
        self.count += 1
        self.hours.add(min(int(at[11:13]), 23))
        if len(self.examples) < _EXAMPLES:
            self.examples.append(reference)


@dataclass(slots=True)
class Reading:
    """What was read: `facts`, and how much of what."""

    facts: list[Fact] = field(default_factory=list)
    sessions: int = 0
    decisions: int = 0
    unread: int = 0
    principals: dict[bytes, Principal] = field(default_factory=dict)


def decisions(folder: Path, window: Window) -> Iterator[tuple[SessionThen, Line, Told, Told | None]]:
    """The decisions of one session within a window, each with the request it belongs to. Raises OSError.

    What cannot be read is passed over: `interlock verify` says so.
    """
    session = SessionThen(folder)
    for line in Lines(folder):
        try:
            if line.kind not in ("decision", "reply"):
                session.note(line)
                continue
            told = _told(line.data)
            asked = session.asked(line, told)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if window.holds(line.at):
            yield session, line, told, asked


def read_facts(
    recordings: Sequence[Path],
    window: Window,
    *,
    covers: Callable[[str], bool],
    keep_arguments: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Everything the policy spoke about. `covers` says of a connection whether it has `commands:` (for format 1).

    Arguments that callers give their tools are left out unless they are to be kept. Raises InterlockError where there
    are more different things than can be kept apart, or nothing at all; OSError for a folder that cannot be read.
    """
    folders = sessions_of(recordings)
    if not folders:
        raise InterlockError("there are no sessions to read", hint="name a recordings folder, or one session's")
    gathering = _Gathering(covers, keep_arguments)
    found = gathering.found
    for number, folder in enumerate(folders, 1):
        try:
            for session, line, told, asked in decisions(folder, window):
                found.decisions += 1
                if asked is None or not gathering.note(session, line, told, asked):
                    found.unread += 1
        except OSError:
            found.unread += 1
        found.sessions += 1
        if progress is not None:
            progress(number, len(folders))
    found.facts = list(gathering.facts.values())
    return found


class _Gathering:
    """Facts by what tells them apart; what was read of equal operations is remembered."""

    def __init__(self, covers: Callable[[str], bool], keep_arguments: bool) -> None:
        self.found = Reading()
        self.facts: dict[tuple[object, ...], Fact] = {}
        self._covers = covers
        self._keep = keep_arguments
        self._read: dict[tuple[bytes, bool, bool], tuple[tuple[Operation, ...], bool, bytes]] = {}

    def note(self, session: SessionThen, line: Line, told: Told, asked: Told) -> bool:
        """Counts one decision; False where its operations cannot be read."""
        said = Effect.FORBID if told.reason in _TAKEN else word_then(told.effect, told.reason)
        if said is None:
            return True  # no policy's word: a bad token, a body that cannot be read
        proposed = line.kind == "reply"
        try:
            operations, whole, digest = self._operations(told, proposed, self._covers(asked.connection))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False
        observed = told.mode == _OBSERVE or told.reason == Reason.OBSERVED
        used = told.effect == "permit" and (said is Effect.PERMIT or told.reason == Reason.APPROVED)
        how = (asked.connection, asked.method, asked.path, proposed, operations, whole, said, used, observed)
        key = (session.who, *how[:4], digest, used, observed, told.rule, told.reason)
        fact = self.facts.get(key)
        if fact is None:
            if len(self.facts) >= MOST_FACTS:
                hint = "look at a shorter time: --since, --until"
                raise InterlockError(f"these recordings hold more than {MOST_FACTS} different operations", hint=hint)
            fact = self.facts[key] = Fact(self._who(session), *how, told.rule, told.reason)
        fact.note(line.at, session.reference(line))
        return True

    def _operations(self, told: Told, proposed: bool, covered: bool) -> tuple[tuple[Operation, ...], bool, bytes]:
        key = hashlib.sha256(bytes(told.operations)).digest(), proposed, covered
        known = self._read.get(key)
        if known is None:
            operations, whole = operations_of(told, proposed=proposed, covered=covered)
            if not self._keep:
                operations = tuple(map(_bare, operations))
            digest = hashlib.sha256(repr((operations, whole)).encode("utf-8", "surrogatepass")).digest()
            if len(self._read) >= _MEMORY:
                self._read.clear()
            known = self._read[key] = operations, whole, digest
        return known

    def _who(self, session: SessionThen) -> Principal:
        known = self.found.principals.get(session.who)
        if known is None:
            known = self.found.principals[session.who] = principal_of(session.opened, session.said)
        return known


def _bare(operation: Operation) -> Operation:
    """The operation without the values its caller gave, and without its place; what was read in them stays."""
    kept = {} if operation.protocol in CALLERS else operation.arguments
    arguments = {name: value for name, value in kept.items() if name not in _PLACES}
    return replace(operation, arguments=arguments, place="", nested=tuple(map(_bare, operation.nested)))
