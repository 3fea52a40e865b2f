"""Text whose parts have names: tables, forms, and the query of a URL."""

from __future__ import annotations

from collections import OrderedDict

from interlock.masking import MaskedText, Masker

__all__ = ["Briefs", "mask_text", "mask_url"]

_BRIEFS = 4096

_NAMED = {
    "text/csv": "csv",
    "application/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/x-www-form-urlencoded": "form",
}


def mask_text(masker: Masker, text: str, kind: str) -> MaskedText:
    """A text of a media type, masked. Raises BodyRejected for a table whose columns cannot be told."""
    named = _NAMED.get(kind)
    return masker.fields(text, named or "text")


def mask_url(masker: Masker, text: str) -> MaskedText:
    """A path, a URL, or a text that may be one: what its query names is masked as in a form."""
    head, mark, query = text.partition("?")
    first = masker.text(head if mark else text)
    if not mark:
        return first
    rest = masker.fields(query, "form")
    return MaskedText(f"{first.text}?{rest.text}", first.findings + rest.findings)


class Briefs:
    """Short texts masked; paths, names and header values come again and again. The oldest go first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[int, str], tuple[Masker, str]] = OrderedDict()

    def of(self, masker: Masker, text: str) -> str:
        """The text masked, as `mask_url` does it."""
        key = (id(masker), text)
        found = self._known.get(key)
        if found is None or found[0] is not masker:
            found = self._known[key] = (masker, mask_url(masker, text).text)
            if len(self._known) > _BRIEFS:
                self._known.popitem(last=False)
        return found[1]
