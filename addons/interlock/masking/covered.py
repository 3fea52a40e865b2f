"""What a masker would cover, told without covering it: for showing that something is there, and how long it is."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.masking.actions import merge
from interlock.masking.masker import Masker
from interlock.masking.scan import encode
from interlock.model import JSON
from interlock.paths import Location
from interlock.reasons import Reason

__all__ = ["covered_places", "covered_spans"]


def covered_spans(masker: Masker, text: str) -> tuple[tuple[int, int, str], ...]:
    """The parts of a text that the masker would replace: code points from, up to, and what was found there."""
    raw = encode(text)
    if masker.empty or not masker._scanner.suspects(raw):
        return ()
    found = []
    for span in merge(masker._spans(masker._scanner.hits(raw))):
        end = len(raw) if span.open else span.end
        start, stop = (len(raw[:at].decode("utf-8", "surrogatepass")) for at in (span.start, end))
        found.append((start, stop, span.label))
    return tuple(found)


def covered_places(masker: Masker, body: bytes, document: JSON) -> dict[Location, str]:
    """The members that the masker would replace whole, because of where they stand or what they are called.

    Raises BodyRejected where that cannot be told.
    """
    if masker.empty:
        return {}
    try:
        return {place: span.label for place, span in masker._whole_values(body, document).items()}
    except (RecursionError, ValueError):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body cannot be searched") from None
