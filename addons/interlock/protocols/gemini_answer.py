"""Answers of the Gemini API, one document after another: function calls judged, text masked across documents.

A call comes whole in one part, so nothing is held for it. A refused one becomes a text part, without the signature
that belonged to it; other signatures stay as they are. Calls that come in pieces are not read.
"""

from __future__ import annotations

from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.ports import TextStream
from interlock.protocols.gemini_names import folded
from interlock.protocols.proposals import Proposals, Verdict, fold, hides_call
from interlock.protocols.replies import Treatment
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["GeminiAnswer"]

_CALL: Final = "functioncall"
_MAX_CANDIDATES: Final = 128
_TOP = frozenset(("candidates", "usageMetadata", "modelVersion", "responseId", "createTime"))
_CANDIDATE = frozenset(("content", "finishReason", "index", "avgLogprobs", "safetyRatings", "tokenCount"))
_CONTENT = frozenset(("role", "parts"))
_USUAL = frozenset(("candidates", "modelVersion", "responseId"))
_SAYING = frozenset(("content", "index"))
_TEXT = frozenset(("text",))
_PART = frozenset(("text", "thought", "thoughtSignature"))
_PROBABILITIES = frozenset(("logprobsresult", "avglogprobs"))


class GeminiAnswer:
    """The documents of one answer, in their order."""

    def __init__(self, treatment: Treatment) -> None:
        self._treatment = treatment
        self._proposals = Proposals(treatment)
        self._texts: dict[tuple[int, bool], TextStream] = {}

    def treat(self, document: Member, *, last: bool = False) -> Member:
        """The document as it may go on, the very same where nothing changes; `last`: no more will come.

        Raises BodyRejected for other shapes, and for calls in places where no client should look.
        """
        if (saying := _only_text(document)) is not None:
            index, part = saying
            text, part["text"] = part["text"], self._feed(index, False, str(part["text"]))
            return document if part["text"] == text else {**document}
        if hides_call({name: value for name, value in document.items() if fold(name) != "candidates"}):
            raise _odd("a call stands outside of its candidates")
        if folded(document, "the answer").get("candidates") is None:
            return document
        name = next(name for name in document if fold(name) == "candidates")
        candidates = document[name]
        if type(candidates) is not list or len(candidates) > _MAX_CANDIDATES:
            raise _odd("its candidates are no list, or too many")
        changed = [self._candidate(candidate, at, (name, at), last) for at, candidate in enumerate(candidates)]
        return document if changed == candidates else {**document, name: [*changed]}

    def rest(self) -> Member | None:
        """A document with what the maskers still hold, where the answer ended without an end."""
        found: list[JSON] = []
        for index in sorted({index for index, _ in self._texts}):
            parts = self._flush(index)
            if parts:
                found.append({"index": index, "content": {"role": "model", "parts": parts}})
        return {"candidates": found} if found else None

    def is_plain(self, document: Member) -> bool:
        """Whether all text of the document was masked on its way; any other is to be masked as a document too."""
        if self._treatment.sealed or not document.keys() <= _TOP:
            return False
        candidates = document.get("candidates")
        for candidate in candidates if type(candidates) is list else ():
            if type(candidate) is not dict or not candidate.keys() <= _CANDIDATE:
                return False
            content = candidate.get("content")
            parts = content.get("parts") if type(content) is dict else None
            if type(content) is dict and not content.keys() <= _CONTENT:
                return False
            if type(parts) is list and not all(type(part) is dict and part.keys() <= _PART for part in parts):
                return False
        return True

    def _candidate(self, value: JSON, place: int, at: Location, last: bool) -> Member:
        candidate = require_object(value, "a candidate")
        members = folded(candidate, "a candidate")
        index = members.get("index", place)
        if type(index) is not int or not 0 <= index < _MAX_CANDIDATES:
            raise _odd("a candidate has no index")
        if hides_call({name: told for name, told in candidate.items() if fold(name) != "content"}):
            raise _odd("a call stands outside of its content")
        content = members.get("content")
        before = self._content(content)
        places = [(*at, "content", "parts", number) for number in range(len(before))]
        after = [part for told, stood in zip(before, places, strict=True) for part in self._part(told, index, stood)]
        if last or members.get("finishreason"):
            after += self._flush(index)
        if after == before:
            return candidate
        held: Member = {**content} if type(content) is dict else {"role": "model"}
        held[next((name for name in held if fold(name) == "parts"), "parts")] = [*after]
        kept = {name: told for name, told in candidate.items() if fold(name) not in _PROBABILITIES}
        kept[next((name for name in kept if fold(name) == "content"), "content")] = held
        return kept

    @staticmethod
    def _content(value: JSON) -> list[JSON]:
        if value is None:
            return []
        members = folded(value, "the content of a candidate")
        parts = members.get("parts")
        if parts is not None and type(parts) is not list:
            raise _odd("the parts of a candidate are no list")
        if hides_call({name: told for name, told in members.items() if name != "parts"}):
            raise _odd("a call stands outside of its parts")
        return parts or []

    def _part(self, value: JSON, index: int, at: Location) -> list[JSON]:
        """What goes on in place of one part; what was held back stands before it."""
        part = require_object(value, "a part")
        members = folded(part, "a part")
        if _CALL in members:
            return [*self._flush(index), self._call(part, members, at)]
        if hides_call(part):
            raise _odd("a call stands outside of functionCall")
        text = members.get("text")
        if type(text) is not str:
            return [*self._flush(index), part] if part else [part]
        passed = self._feed(index, bool(members.get("thought")), text)
        return [part] if passed == text else [{**part, next(name for name in part if fold(name) == "text"): passed}]

    def _call(self, part: Member, members: Member, at: Location) -> Member:
        name = next(name for name in part if fold(name) == _CALL)
        found = self._verdict(members, at)
        if found.refusal is not None:
            return {"text": found.refusal.sentence()}
        call = require_object(part[name], "a function call")
        member = next((told for told in call if fold(told) == "args"), "args")
        if found.input == call.get(member, {}):
            return part
        return {**part, name: {**call, member: found.input}}

    def _verdict(self, members: Member, at: Location) -> Verdict:
        value = members[_CALL]
        if type(value) is not dict:
            return self._proposals.refused(None, "it is no object")
        call = folded(value, "a function call")
        others = {name: told for name, told in members.items() if name != _CALL}
        if call.get("partialargs") is not None or call.get("willcontinue"):
            return self._proposals.refused(call.get("name"), "it comes in pieces")
        if hides_call(others) or not call.keys() <= {"id", "name", "args", "partialargs", "willcontinue"}:
            return self._proposals.refused(call.get("name"), "it holds more than a call")
        if type(call.get("id")) not in (str, type(None)):
            return self._proposals.refused(call.get("name"), "its id is no text")
        args = call.get("args")
        inside = (*at, "functionCall", "args")
        self._proposals.named(call.get("id"))
        return self._proposals.object(call.get("name"), {} if args is None else args, at, inside)

    def _feed(self, index: int, thought: bool, text: str) -> str:
        stream = self._texts.get((index, thought))
        if stream is None:
            stream = self._texts[index, thought] = self._treatment.text()
        return stream.feed(text)

    def _flush(self, index: int) -> list[JSON]:
        found: list[JSON] = []
        for thought in (True, False):
            stream = self._texts.pop((index, thought), None)
            rest = stream.close() if stream is not None else ""
            if rest:
                found.append({"text": rest, "thought": True} if thought else {"text": rest})
        return found


def _only_text(document: Member) -> tuple[int, Member] | None:
    """Index and part of a document that goes on with one text and holds nothing else to look for; most do."""
    candidate = _one(document.get("candidates")) if _USUAL.issuperset(document) else None
    if candidate is None or not _SAYING.issuperset(candidate):
        return None
    content, index = candidate.get("content"), candidate.get("index", 0)
    if type(content) is not dict or not _CONTENT.issuperset(content) or type(content.get("role", "")) is not str:
        return None
    part = _one(content.get("parts"))
    if part is None or part.keys() != _TEXT or type(part["text"]) is not str:
        return None
    known = all(type(value) is str for name, value in document.items() if name != "candidates")
    return (index, part) if known and type(index) is int and 0 <= index < _MAX_CANDIDATES else None


def _one(items: JSON) -> Member | None:
    """The only item of a list, where it is an object."""
    item = items[0] if type(items) is list and len(items) == 1 else None
    return item if type(item) is dict else None


def _odd(what: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, f"the answer cannot be read as generated content: {what}")
