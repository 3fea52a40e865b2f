"""Operations as the evidence may keep them: masked as recordings are, with what their texts hide."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

from interlock.errors import InterlockError
from interlock.masking import Masker
from interlock.masking.covered import covered_spans
from interlock.masking.detector import encode
from interlock.mitm.named_parts import mask_url
from interlock.model import JSON, Operation
from interlock.protocols.body import encode_json, read_json
from interlock.recording.packing import UNREMEMBERED

__all__ = ["ShownOperations"]

_SHORT = 1024
_HIDDEN = "[masked]"
_PART = 3
_NAMES = frozenset(("kinds", "objects", "tables", "functions", "flags", "command", "at", "how", "in", "method", "host"))
"""Arguments that hold names alone; the rest repeats words of a text, and is left out where that is masked whole."""


class ShownOperations:
    """A `Show` under one call's mask of recordings. What cannot be masked is not shown."""

    def __init__(
        self,
        masker: Masker | None,
        brief: Callable[[Masker, str], str] | None,
        chosen: Callable[[], tuple[str, ...] | None],
    ) -> None:
        """`masker` None shows nothing. `brief` masks a short text, and remembers it; None for a masker that nobody
        asks for again, with which nothing is remembered. `chosen` are the values of the body that are masked
        for where they stand (None: that cannot be told).
        """
        self.key = _key(masker)
        self._masker, self._brief, self._chosen = masker, brief or _brief, chosen
        self._suspects = _suspects if brief else _suspects_once

    def word(self, text: str) -> str:
        """A name or a path, masked."""
        if self._masker is None:
            return ""
        try:
            return text if self._masker.empty else self._brief(self._masker, text)
        except InterlockError:
            return ""

    def told(self, operation: Operation) -> Mapping[str, JSON] | None:
        """The words of a command without what is masked in it, whatever they look like one by one."""
        masker = self._masker
        if masker is None or masker.empty:
            return None if masker is None else operation.arguments
        try:
            chosen = self._chosen()
            if chosen is None or any(operation.text and operation.text in value for value in chosen):
                return {name: value for name, value in operation.arguments.items() if name in _NAMES}
            text, joined = operation.text, "\n".join((operation.text, *_strings(operation.arguments)))
            if "?" not in joined and not chosen and not self._suspects(masker, joined):
                return operation.arguments
            hidden = [text[start:end] for start, end, _ in covered_spans(masker, text)]
            hidden = sorted({part for part in (*hidden, *chosen) if part.strip()}, key=len, reverse=True)
            return {name: self._masked(value, hidden, name in _NAMES) for name, value in operation.arguments.items()}
        except (InterlockError, ValueError, RecursionError):
            return None

    def given(self, operation: Operation) -> Mapping[str, JSON] | None:
        """A caller's own values, masked as a document, and without what is masked for where it stands in the body."""
        masker, arguments = self._masker, operation.arguments
        if masker is None or masker.empty:
            return None if masker is None else arguments
        try:
            chosen = self._chosen()
            if chosen is None:
                return None
            document: JSON = dict(arguments)
            body = encode_json(document)
            masked = masker.json(body, document).body
            if masked is body and not chosen:
                return arguments
            shown = _without(read_json(masked), frozenset(chosen))
            return shown if isinstance(shown, dict) else None
        except (InterlockError, ValueError, RecursionError):
            return None

    def _masked(self, value: JSON, hidden: list[str], names: bool) -> JSON:
        """Without what is hidden; a word that is a part of it (`"Erika"` of a name) goes as a whole."""
        if isinstance(value, str):
            if not names and len(value) >= _PART and any(value in part for part in hidden):
                return _HIDDEN
            for part in hidden:
                value = value.replace(part, _HIDDEN)
            return self.word(value)
        if isinstance(value, list):
            return [self._masked(item, hidden, names) for item in value]
        if isinstance(value, dict):
            return {self.word(name): self._masked(member, hidden, names) for name, member in value.items()}
        return value


def _brief(masker: Masker, text: str) -> str:
    return mask_url(masker, text).text


def _key(masker: Masker | None) -> object:
    """What is masked for where it stands in one body is shown in another: the mask alone tells nothing then."""
    if masker is None or masker.chooses_places:
        return UNREMEMBERED
    return None if masker.empty else masker.scope


def _suspects(masker: Masker, text: str) -> bool:
    """Whether anything could be found in a text; paths and the like come again and again."""
    return _remembered(masker, text) if len(text) <= _SHORT else _suspects_once(masker, text)


def _suspects_once(masker: Masker, text: str) -> bool:
    return masker.suspects(encode(text))


@functools.lru_cache(maxsize=1024)
def _remembered(masker: Masker, text: str) -> bool:
    return masker.suspects(encode(text))


def _strings(value: JSON | Mapping[str, JSON]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield name
            yield from _strings(member)


def _without(value: JSON, chosen: frozenset[str]) -> JSON:
    """The value with every leaf that is one of these hidden."""
    if isinstance(value, dict):
        return {name: _without(member, chosen) for name, member in value.items()}
    if isinstance(value, list):
        return [_without(item, chosen) for item in value]
    return _HIDDEN if value is not None and not isinstance(value, bool) and str(value) in chosen else value
