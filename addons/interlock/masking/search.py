"""Finds the names, strings and numbers of a document in which detectors find something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from interlock.masking.actions import Span, merge
from interlock.masking.budget import OFTEN, begin, check
from interlock.masking.keyed import name_of
from interlock.masking.leaves import Leaf, leaves_at, texts_of
from interlock.masking.plain import suspected_leaves
from interlock.masking.scan import Asked, Hit, Probe, Scanner, encode, in_order
from interlock.model import JSON
from interlock.paths import Containers
from interlock.paths.together import compiled, finder

__all__ = ["found_in"]

_ARRAY = b"["
_apart = finder(compiled(r":(?:    | {0,3}[\t\r\n])"))
"""More behind a name than patterns that begin there reach over: four blanks, or others than blanks."""

type Spans = Callable[[Sequence[Hit]], list[Span]]


def found_in(
    scanner: Scanner, spans_of: Spans, body: bytes, document: JSON, already: Asked | None = None
) -> list[Leaf]:
    """Every text in which a rule acts, with the spans that it acts on."""
    if not scanner.probes:
        return []
    leaves: Sequence[tuple[Leaf, Mapping[Probe, Sequence[Hit]] | None]] | None = None
    suspected, began = scanner.suspects_in(body, already.marks if already else None), begin()
    if suspected is None:
        joined = _Joined(document)
        probes = scanner.suspects(joined.text, apart=True)
        leaves = joined.leaves(scanner, spans_of, probes)
    else:
        probes, asked = suspected
        apart = bool(asked) and _apart(body, 0, len(body))[0][0] >= 0
        asked = asked if asked and (apart or _ARRAY in body) else ()
        if not probes and not asked:
            return []
        containers = already.containers if already else Containers(document)
        leaves = suspected_leaves(body, document, probes, began, containers) if probes else []
        probes = (*probes, *(probe for probe in asked if probe not in probes))
        if leaves is None:
            leaves = _Joined(document).leaves(scanner, spans_of, probes)
        elif asked and (named := scanner.named(document, asked) if apart else scanner.listed(document, asked)):
            places = {leaf.location for leaf, _ in leaves if not leaf.is_key}
            leaves = [*leaves, *((leaf, None) for leaf in named if leaf.location not in places)]
    found, worded = list[Leaf](), any(probe.words for probe in probes)
    for number, (leaf, known) in enumerate(leaves, 1):
        if known is not None and not worded:  # all is known already
            hits = in_order([hit for one in known.values() for hit in one])
        else:
            hits = scanner.hits(encode(leaf.text), probes, name_of(leaf) if worded else b"", known)
        spans = merge(spans_of(hits))
        if spans:
            found.append(Leaf(leaf.location, leaf.text, leaf.is_key, tuple(spans), leaf.at))
        if not number % OFTEN:
            check(began, len(body))
    check(began, len(body))
    return found


class _Joined:
    """All texts of a document, with a NUL between them."""

    def __init__(self, document: JSON) -> None:
        self._document = document
        self._texts, self._places = texts_of(document)
        self.text = encode("\0".join(self._texts))

    def leaves(self, scanner: Scanner, spans_of: Spans, probes: Sequence[Probe]) -> list[tuple[Leaf, None]]:
        """The texts in which there are candidates, and those that are suspected for what they are called."""
        starts = [span.start for span in spans_of(scanner.candidates(self.text, probes))]
        found = leaves_at(self._texts, self._places, self.text, starts) if starts else []
        known = {leaf.location for leaf in found if not leaf.is_key}
        found += [leaf for leaf in scanner.named(self._document, probes) if leaf.location not in known]
        return [(leaf, None) for leaf in found]
