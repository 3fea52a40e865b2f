"""The United Kingdom's National Insurance number in small letters, by the words before it."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]

_NONE = ("BG", "GB", "NK", "KN", "NT", "TN", "ZZ")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"

PART = identity(
    "gb-nino-named",
    rf"[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z]{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[a-d]"
    # What programs that make test data give out.
    rf"|ZZ{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?T",
    lambda value: value[:2] not in _NONE or value[-1] == "T",
    hits=("NI number «ab 12 34 56 c»", "nino=«ab123456c»", "NINO «ZZ069474T», «ZZ 27 87 58 T»"),
    misses=("commit ab123456c", "NI number qq123456c", "nino: ab123456e"),
    words=("nino", "ni number", "ni no", "national insurance"),
    more=_LETTERS + "ZT",
    begins=_LETTERS + "Z",
    kind="gb-nino",
)
