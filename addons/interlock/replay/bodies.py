"""Decisions that take the body: judged by what the flow file kept of it, which is masked.

The operations stay those that were recorded, where they were recorded whole; from the body come the document, and the
texts of commands. Where the body says something else than what was decided about, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from interlock.engine.judge import Judge, context_of
from interlock.engine.recorded_call import RecordedCall, looking
from interlock.errors import InterlockError
from interlock.model import Effect, Operation
from interlock.model.places import changed
from interlock.policy import Context
from interlock.policy.standing import ATTESTED
from interlock.recording.event import seconds
from interlock.recording.flow_reading import RecordedFlow, read_flows
from interlock.recording.session import FLOWS
from interlock.replay.case import Case
from interlock.replay.marks import MARKS
from interlock.replay.rejudge import BODY, Rejudge, Word

__all__ = ["OPERATIONS", "TEXT", "judge_bodies"]

OPERATIONS: Final = "operations-not-recorded"
TEXT: Final = "text-masked"

type Judged = tuple[Case, Word, bool]
"""A case, the word on it, and whether it was judged by a body in which something is masked."""


def judge_bodies(rejudge: Rejudge, folder: Path, cases: Sequence[Case]) -> Iterator[Judged]:
    """Each of the cases of one session once, in the order of its flow file. Never raises."""
    waiting: dict[str, list[Case]] = {}
    for case in cases:
        waiting.setdefault(case.asked.flow, []).append(case)
    try:
        for flow in read_flows(folder / FLOWS):
            found = waiting.pop(flow.id, None)
            if found:
                yield from _judged(rejudge, flow, found)
            if not waiting:
                return
    except (OSError, InterlockError):
        pass
    for rest in waiting.values():
        for case in rest:
            yield case, _doubt(BODY if case.whole and case.same else OPERATIONS), False


def _judged(rejudge: Rejudge, flow: RecordedFlow, cases: Sequence[Case]) -> Iterator[Judged]:
    flows: dict[str, _Flow] = {}
    for case in cases:
        name = case.connection.name
        if name not in flows:
            flows[name] = _Flow(rejudge, RecordedCall(Judge(rejudge.rules), case.connection, flow))
        read = flows[name]
        try:
            word = read.word(case)
        except (InterlockError, RecursionError, TimeoutError):
            word = _doubt(BODY)
        yield case, word, read.masked


class _Flow:
    """What one recorded exchange says, read by the adapter of one connection."""

    def __init__(self, rejudge: Rejudge, call: RecordedCall) -> None:
        self._rejudge = rejudge
        self._call = call
        self._judge = Judge(rejudge.rules)
        self._proposals: list[tuple[Operation, ...]] | None = None
        flow = call.flow
        self.masked = MARKS.search(flow.body) is not None or MARKS.search(flow.answer) is not None

    def word(self, case: Case) -> Word:
        """Raises BodyRejected for a body that cannot be read."""
        document = self._call.document()
        if case.proposed:
            read = self._proposed(case)
        else:
            read = self._judge.operations(self._call.exchange, case.connection, document)
        context = context_of(
            case.principal, case.connection, self._call.exchange, path=case.asked.path, document=document,
            now=seconds(case.at), observe=case.observe, grants=case.grants, reviews=ATTESTED,
        )  # fmt: skip
        if not case.same:
            operations = read or None
        elif case.whole:
            operations = _with_texts(case.operations, read)
        else:
            operations = read if _begin_alike(case.operations, read) else None
        if operations is None:
            return self._without_texts(case, context)
        return self._sure(case, self._rejudge.with_body(context, operations))

    def _proposed(self, case: Case) -> tuple[Operation, ...]:
        """The first proposal of the answer, not yet asked for, that is the recorded one. What was refused is not there:
        the recorded answer is the one that the agent got.
        """
        if self._proposals is None:
            self._proposals = _proposals(self._call)
        for index, found in enumerate(self._proposals):
            if _begin_alike(case.operations, found):
                return self._proposals.pop(index)
        return ()

    def _without_texts(self, case: Case, context: Context) -> Word:
        """Where the texts of commands are not known: all that can be said is that it is forbidden without them too."""
        if not (case.whole and case.same):
            return _doubt(OPERATIONS)
        word = self._rejudge.with_body(context, case.operations)
        searched = self._rejudge.searches(case.connection.name, agent=case.proposed)
        return word if word.effect is Effect.FORBID or not searched else _doubt(TEXT)

    def _sure(self, case: Case, word: Word) -> Word:
        """What a text entry found then, and does not find in a masked text now, may stand behind the mask."""
        hidden = self.masked and case.then is Effect.FORBID and word.effect is not Effect.FORBID
        return _doubt(TEXT) if hidden and self._rejudge.is_text_entry(case.told.rule) else word


def _proposals(call: RecordedCall) -> list[tuple[Operation, ...]]:
    found: list[tuple[Operation, ...]] = []

    def note(operations: Sequence[Operation]) -> None:
        if operations:
            found.append(tuple(operations))

    call.answer(looking(judge=note))
    return found


def _with_texts(recorded: Sequence[Operation], read: Sequence[Operation]) -> tuple[Operation, ...] | None:
    """The recorded operations with the texts of those that were read; None where they are not the same ones."""
    if _names(recorded) != _names(read):
        return None
    texts = iter([one.text for operation in read for one in operation.walk()])
    return changed(recorded, lambda one: replace(one, text=next(texts)))


def _begin_alike(recorded: Sequence[Operation], read: Sequence[Operation]) -> bool:
    """Whether what was read is what was recorded, as far as that goes."""
    known = _names(recorded)
    return bool(known) and known == _names(read)[: len(known)]


def _names(operations: Sequence[Operation]) -> list[str]:
    return [one.name for operation in operations for one in operation.walk()]


def _doubt(why: str) -> Word:
    return Word(Effect.FORBID, doubt=why)
