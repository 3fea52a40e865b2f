"""Where a value stands in a JSON document, and how that is written (RFC 6901)."""

from __future__ import annotations

__all__ = ["Location", "pointer"]

type Location = tuple[str | int, ...]


def pointer(location: Location) -> str:
    """The JSON Pointer (RFC 6901) of a location; the whole document is the empty string."""
    if not location:
        return ""
    whole = "/" + "/".join(map(str, location))
    if "~" not in whole and whole.count("/") == len(location):
        return whole
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
