"""Masks JSON bodies, text and streams of text by the rules that apply to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from interlock.errors import BodyRejected
from interlock.masking.actions import Span, strongest
from interlock.masking.blocks import LARGE
from interlock.masking.conversation import Conversation, new_scope, scope_with
from interlock.masking.csv import mask_csv
from interlock.masking.forms import mask_form
from interlock.masking.leaves import Leaf
from interlock.masking.literals import NAME, Literal, detector_for
from interlock.masking.masked import Masked, MaskedText
from interlock.masking.names import NameSet
from interlock.masking.positions import splice
from interlock.masking.readings import differs, may_differ, read_again, with_readings
from interlock.masking.replacer import Replacer
from interlock.masking.rewrite import Guard, Rewrite
from interlock.masking.rules import MaskRule, detectors_of
from interlock.masking.scan import Asked, Hit, Scanner, encode
from interlock.masking.search import found_in
from interlock.masking.stream import MaskStream
from interlock.masking.strict import read_strictly
from interlock.masking.tabled import table_spans, with_tables
from interlock.model import JSON, Finding
from interlock.paths import Containers, Location, Path, PathSet
from interlock.reasons import Reason

__all__ = ["Masked", "MaskedText", "Masker"]

type Protected = Callable[[Location], bool]

_ABSENT: JSON = {"": "no document was given"}


class Masker:
    """Several rules made ready to run. Build it once; `with_literals` makes a cheap one for an exchange.

    `key` (at least 16 bytes) keys hashes and the findings' digests: one a session, so that neither says anything
    outside of it. `replacer` says what is put in the place of values where a vault and its budget stand behind that.
    """

    def __init__(
        self,
        rules: Sequence[MaskRule],
        key: bytes,
        literals: Sequence[Literal] = (),
        replacer: Replacer | None = None,
    ) -> None:
        self._rules = tuple(rules)
        self._spell = replacer or Replacer(key)
        self._literals = tuple(literals)
        self._scope = new_scope()
        known = detectors_of(self._rules)
        names = sorted({name for rule in self._rules for name in rule.detect})
        self._detectors = tuple(known[name] for name in names)
        self._by_detector = {name: tuple(rule for rule in self._rules if name in rule.detect) for name in names}
        self._acting: dict[tuple[str, str], tuple[MaskRule, ...]] = {}
        chosen = tuple((path, rule) for rule in self._rules for path in rule.paths)
        self._path_spans = tuple(Span(0, 0, rule.action, rule.id, rule.id, "path") for _, rule in chosen)
        self._paths = _path_set(tuple(path for path, _ in chosen)) if chosen else None
        self._scanner = self._scanner_for()
        named = {name: rule for rule in reversed(self._rules) for name in rule.fields}
        self._names = _name_set(tuple(named.items())) if named else None
        self.empty = not self._rules and not self._literals
        self.has_rules = bool(self._rules)
        self.chooses_places = any(rule.paths or rule.fields for rule in self._rules)
        self.drops_thinking = any(rule.thinking == "drop" for rule in self._rules)
        self.drops_sealed = any(rule.sealed == "drop" for rule in self._rules)

    @property
    def scope(self) -> bytes:
        """What keeps what is known of texts under this masker apart from what others know."""
        return self._scope + self._spell.state

    def with_literals(self, literals: Sequence[Literal]) -> Masker:
        """This masker with further exact secrets; everything compiled is shared."""
        if not literals:
            return self
        other = object.__new__(Masker)
        other.__dict__.update(self.__dict__)
        other._scope = scope_with(self._scope, [literal.value.reveal() for literal in literals])
        other._literals = (*self._literals, *literals)
        other._scanner = other._scanner_for()
        other.empty = False
        return other

    def _scanner_for(self) -> Scanner:
        needles = self._paths.needles if self._paths is not None else ()
        return Scanner(self._detectors, detector_for(self._literals), needles)

    def dropping(self) -> Masker:
        """A masker of what leaves a signed thought out: known secrets, and the rules that say so."""
        rules = [rule for rule in self._rules if rule.thinking == "drop"]
        return Masker(rules, b"", self._literals, self._spell)

    def secrets(self) -> Masker | None:
        """A masker of known secrets alone; None where there are none."""
        return Masker((), b"", self._literals, self._spell) if self._literals else None

    def __repr__(self) -> str:
        return f"Masker({[rule.id for rule in self._rules]})"

    def json(self, body: bytes, document: JSON = _ABSENT, *, protected: Protected | None = None) -> Masked:
        """The body with everything sensitive replaced in place; all other bytes stay. `document` is the body as it was
        read; without it the body is read here, once. `protected` says of a location that it must never be rewritten,
        with all it holds. Raises BodyRejected for what cannot be read.
        """
        if self.empty:
            return Masked(body)
        if document is _ABSENT:
            document = read_strictly(body)
        try:
            return self._json(body, document, protected)
        except (RecursionError, ValueError, LookupError, TypeError, msgspec.MsgspecError):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the body cannot be searched and rewritten") from None

    def _json(self, body: bytes, document: JSON, protected: Protected | None) -> Masked:
        # Small bodies are asked once for all that rules and detectors look for.
        small = len(body) < LARGE and self._paths is not None and bool(self._scanner.probes)
        asked = Asked(*self._scanner.marks(body), Containers(document)) if small else None
        whole = self._whole_values(body, document, asked)
        if len(body) >= LARGE:
            guard = Guard(protected) if protected is not None else None
            conversation = Conversation(self.scope, self._found_in_text, self._rewritten, guard)
            by_block = conversation.mask(body, document, whole)
            if by_block is not None:
                return Masked(*by_block)
        leaves = self._found_in_text(body, document, asked)
        if not whole and not leaves:
            return Masked(body)
        if protected is not None:
            guard = Guard(protected)
            whole = {place: found for place, found in whole.items() if not guard.covers(place)}
            leaves = [leaf for leaf in leaves if not guard.covers(leaf.location)]
        return self._rewrite(body, document, whole, leaves)

    def suspects(self, data: bytes) -> bool:
        """Whether anything this masker looks for could be in bytes that are neither JSON nor text."""
        return not self.empty and bool(self._scanner.suspects(data))

    def text(self, text: str) -> MaskedText:
        """A whole text, masked."""
        if self.empty or not (self._scanner.suspects(raw := encode(text)) or differs(raw)):
            return MaskedText(text)
        stream = self.stream()
        return MaskedText(stream.whole(text), tuple(stream.findings))

    def fields(self, text: str, kind: str) -> MaskedText:
        """A whole text whose parts may have names; `kind` is `csv`, `form` or `text`. Raises BodyRejected for none."""
        if kind == "text":
            return MaskedText(*mask_csv(text, None, self._thoroughly, lambda name: None, self._spell))
        if kind == "csv":  # its columns are known, not guessed
            return MaskedText(*mask_csv(text, self._names, self._as_it_reads, self._of, self._spell))
        return MaskedText(*mask_form(text, self._names, self._thoroughly, self._of, self._spell))

    def _of(self, name: bytes) -> Callable[[bytes], list[Span]] | None:
        """The search of values that are called so; None where no detector knows the name."""
        called = self._scanner.plan.called(name)
        return (lambda raw: self._spans(self._scanner.hits(raw, called, name))) if called else None

    def stream(self) -> MaskStream:
        """A TextStream for text that arrives in pieces; its `findings` grow as it goes."""
        return MaskStream(self._scanner, self._spans, self._spell)

    def _spans(self, hits: Sequence[Hit]) -> list[Span]:
        """Which rule acts on each hit, if one does."""
        spans = []
        for hit in hits:
            name, sure = hit.detector, hit.confidence
            if name == NAME:
                spans.append(Span(hit.start, hit.end, "redact", NAME, NAME, NAME))
                continue
            acting = self._acting.get((name, sure))
            if acting is None:
                acting = tuple(rule for rule in self._by_detector.get(name, ()) if rule.accepts(sure))
                self._acting[name, sure] = acting
            for rule in acting:
                spans.append(Span(hit.start, hit.end, rule.action, rule.id, name, name, sure, hit.open))
        return spans

    def _whole_values(self, body: bytes, document: JSON, asked: Asked | None = None) -> dict[Location, Span]:
        """Values that a path or a field name chooses: one span for each, which covers the value as a whole."""
        found: dict[Location, Span] = {}
        if self._paths is not None:
            already = (asked.present, asked.containers) if asked is not None else ()
            for index, location, _ in self._paths.select(document, body, *already):
                span = self._path_spans[index]
                found[location] = strongest(found[location], span) if location in found else span
        if self._names is not None:
            for location, rule in self._names.select(document):
                span = Span(0, 0, rule.action, rule.id, rule.id, "field")
                found[location] = strongest(found[location], span) if location in found else span
        return found

    def _found_in_text(self, body: bytes, document: JSON, asked: Asked | None = None) -> list[Leaf]:
        """Names, strings and numbers in which a detector finds something."""
        found = found_in(self._scanner, self._spans, body, document, asked)
        if self._scanner.probes and may_differ(body):
            found = with_readings(document, found, self._plainly)
        if b"\\" in body and (b"\\n" in body or b"\\u000" in body):
            return with_tables(document, found, self._in_tables)
        return found

    def _in_tables(self, raw: bytes) -> list[Span]:
        return table_spans(raw, self._scanner, self._spans, self._names)

    def _plainly(self, raw: bytes) -> list[Span]:
        return self._spans(self._scanner.hits(raw))

    def _thoroughly(self, raw: bytes) -> list[Span]:
        """A whole text, its other reading, and the table that it may be."""
        return [*self._as_it_reads(raw), *self._in_tables(raw)]

    def _as_it_reads(self, raw: bytes) -> list[Span]:
        return [*self._plainly(raw), *read_again(raw.decode("utf-8", "surrogatepass"), self._plainly)]

    def _rewritten(
        self, body: bytes, document: JSON, whole: dict[Location, Span], leaves: Sequence[Leaf]
    ) -> tuple[bytes, tuple[Finding, ...]]:
        masked = self._rewrite(body, document, whole, leaves)
        return masked.body, masked.findings

    def _rewrite(self, body: bytes, document: JSON, whole: dict[Location, Span], leaves: Sequence[Leaf]) -> Masked:
        rewrite = Rewrite(document, whole, self._spell.told)
        for leaf in leaves:
            rewrite.leaf(leaf)
        for location, span in whole.items():
            rewrite.whole(location, span)
        if not rewrite.edits and not rewrite.splices:
            return Masked(body)
        return Masked(splice(body, rewrite.edits, document, rewrite.splices), rewrite.findings())


# Maskers are made for every session; what they learn of documents is shared and so bounded.
@lru_cache(maxsize=256)
def _path_set(paths: tuple[Path, ...]) -> PathSet:
    return PathSet(paths)


@lru_cache(maxsize=256)
def _name_set(rules: tuple[tuple[str, MaskRule], ...]) -> NameSet:
    return NameSet(dict(rules))
