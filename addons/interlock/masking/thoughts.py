"""A model's thoughts: signed ones are never rewritten, so they stay as they are or are left out whole.

A provider refuses a signed thought of which a byte has changed. What rules find in one is recorded; where a rule says
`thinking: drop`, and wherever a known secret is found, a note stands in its place. Thoughts that nobody can read
(encrypted ones, signatures that stand for them) pass, or are left out where a rule says `sealed: drop`.

What MCP servers get back as they gave it (`requestState`, a list's `nextCursor`) is treated like a signed thought.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from interlock.masking.attachments import mask_attachments, may_attach
from interlock.masking.edits import Edit
from interlock.masking.masked import Masked
from interlock.masking.masker import Masker
from interlock.masking.positions import splice
from interlock.masking.strict import read_strictly
from interlock.model import JSON, Finding
from interlock.paths import Location, pointer

__all__ = ["DROPPED", "KEPT", "NOTE", "SEALED_NOTE", "Watch", "mask_document", "without_sealed"]

KEPT, DROPPED = "kept", "drop"
"""What findings in thoughts say was done."""
NOTE = "[a thought was left out: it held what is masked here]"
SEALED_NOTE = "[a thought was left out: nobody can read it]"
_FED = 16 << 10
_TEXT = "thinking"
_SIGNED = "thinking"
_REDACTED = "redacted_thinking"
_ENCRYPTED = frozenset(("reasoning", "compaction", "compaction_summary"))
_ECHOED = frozenset(("requestState", "nextCursor"))
_SIGNATURES = frozenset(("thoughtSignature", "thought_signature"))

type Protected = Callable[[Location], bool]
type Protect = Callable[[JSON], Protected]


class _Noticing:
    """What says which places are protected, and notes the signed thoughts among them: a masker asks it about every
    place above a finding, so only thoughts in which something was found are noted.
    """

    def __init__(self, document: JSON, protected: Protected) -> None:
        self._document, self._protected = document, protected
        self.found: dict[Location, None] = {}
        self.any = False

    def __call__(self, location: Location) -> bool:
        if not self._protected(location):
            return False
        self.any = True
        node = _at(self._document, location)
        thought = type(node) is dict and node.get("type") == _SIGNED
        if thought or (type(node) is str and location[-1] in _ECHOED):
            self.found[location] = None
        return True


def mask_document(masker: Masker, body: bytes, document: JSON, protect: Protect | None) -> Masked:
    """A document of a protocol, masked; `protect` says of a document what of it must not be rewritten.

    Raises BodyRejected for what cannot be searched.
    """
    if may_attach(body):
        inside = mask_attachments(masker, body, document)
        if inside.findings:
            outside = _outside(masker, inside.body, read_strictly(inside.body), protect)
            return Masked(outside.body, (*inside.findings, *outside.findings))
    return _outside(masker, body, document, protect)


def _outside(masker: Masker, body: bytes, document: JSON, protect: Protect | None) -> Masked:
    """All of a document but the texts inside of its parts in base64."""
    if protect is None:
        return masker.json(body, document)
    protected = protect(document)
    if masker.drops_sealed:
        left = without_sealed(body, document, protected)
        if left is not body:
            body, document = left, read_strictly(left)
            protected = protect(document)
    notes = _Noticing(document, protected)
    masked = masker.json(body, document, protected=notes)
    if notes.found:
        masked = _with_thoughts(masker, body, document, protected, notes.found, masked)
    secrets = masker.secrets() if notes.any else None
    if secrets is None:
        return masked
    # A known secret is worse than a picture or a name that nobody can read any more.
    hidden = secrets.json(masked.body, read_strictly(masked.body))
    return Masked(hidden.body, (*masked.findings, *hidden.findings))


def _with_thoughts(
    masker: Masker, body: bytes, document: JSON, protected: Protected, found: dict[Location, None], masked: Masked
) -> Masked:
    """The masked body without the thoughts that go, and what was found in all of them."""
    noticing = _Noticing(document, protected)
    masker.dropping().json(body, document, protected=noticing)
    gone = noticing.found

    def others(place: Location) -> bool:
        return not any(place[:depth] in found for depth in range(1, len(place) + 1)) and protected(place)

    told = masker.json(body, document, protected=others)
    findings: list[Finding] = []
    for place in found:
        at, action = pointer(place), DROPPED if place in gone else KEPT
        at += "" if place[-1] in _ECHOED else f"/{_TEXT}"
        findings += [
            dataclasses.replace(one, action=action) for one in told.findings if f"{one.place}/".startswith(f"{at}/")
        ]
    if gone:
        edits = {place: Edit(drop=True) if place[-1] in _ECHOED else Edit(value=_note(NOTE)) for place in gone}
        left = splice(body, edits)
        masked = masker.json(left, read_strictly(left), protected=protected)
    return Masked(masked.body, (*masked.findings, *findings))


def without_sealed(body: bytes, document: JSON, protected: Protected) -> bytes:
    """The body without thoughts that nobody can read; the very same bytes where there are none."""
    edits = dict(_sealed(document, protected))
    return splice(body, edits) if edits else body


def _sealed(document: JSON, protected: Protected) -> Iterator[tuple[Location, Edit]]:
    """Edits for every sealed thought in the document's structure; the agent's own documents have none."""
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        at, node = todo.pop()
        if type(node) is list:
            todo += [((*at, index), child) for index, child in enumerate(node)]
        elif type(node) is dict:
            edits = list(_of_object(at, node, protected))
            yield from edits
            if not any(place == at for place, _ in edits):
                known = {place[-1] for place, _ in edits}
                todo += [((*at, name), child) for name, child in node.items() if name not in known]


def _of_object(at: Location, node: dict[str, JSON], protected: Protected) -> Iterator[tuple[Location, Edit]]:
    kind = node.get("type")
    if type(kind) is str and (kind == _REDACTED or (kind == _SIGNED and not node.get(_TEXT))) and protected(at):
        if at and ("signature" in node or "data" in node):
            yield at, Edit(value=_note(SEALED_NOTE))
    elif type(kind) is str and kind in _ENCRYPTED and type(node.get("encrypted_content")) is str:
        place = (*at, "encrypted_content")
        if protected(place):
            # In a request an item without its content would name what the provider has not kept.
            yield (at, Edit(drop=True)) if at[:1] == ("input",) else (place, Edit(value=b"null"))
    for name in _SIGNATURES.intersection(node):
        if type(node[name]) is str and protected((*at, name)):
            yield (*at, name), Edit(drop=True)


class Watch:
    """One thought of a streamed answer: what is found in it, and whether it may go on.

    `holds`: its end decides, so nothing of it may go on before. `findings` are complete once it was closed.
    """

    def __init__(self, masker: Masker) -> None:
        self.holds = masker.drops_thinking or masker.drops_sealed
        self.findings: list[Finding] = []
        self._sealed = masker.drops_sealed
        self._all = masker.stream()
        dropping = masker.dropping()
        self._dropping = None if dropping.empty else dropping.stream()
        self._waiting: list[str] = []
        self._length = self._settled = self._fed = 0

    def feed(self, text: str) -> int:
        """How many characters of the thought may go on by now, if it is not held; a secret among them stops it."""
        self._waiting.append(text)
        self._length += len(text)
        if self._length - self._fed >= _FED:
            self._search()
        if self._dropping is None:
            return self._length
        self._settled += len(self._dropping.feed(text))
        return -1 if self._dropping.findings else self._settled

    def close(self, sealed: bool = False) -> str:
        """The note that stands in the thought's place; empty where it may go on. `sealed`: nobody can read it."""
        self._search()
        self._all.close()
        if self._dropping is not None:
            self._dropping.close()
        gone = self._dropping is not None and bool(self._dropping.findings)
        action = DROPPED if gone else KEPT
        self.findings = [dataclasses.replace(one, action=action) for one in self._all.findings]
        if gone:
            return NOTE
        return SEALED_NOTE if self._sealed and sealed else ""

    def _search(self) -> None:
        self._all.feed("".join(self._waiting))
        self._waiting, self._fed = [], self._length


def _note(text: str) -> bytes:
    return f'{{"type":"text","text":"{text}"}}'.encode()


def _at(document: JSON, location: Location) -> JSON:
    for part in location:
        try:
            document = document[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return None
    return document
