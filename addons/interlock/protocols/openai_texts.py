"""Texts of a Responses stream that come in pieces: masked across events, and what repeats them made to agree.

Each run of text has a masker of its own: what the model says, refuses, thinks aloud, the code its interpreter runs.
Token probabilities repeat the text token by token, so they are dropped wherever it changed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.ports import TextStream
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["Texts", "without_probabilities"]

_DELTA: Final = ".delta"
_BINARY = frozenset(("response.audio.delta", "response.output_audio.delta"))
_INDICES = ("output_index", "content_index", "summary_index", "command_index")
_KEPT = ("type", "item_id", "sequence_number", *_INDICES)
_MAX_RUNS: Final = 1_000
_PROBABILITIES: Final = "logprobs"

type _Key = tuple[JSON, ...]


class Texts:
    """Every run of text of one answer; `mask()` makes a masker for one run."""

    def __init__(self, mask: Callable[[], TextStream]) -> None:
        self._mask = mask
        self._runs: dict[_Key, tuple[TextStream, Member]] = {}

    def is_piece(self, document: Member, kind: str) -> bool:
        """Whether an event holds a piece of text."""
        return kind.endswith(_DELTA) and type(document.get("delta")) is str and kind not in _BINARY

    def feed(self, document: Member, kind: str) -> Member:
        """The event with its piece masked; the very same where nothing changes. Raises BodyRejected."""
        key: _Key = (kind, *(document.get(name) for name in _INDICES))
        if any(type(part) not in (str, int, type(None)) for part in key) or len(self._runs) >= _MAX_RUNS:
            raise BodyRejected(Reason.STREAM_UNREADABLE, "a piece of text belongs to no part of the answer")
        stream = self._runs[key][0] if key in self._runs else self._mask()
        self._runs[key] = (stream, {name: document[name] for name in _KEPT if name in document} | _empty(document))
        text = document["delta"]
        passed = stream.feed(text) if type(text) is str else ""
        if passed == text:
            return document
        found: Member = {**document, "delta": passed}
        return {**found, _PROBABILITIES: []} if _PROBABILITIES in found else found

    def rest(self, index: JSON = None, kind: str = "") -> list[Member]:
        """Events for what the maskers still hold: of all runs, of one output_index, or of the run that `kind` ends."""
        begun = kind.removesuffix(".done") + _DELTA if kind else ""
        ended = [key for key in self._runs if (index is None or key[1] == index) and (not begun or key[0] == begun)]
        found: list[Member] = []
        for key in ended:
            stream, document = self._runs.pop(key)
            rest = stream.close()
            if rest:
                found.append({**document, "delta": rest})
        return found


def _empty(document: Member) -> Member:
    return {_PROBABILITIES: []} if _PROBABILITIES in document else {}


def without_probabilities(before: bytes, after: bytes) -> bytes:
    """A masked document without token probabilities, where masking changed anything."""
    if before == after or b'"logprobs"' not in after:
        return after
    document = read_json(after)
    todo: list[JSON] = [document]
    while todo:
        current = todo.pop()
        if type(current) is list:
            todo += current
        elif type(current) is dict:
            if current.get(_PROBABILITIES) is not None:
                current[_PROBABILITIES] = [] if type(current[_PROBABILITIES]) is list else None
            todo += current.values()
    return encode_json(document)
