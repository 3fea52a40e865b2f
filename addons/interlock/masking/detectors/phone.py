"""Phone numbers: international (E.164), North American, and European national ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, after_word, is_word
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    digits = sum(1 for byte in value if 48 <= byte <= 57)
    if b"x" in value:
        digits = 10  # an extension counts nothing
    if after_word(text, start) or is_word(text, end) or not 8 <= digits <= 15:
        return []
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if before in (b"+", b".", b"-", b"/") or (after[:1] in (b".", b"-", b"/") and after[1:].isdigit()):
        return []
    if value[:1] in b"+%(" or (value[:1] != b"0" and b" " not in value):
        return [(start, end, "high")]
    # A row of groups is a table, five and four digits are a US postal code.
    if _ROW.search(text, max(0, start - 12), start) or _ZIP.fullmatch(value):
        return []
    return [(start, end, "medium")]


_ROW = re.compile(rb"[0-9]{2,4} [0-9]{2,4} \Z")
_ZIP = re.compile(rb"[0-9]{5}-[0-9]{4}")
_GAP = rf"(?:[()/]|{GAP})"

PART = Detector(
    name="phone",
    pattern=rf"(?:\+|%2[bB]|00)1{GAP}?\(?[2-9][0-9]{{2}}\)?{GAP}?[2-9][0-9]{{2}}{GAP}?[0-9]{{4}}x[0-9]{{1,6}}"
    rf"|(?:\+|%2[bB])[1-9](?:(?:{_GAP}{{0,3}}|%20)[0-9]){{6,14}}"
    rf"|(?:1{GAP})?\([2-9][0-9]{{2}}\){GAP}?[2-9][0-9]{{2}}{GAP}[0-9]{{4}}(?:x[0-9]{{1,6}})?"
    rf"|(?:1{GAP})?[2-9][0-9]{{2}}{GAP}[2-9][0-9]{{2}}{GAP}[0-9]{{4}}(?:x[0-9]{{1,6}})?"
    rf"|\(0[1-9][0-9]{{1,4}}\) ?[0-9]{{2,4}}(?:{GAP}?[0-9]{{2,4}}){{1,3}}"
    rf"|0[1-9](?:{GAP}[0-9]{{2}}){{4}}"
    r"|0[1-9][0-9]{1,4}[ /\-][ ]?[1-9][0-9]{2,8}(?:[ \-][0-9]{2,4}){0,2}"
    r"|0[1-9][0-9]{1,4}[ /][ ]?[1-9][0-9](?: [0-9]{2,4}){2,3}"
    r"|00[1-9][0-9]{0,2}[ /\-](?:[ \-]?[0-9]){6,12}",
    begins="0123456789+(%",
    chars="0123456789 .()/-+%bBx",
    wide=True,
    length=104,
    confidence="medium",
    judge=_judge,
    hits=(
        "Call «+49 30 901820» now",
        "Call «+1 (212) 555-0147», please",
        "tel:«+442079460958»",
        "phone «(212) 555-0147» or «212-555-0147»",
        "Tel. «030 901820», mobil «0171-2345678», Fax «030 90 18 20»",
        "«+49-30-901820»",
        "a\\n«+49 30 901820»\\n(«212-555-0147»)",
        "«0049 30 901820», «202.555.0143x123», «+1-202-555-0143x1234»",
        "«01 23 45 67 89», «(030) 901820», «212 555 0147», «1-212-555-0147»",
        "«+49\u00a030\u202f901820», «+49\u201130\u2011901820», ?tel=«%2B49%2030%20901820»",
    ),
    misses=(
        "2026-11-22T08:50:00+01:00",
        "1.2345678e+12345678",
        "abc+4930901820xyz",
        "order 4930901820, epoch 1763801400",
        "10.212.555.0147 and 1-212-555-0147-9",
        "ZIP 05555-5274, 996 663 068 627 827 712",
        "3+4 = 7, +12 points",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
)
