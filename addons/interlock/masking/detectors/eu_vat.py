"""VAT numbers of companies in the European Union, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _check(value: str) -> bool:
    return len(value) >= 10


PART = identity(
    "eu-vat",
    rf"(?:AT{GAP}?U[0-9]{{8}}|BE{GAP}?[01][0-9]{{9}}|(?:DE|EE|EL|PT){GAP}?[0-9]{{9}}|(?:DK|FI|HU|LU|MT|SI){GAP}?[0-9]{{8}}|FR{GAP}?[0-9A-Z]{{2}}[0-9]{{9}}|ES{GAP}?[0-9A-Z][0-9]{{7}}[0-9A-Z]|IE{GAP}?[0-9][0-9A-Z][0-9]{{5}}[A-Z]{{1,2}}|(?:IT|LV|HR){GAP}?[0-9]{{11}}|NL{GAP}?[0-9]{{9}}B[0-9]{{2}}|(?:PL|SK){GAP}?[0-9]{{10}}|SE{GAP}?[0-9]{{12}})",
    _check,
    hits=("VAT «DE136695976»", "USt-IdNr.: «ATU12345675»", "TVA «FR40303265045»"),
    misses=("VAT DE13669597", "part DE136695976"),
    words=("vat", "ust", "uid", "tva", "iva", "btw", "moms", "umsatzsteuer", "nip"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    person=False,
)
