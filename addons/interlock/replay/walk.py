"""One session after the other: its decisions are made again, in memory that does not grow with the recording."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from interlock.model import Effect
from interlock.replay.bodies import judge_bodies
from interlock.replay.case import Case
from interlock.replay.deciding import Deciding
from interlock.replay.outcome import Outcome, compare_words
from interlock.replay.rejudge import BODY, GONE, Rejudge
from interlock.replay.rules_then import RulesThen
from interlock.replay.session_then import SessionThen
from interlock.replay.tally import Tally
from interlock.replay.told import Line, Lines, Repeated, Told
from interlock.replay.words import word_then

__all__ = ["Walk", "Window"]

_MEMORY: Final = 60_000
_LATE: Final = 2000
_UNANSWERED: Final = 1000
_REQUEST: Final = "request-not-recorded"
_COUNTED: Final = "only-counted"
_MINUTE: Final = 16
_LARGE: Final = 512
_LONG: Final = 2048
_NOTHING: Final = msgspec.Raw(b"[]")
_told = msgspec.json.Decoder(Told).decode
_repeated = msgspec.json.Decoder(Repeated).decode
_TAKES_BODY: Final = Outcome(doubt=BODY)


@dataclass(frozen=True, slots=True)
class Window:
    """Which decisions count: from `since` until before `until` (RFC 3339, as in events; empty: no bound).

    `enforced` judges what was observed (`interlock run --observe`) as if it had been enforced.
    """

    since: str = ""
    until: str = ""
    enforced: bool = False

    def holds(self, at: str) -> bool:
        """Whether a decision of that moment counts."""
        return self.since <= at and (not self.until or at < self.until)


class Walk:
    """Judges sessions by `rejudge` and counts in `tally`. What it remembers serves all sessions."""

    def __init__(self, rejudge: Rejudge, tally: Tally, rules_then: RulesThen, window: Window) -> None:
        self._rejudge = rejudge
        self._deciding = Deciding(rejudge, rules_then, enforced=window.enforced)
        self._tally = tally
        self._window = window
        self._memory: dict[tuple[object, ...], Outcome] = {}
        self._one: dict[bytes, bytes] = {}

    def several(self, folders: Sequence[Path]) -> Tally:
        """What is counted in these sessions alone; what was remembered goes on serving."""
        self._tally = Tally()
        for folder in folders:
            self.session(folder)
        return self._tally

    def session(self, folder: Path) -> None:
        """All decisions of one session. Never raises: what cannot be read is counted."""
        lines, session, tally = Lines(folder), SessionThen(folder), self._tally
        try:
            for line in lines:
                try:
                    if line.kind == "decision" or line.kind == "reply":
                        self._line(session, line)
                    elif line.kind == "repeated":
                        self._counted(session, line)
                    else:
                        session.note(line)
                except (msgspec.MsgspecError, ValueError, RecursionError):
                    tally.damaged += 1
        except OSError:
            tally.damaged += 1
        self._bodies(session)
        for case, word in session.unanswered:
            self._done(session, case, self._deciding.outcome(session, case, word))
        tally.damaged += lines.damaged
        for why, count in lines.sealed.items():
            tally.decisions += count
            tally.doubts(why, "", session.folder.name, count)
        tally.bytes += lines.bytes
        tally.sessions += 1

    def _line(self, session: SessionThen, line: Line) -> None:
        told = _told(line.data)
        asked = session.asked(line, told)
        if not self._window.holds(line.at):
            return
        tally = self._tally
        tally.decisions += 1
        tally.proposals += line.kind == "reply"
        tally.under(told.rules or session.rules)
        then = word_then(told.effect, told.reason)
        if then is None:
            tally.carries(told.reason)
        elif asked is None:
            tally.doubts(_REQUEST, line.at, session.reference(line))
        else:
            outcome = self._outcome(session, line, told, asked, then)
            if outcome is not None:
                self._count(session, asked, line.at, session.reference(line), outcome)
        told.operations = _NOTHING  # requests are kept for their replies, without the line they were read from

    def _counted(self, session: SessionThen, line: Line) -> None:
        """Refusals of which nothing is known but how many, and one like them."""
        for one in _repeated(line.data).refusals if self._window.holds(line.at) else ():
            count = max(0, one.count)
            self._tally.decisions += count
            if word_then("forbid", one.reason) is None:
                self._tally.carries(one.reason, count)
            else:
                self._tally.doubts(_COUNTED, line.at, one.first[:_LONG] or session.reference(line), count)

    def _outcome(self, session: SessionThen, line: Line, told: Told, asked: Told, then: Effect) -> Outcome | None:
        """What comes of it, from memory where the very same was decided before; None where it has to wait."""
        key: tuple[object, ...] = (
            session.who, told.rules or session.rules, asked.connection, asked.origin, asked.method, asked.path,
            told.mode, told.reason, told.rule, told.masks, line.kind, self._same(told.operations),
        )  # fmt: skip
        own = bool(told.grants) or told.reason == "approved"  # what people said is looked at each time
        own = own or len(asked.path) + len(told.rule) + len(asked.connection) + len(asked.origin) > _LONG
        known = None if own else self._memory.get(key) or self._memory.get((*key, line.at[:_MINUTE]))
        if known is not None and known is not _TAKES_BODY:
            return known
        deciding = self._deciding
        case = deciding.case(session, line, told, asked, then)
        if case is None:
            return compare_words(then, told, GONE)
        if known is None:
            word, always = deciding.word(case)
            if word.doubt != BODY and deciding.waits(session, case, word) and len(session.unanswered) < _UNANSWERED:
                session.unanswered.append((case, word))
                return None
            known = _TAKES_BODY if word.doubt == BODY else deciding.outcome(session, case, word)
            if not own:
                self._remember(key if always else (*key, line.at[:_MINUTE]), known)
        if known is not _TAKES_BODY:
            return known
        session.late.append(case)
        if len(session.late) >= _LATE:
            self._bodies(session)
        return None

    def _remember(self, key: tuple[object, ...], outcome: Outcome) -> None:
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
            self._one.clear()
        self._memory[key] = outcome

    def _same(self, raw: msgspec.Raw) -> bytes:
        """One object for equal operations, whoever has them: what is remembered shares it. Large ones by a digest."""
        data = bytes(raw)
        if len(data) > _LARGE:
            data = hashlib.sha256(data).digest()
        return self._one.get(data) or (self._one.setdefault(data, data) if len(self._one) < _MEMORY else data)

    def _bodies(self, session: SessionThen) -> None:
        """Judges what waits for bodies."""
        late, session.late = session.late, []
        if not late:
            return
        for case, word, masked in judge_bodies(self._rejudge, session.folder, late):
            self._tally.bodies += not word.doubt
            self._tally.masked_bodies += masked and not word.doubt
            self._done(session, case, self._deciding.outcome(session, case, word))

    def _done(self, session: SessionThen, case: Case, outcome: Outcome) -> None:
        self._count(session, case.asked, case.at, case.reference, outcome)

    def _count(self, session: SessionThen, asked: Told, at: str, reference: str, outcome: Outcome) -> None:
        tally = self._tally
        if outcome.doubt:
            tally.doubts(outcome.doubt, at, reference)
            return
        tally.judged += 1
        tally.unknown_masks += outcome.silent
        if not outcome.changes:
            tally.same += 1
            tally.otherwise += outcome.otherwise
            return
        for kind, before, was, rule, reason, operation in outcome.changes:
            row = (kind, session.issuer, session.subject, asked.connection, operation, before, was, rule, reason)
            tally.differs(row, at, reference)
