"""Calls that a model's answer proposes, whatever API it speaks: masked, read and judged as one kind of thing.

A call is a name and an input. An API that writes the input as text (JSON in a string, or free text) and one that
writes an object come to the same operation: `tool.use:<name>` with what the input carries nested in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Operation, Refusal
from interlock.paths import Location
from interlock.protocols.blocks import block_operations
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.held import judged, unreadable
from interlock.protocols.known_names import remembered
from interlock.protocols.replies import Treatment
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["MAX_CALLS", "Proposals", "Verdict", "fold", "hides_call"]

MAX_CALLS: Final = 2_000
_CARRIERS = frozenset(("toolcalls", "functioncall", "tooluse", "functioncalls"))
_USUAL = frozenset(
    (
        *("id", "type", "index", "delta", "text", "role", "content", "usage", "model", "object", "created", "choices"),
        *("finish_reason", "logprobs", "candidates", "parts", "finishReason", "usageMetadata", "modelVersion"),
        *("item_id", "output_index", "content_index", "sequence_number", "system_fingerprint", "service_tier"),
    )
)
"""Names in nearly every event of a stream, none of which is part of a call."""
_MAX_NAME = 64
_INPUTS = frozenset(("arguments", "input", "args", "partialargs"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one call: its input as it may go on (masked), or why it may not."""

    input: JSON
    refusal: Refusal | None = None


class Proposals:
    """Judges the calls of one answer, at most MAX_CALLS; each is asked about once.

    What cannot be read or judged comes back as a refusal. Raises BodyRejected (BODY_TOO_LARGE) for more calls.
    """

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._asked = 0

    def named(self, id: JSON) -> None:
        """The call that is judged next has this id."""
        self._treatment.asks(id)

    def arguments(self, name: JSON, text: JSON, at: Location, inside: Location) -> Verdict:
        """A call whose input is JSON in a string; an empty string is an empty object, as clients take it.

        Here and below `at` is where the call stands, `inside` where the object does that its input is a member of, or
        that its input holds.
        """
        if type(text) is not str:
            return self.refused(name, "its arguments are no text")
        try:
            body = text.encode("utf-8") if text.strip() else b"{}"
            masked = self._treatment.input(body)
            document = read_json(masked)
        except (Refused, UnicodeError) as error:
            return self.refused(name, "its arguments are not one JSON document", error)
        return Verdict(text if masked == body else masked.decode("utf-8"), self._judge(name, document, at, inside))

    def text(self, name: JSON, text: JSON, at: Location, inside: Location) -> Verdict:
        """A call whose input is free text."""
        if type(text) is not str:
            return self.refused(name, "its input is no text")
        found = self.object(name, {"input": text}, at, inside)
        return Verdict(found.input["input"] if type(found.input) is dict else text, found.refusal)

    def object(
        self,
        name: JSON,
        members: JSON,
        at: Location,
        inside: Location | None = None,
        tell: Callable[[JSON], Sequence[JSON]] | None = None,
    ) -> Verdict:
        """A call whose input is an object; `tell` says it as a tool of that name would have it, as one or more."""
        try:
            before = encode_json(members)
            masked = self._treatment.input(before)
            document = members if masked == before else read_json(masked)
        except (Refused, UnicodeError) as error:
            return self.refused(name, "its input cannot be read", error)
        for told in tell(document) if tell else (document,):
            refusal = self._judge(name, told, at, inside)
            if refusal is not None:
                return Verdict(document, refusal)
        return Verdict(document)

    def refused(self, name: JSON, why: str, error: Exception | None = None) -> Verdict:
        """A call that cannot be read, so that nobody could say what it does."""
        known = error if isinstance(error, Refused) else BodyRejected(Reason.BODY_UNPARSABLE, f"the call is odd: {why}")
        return Verdict(None, unreadable({"name": name}, known))

    def _judge(self, name: JSON, members: JSON, at: Location, inside: Location | None) -> Refusal | None:
        self._asked += 1
        if self._asked > MAX_CALLS:
            raise BodyRejected(Reason.BODY_TOO_LARGE, f"the answer proposes more than {MAX_CALLS} calls")
        treatment = self._treatment
        if type(members) is not dict:
            return self.refused(name, "its input is no object").refusal

        def judge(block: Member, place: str) -> Refusal | None:
            def find() -> tuple[Operation, ...]:
                return block_operations(block, at, treatment.analyse, inside=inside)

            return treatment.judge(find)

        return judged({"type": "tool_use", "name": name, "input": members}, "", judge)


def fold(name: str) -> str:
    """A member's name without separators and capitals."""
    return _folded(name) if len(name) <= _MAX_NAME else _folded.__wrapped__(name)


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()


def hides_call(value: JSON) -> bool:
    """Whether anything in the value has the parts of a call: for places where none belongs."""
    todo: list[JSON] = [value]
    while todo:
        current = todo.pop()
        if type(current) is dict:
            if not _USUAL.issuperset(current) and (known := _parts(current)) and _is_call(current, known):
                return True
            todo += [told for told in current.values() if type(told) is dict or type(told) is list]
        elif type(current) is list:
            todo += current
    return False


@remembered
def _parts(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names that parts of a call may have, each with how it reads folded."""
    told = ((name, fold(name)) for name in names)
    return tuple((name, read) for name, read in told if read == "name" or read in _CARRIERS or read in _INPUTS)


def _is_call(members: Member, known: Sequence[tuple[str, str]]) -> bool:
    names = {read: members[name] for name, read in known if members[name] is not None}
    return any(names.get(name) for name in _CARRIERS) or ("name" in names and not _INPUTS.isdisjoint(names))
