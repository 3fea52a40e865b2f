"""Text whose parts have names: tables, forms, and the query of a URL."""

from __future__ import annotations

from interlock.masking import MaskedText, Masker

__all__ = ["mask_text", "mask_url"]

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
