"""What looks like a phone number and is a row of a table, an order or an article: by its form, and by its name."""

from __future__ import annotations

import re

from interlock.masking.detector import CONTEXT
from interlock.masking.nearby import heading
from interlock.paths.together import compiled, finder

__all__ = ["is_called_otherwise", "is_written_otherwise"]

_AREA = 2
_DIGITS = re.compile(rb"[0-9]+")
_ROW = re.compile(rb"(?:(?:\A|[^0-9A-Za-z])[A-Za-z]{0,2}[0-9]{2,15}|[A-Z]{2}[0-9]{2}[ \-][A-Z0-9]{4})[ \-]\Z")
_MORE = re.compile(rb"(?: |\xc2\xa0)[0-9]+(?:[^0-9:/.A-Za-z\-]|\Z)")
_ZIP = re.compile(rb"[0-9]{5}-[0-9]{4}")
_LEAST_ABROAD = 10
_NUMBER = r"(?:[ _.\-]{0,2}(?:no|nr|number|num|id|code|nummer|de|is|ist))"
_GAP = r"(?:</?[a-z]{1,6}>|[^0-9A-Za-z\n\0+]){0,8}\Z"
_ORDERS = (
    r"order|invoice|ticket|article|sku|serial|tracking|parcel|shipment|consignment|waybill|reference|isbn|issn|nhs|npi|"
    r"\b(?:part|lot|rma|ref|po|case|awb|ean|siren|siret|abn|tfn|kvk|nif|vat)|tax|imei|iban|gtin|barcode|"
    r"(?:bestell|auftrag|rechnung|sendung|vertrag)[a-z]{0,10}|commande|pedido|factur[ae]|fattura|ordine"
)
_OTHERS = (
    r"batch|\baz|aktenzeichen|item|claim|policy|account|pin|otp|wire|\b(?:sn|nr|ids?|uid|pid)|code|[a-zäöü]{4,20}nummer|version|release|build|matrix|"
    r"table|stock|values?|zählerstand|"
    r"(?:customer|member|client|user|kunden|contract)[ _.\-]{0,2}(?:no|nr|number|num|id|nummer)"
)
_ORDERED = re.compile(rf"(?i)(?:{_ORDERS})s?{_NUMBER}{{0,2}}{_GAP}".encode())
_CALLED = re.compile(rf"(?i)(?:{_ORDERS}|{_OTHERS})s?{_NUMBER}{{0,2}}{_GAP}".encode())
# Whether one of the words stands there at all takes a microsecond to ask, and the rest fifty.
_SAID = finder(compiled(f"(?i:{_ORDERS}|{_OTHERS})".replace("[a-zäöü]{4,20}nummer", "nummer")))
_HEADED = heading("order", "invoice", "ticket", "sku", "serial", "tracking", "reference", "isbn", "nhs", "ean", "imei")


def is_called_otherwise(text: bytes, start: int, *, surely: bool) -> bool:
    """Whether the word before the number, or above its column, says that it is another; `surely`: no doubt is left."""
    least = max(0, start - CONTEXT)
    at = _SAID(text, least, start)[0][0]
    named = at >= 0 and (_ORDERED if surely else _CALLED).search(text, least, start) is not None
    return named or _HEADED(text, start)


def is_written_otherwise(text: bytes, start: int, end: int) -> bool:
    """Whether it stands in a row of numbers, or has the groups of an amount, of an article or of a US postal code."""
    value = text[start:end]
    if _ROW.search(text, max(0, start - 18), start) or _MORE.match(text, end) or _ZIP.fullmatch(value):
        return True
    groups = [len(group) for group in _DIGITS.findall(value)]
    if value.startswith(b"00"):
        return sum(groups) < _LEAST_ABROAD or set(groups) == {3}
    return len(groups) > 1 and (set(groups) in ({3}, {4}) or (max(groups) > _AREA + 1 and groups[0] == _AREA))
