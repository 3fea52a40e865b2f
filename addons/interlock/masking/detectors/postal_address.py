"""Streets and postal codes, where a field's name says so: `"street": "…"`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import directly

__all__ = ["PART"]

_WORDS = (
    "street", "street address", "address line", "home address", "postal address", "billing address", "zip code",
    "shipping address", "mailing address", "postal code", "postcode", "residence", "straße", "strasse", "anschrift",
    "wohnort", "adresse", "line1", "line2", "address1", "address2", "address line1", "addr1", "calle", "endereço",
    "adres", "adresa", "osoite", "street1", "domicilio", "dirección", "indirizzo", "hausnummer", "plz",
)  # fmt: skip
_ASKS = directly(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\"):
        at -= 1
    while text[end - 1 : end] in (b" ", b".", b","):
        end -= 1
    value = text[start:end]
    if not any(48 <= byte <= 57 for byte in value) or b"://" in value or not _ASKS(text, at - 1):
        return []
    return [(start, end, "medium")]


PART = Detector(
    name="postal-address",
    pattern=r"(?:[:=][ \"'\\]{0,4}|>)([A-Za-z0-9\x{c0}-\x{24f}][A-Za-z0-9\x{c0}-\x{24f} .,'/\-]{2,100})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,'/-:=\"\\>",
    wide=True,
    begins=":=>",
    length=210,
    confidence="medium",
    words=_WORDS,
    escaped=True,
    judge=_judge,
    hits=(
        '{"street": "«Heidestraße 17»", "city": "Berlin"}',
        "postal_code: «10557»",
        "<Street>«Heidestraße 17»</Street>",
        "Billing address: «12 Main St, Springfield»",
    ),
    misses=('"street": "unknown"', "street=see https://example.com/1", '"address": "0x12ab"'),
)
