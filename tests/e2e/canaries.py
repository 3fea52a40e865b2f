"""Finds a value however it is written: raw, base64 at any offset, hex, URL- and JSON-escaped, inside gzip members."""

from __future__ import annotations

import base64
import json
import urllib.parse
import zlib
from collections.abc import Iterator
from pathlib import Path

_MAX_MEMBER = 64 << 20


def forms(value: str) -> set[bytes]:
    """Every spelling of a value that a reader could undo."""
    raw = value.encode()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode(), urllib.parse.quote(value, safe="").encode()}
    found.add("".join(f"\\u{ord(char):04x}" for char in value).encode())
    found.add(json.dumps(value)[1:-1].encode())
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        inner = encoded[(0, 2, 3)[offset] : len(encoded) - 4 if len(raw) > 8 else None]
        found |= {inner, inner.translate(bytes.maketrans(b"+/", b"-_"))}
    return found


def contents(raw: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what every gzip member in them holds."""
    yield raw
    at = raw.find(b"\x1f\x8b\x08")
    while at >= 0:
        try:
            inner = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw[at:], _MAX_MEMBER)
        except zlib.error:
            inner = b""
        if inner:
            yield from contents(inner)
        at = raw.find(b"\x1f\x8b\x08", at + 3)


def found_in(raw: bytes, secrets: dict[str, str]) -> list[str]:
    """Names of the secrets that stand in these bytes in any form."""
    parts = list(contents(raw))
    return sorted(
        name for name, value in secrets.items() if any(form in part for form in forms(value) for part in parts)
    )


def search(folder: Path, secrets: dict[str, str]) -> dict[str, list[str]]:
    """Every file under `folder`, by relative name, that holds one of the secrets; database pages are files too."""
    hits = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (found := found_in(path.read_bytes(), secrets)):
            hits[str(path.relative_to(folder))] = found
    return hits
