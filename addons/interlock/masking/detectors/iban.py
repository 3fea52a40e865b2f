"""International bank account numbers (ISO 13616): length by country, check digits mod 97."""

from __future__ import annotations

from interlock.masking.detector import Detector
from interlock.masking.detectors._iban import is_iban
from interlock.masking.numbers import GAP

__all__ = ["PART"]

_GAP = rf"(?:{GAP}|&nbsp;|%20|\+)"

PART = Detector(
    name="iban",
    pattern=rf"[A-Z]{{2}}{_GAP}?[0-9]{{2}}(?:{_GAP}?[A-Z0-9]){{11,30}}",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    needs=r'[A-Z]{2}(?:[^0-9A-Za-z"]|&nbsp;)?[0-9]{2}(?:(?:[^0-9A-Za-z"]|&nbsp;)?[A-Z0-9]){4}',
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -.&nbsp;%+",
    wide=True,
    length=4 + 7 * 31 + 2,
    retry=True,
    judge=is_iban,
    hits=(
        "IBAN «GB64TZPP9977478009415»",
        "IBAN «DE89370400440532013000»",
        "«DE89 3704 0044 0532 0130 00» BIC COBADEFFXXX",
        "«GB29 NWBK 6016 1331 9268 19», «FR1420041010050500013M02606»",
        "a\\n«DE89370400440532013000»\\nb",
        "AB12 «NL91ABNA0417164300» X",
        "«DE89-3704-0044-0532-0130-00»",
        "«DE89\u00a03704\u202f0044\u20110532 0130 00»",
        "«DE89&nbsp;3704&nbsp;0044&nbsp;0532&nbsp;0130&nbsp;00», iban=«DE89+3704+0044+0532+0130+00»&x",
        "«CH93 0076 2011 6238 5295 7»",
    ),
    misses=(
        "DE89370400440532013001",
        "XDE89370400440532013000",
        "DE893704004405320130001",
        "ISBN 9783161484100 AND MORE TEXT IN CAPITALS",
        "ZZ89370400440532013000",
    ),
)
