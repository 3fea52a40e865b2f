"""International bank account numbers (ISO 13616) in groups of small letters, by the words before them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.detectors._iban import is_iban
from interlock.masking.nearby import near
from interlock.masking.numbers import GAP

__all__ = ["PART"]

_WORDS = ("iban", "account", "acct", "konto", "compte", "cuenta", "rekening", "conto", "rachunek", "účet", "tili")
_ASKS = near(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    return is_iban(text, start, end) if _ASKS(text, start) else []


PART = Detector(
    name="iban-named",
    kind="iban",
    pattern=rf"[A-Za-z]{{2}}[0-9]{{2}}(?:{GAP}[A-Za-z0-9]{{4}}){{2,7}}(?:{GAP}[A-Za-z0-9]{{1,4}})?",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .-",
    wide=True,
    length=4 + 8 * 7 + 2,
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=("iban «de89 3704 0044 0532 0130 00» bic", "account: «gb29-nwbk-6016-1331-9268-19»"),
    misses=("iban de89 3704 0044 0532 0130 01", "de89 3704 0044 0532 0130 00 alone", "account at 12 pens each"),
)
