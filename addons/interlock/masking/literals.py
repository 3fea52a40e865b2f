"""Secrets that are known exactly (tokens, injected credentials), found in every form an echo may give them."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, quote_plus

from interlock.errors import InterlockError
from interlock.masking.detector import Detector
from interlock.model import Secret

__all__ = ["NAME", "Literal", "detector_for"]

NAME = "credential"
_SHORTEST = 4
_SHORTEST_CODED = 8
_ESCAPES = re.compile(r"(\\x\{25\}|\\x\{5c\}u)([0-9A-Fa-f]{2,4})")
"""Escaped percent sign, or escaped backslash and u, and the digits after them."""
_SPECIAL = re.compile(r"([^A-Za-z0-9_])")


@dataclass(frozen=True, slots=True)
class Literal:
    """One exact secret; `name` tells in findings where it comes from."""

    value: Secret
    name: str = NAME


@lru_cache(maxsize=512)
def detector_for(literals: tuple[Literal, ...]) -> Detector | None:
    """A detector of these secrets in all forms; None for none. Raises InterlockError for one that is too short."""
    forms: dict[str, str] = {}
    for literal in literals:
        value = literal.value.reveal()
        if any(0xD800 <= ord(letter) < 0xE000 for letter in value):
            raise InterlockError("a secret holds half a surrogate pair", hint="store it as UTF-8 text")
        if len(value) < _SHORTEST:
            raise InterlockError(
                "a secret is too short to be masked where it is echoed", hint="use at least 4 characters"
            )
        forms |= _forms(value)
    if not forms:
        return None
    ordered = sorted(forms, key=len, reverse=True)
    text = "".join(forms) + "0123456789abcdefABCDEF"
    return Detector(
        name=NAME,
        pattern="|".join(forms[form] for form in ordered),
        chars="".join(sorted({letter for letter in text if letter.isascii()})),
        wide=not text.isascii(),
        length=max(len(form.encode("utf-8", "surrogatepass")) for form in ordered) + 2,
        hits=(),
        misses=(),
    )


def _forms(value: str) -> dict[str, str]:
    """Every form and its pattern; hexadecimal digits of escapes may be of either case."""
    raw = value.encode("utf-8")
    plain = {value, json.dumps(value, ensure_ascii=False)[1:-1]}
    escaped = {quote(raw, safe=""), quote(raw), quote_plus(raw), json.dumps(value)[1:-1]}
    for shift in range(3):
        coded = _base64(raw, shift)
        if len(coded) >= _SHORTEST_CODED:
            plain |= {coded, coded.replace("+", "-").replace("/", "_")}
            escaped.add(quote(coded, safe=""))
    plain |= {form.replace("/", "\\/") for form in plain}
    escaped |= {form.replace("/", "\\/") for form in escaped}
    # JSON in a string of JSON, as in the events of a stream.
    plain |= {
        json.dumps(form, ensure_ascii=False)[1:-1] for form in (value, json.dumps(value, ensure_ascii=False)[1:-1])
    }
    escaped.add(json.dumps(json.dumps(value)[1:-1])[1:-1])
    forms = {form: _ESCAPES.sub(r"\1(?i:\2)", _escape(form)) for form in escaped}
    forms.update((form, _escape(form)) for form in plain)
    if len(raw) * 2 >= _SHORTEST_CODED:
        forms[raw.hex()] = f"(?i:{raw.hex()})"
    return forms


def _base64(raw: bytes, shift: int) -> str:
    """The characters of base64 that depend on `raw` alone when it begins `shift` bytes into a group of three."""
    coded = base64.b64encode(b"\0" * shift + raw).decode()
    first = (0, 2, 3)[shift]
    whole = (shift + len(raw)) * 8 // 6
    return coded[first:whole]


def _escape(form: str) -> str:
    return _SPECIAL.sub(lambda match: f"\\x{{{ord(match[1]):x}}}" if ord(match[1]) < 0x80 else match[1], form)
