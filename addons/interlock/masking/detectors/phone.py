"""Phone numbers: international (E.164), North American, and European national ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector, after_word, is_word
from interlock.masking.detectors._not_phones import is_called_otherwise, is_written_otherwise
from interlock.masking.detectors._phones import ASKED, SAID
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    digits = sum(1 for byte in _CODED.sub(b"", value) if 48 <= byte <= 57)
    if _RANGE.search(value):
        return []
    if b"x" in value:
        digits -= len(value.partition(b"x")[2])  # an extension counts nothing
    if after_word(text, start) or is_word(text, end) or not 8 <= digits <= 15:
        return []
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if before in (b"+", b".", b"-", b"/") or (after[:1] in (b".", b"-", b"/") and after[1:].isdigit()):
        return []
    if value[:1] in b"+%(" or (value[:1] != b"0" and b" " not in value):
        ordered = value[:1] not in b"+%(" and is_called_otherwise(text, start, surely=True)
        return [] if ordered else [(start, end, "high")]
    if is_written_otherwise(text, start, end) or is_called_otherwise(text, start, surely=False):
        least = max(0, start - CONTEXT)
        if not (ASKED.search(text, least, start) or SAID.search(text, least, start)):
            return []
    return [(start, end, "medium")]


_RANGE = re.compile(rb"[0-9] -[0-9]")
_CODED = re.compile(rb"%2[0bB]")
_GAP = rf"(?:[()/]|{GAP})"

PART = Detector(
    name="phone",
    pattern=rf"\(\+[1-9][0-9]{{0,2}}\)(?:{_GAP}{{0,3}}[0-9]){{6,13}}|(?:\+|%2[bB]|00)1{GAP}?\(?[2-9][0-9]{{2}}\)?{GAP}?[2-9][0-9]{{2}}{GAP}?[0-9]{{4}}x[0-9]{{1,6}}"
    rf"|(?:\+|%2[bB])[1-9](?:(?:{_GAP}{{0,3}}|%20)[0-9]){{6,14}}(?:x[0-9]{{1,6}})?"
    rf"|(?:1{GAP})?\([2-9][0-9]{{2}}\){GAP}?[2-9][0-9]{{2}}{GAP}?[0-9]{{4}}(?:x[0-9]{{1,6}})?"
    rf"|(?:1{GAP})?[2-9][0-9]{{2}}(?:{GAP}|/)[2-9][0-9]{{2}}{GAP}[0-9]{{4}}(?:x[0-9]{{1,6}})?"
    rf"|\(0[1-9][0-9]{{0,4}}\) ?[0-9]{{2,4}}(?:{GAP}?[0-9]{{2,4}}){{1,3}}"
    rf"|0[1-9](?:{GAP}[0-9]{{2}}){{4}}"
    r"|0[1-9][0-9]{1,4}[ /\-][ ]?[1-9][0-9]{2,8}(?:[ \-][0-9]{2,4}){0,2}(?:-[0-9])?"
    r"|0[1-9][0-9]{1,4}(?: ?/ ?|[ ])[1-9][0-9](?: [0-9]{2,4}){2,3}"
    r"|0[1-9][0-9]{1,4} ?/ ?[1-9][0-9]{1,3}(?: [0-9]{2,4}){1,3}"
    r"|0[1-9][ \-](?:[1-9][0-9]{7}|[1-9][0-9]{3}[ \-][0-9]{4})"
    r"|00[1-9][0-9]{0,2}[ /\-](?:[ \-]?[0-9]){6,12}",
    begins="0123456789+(%",
    chars="0123456789 .()/-+%bBx",
    wide=True,
    length=152 + 2,  # three gaps of three bytes before each of fourteen digits
    confidence="medium",
    judge=_judge,
    hits=(
        "Call «+49 30 901820» now, «(+358) 704947400» or «+90(763)449-7432x9356», («+49 30 901820»)",
        "«+4" + "".join("\u2009\u2009\u2009" + digit for digit in "9301234567890") + "», now",
        "Call «+1 (212) 555-0147», please",
        "tel:«+442079460958»",
        "phone «(212) 555-0147» or «212-555-0147»",
        "Tel. «030 901820», mobil «0171-2345678», Fax «030 90 18 20»",
        "«+49-30-901820»",
        "a\\n«+49 30 901820»\\n(«212-555-0147»)",
        "«0049 30 901820», «202.555.0143x123», «+1-202-555-0143x1234»",
        "bel «06 12345678», ring «02 9374 4000», <a>«030 / 12 34 56»</a>, tel=«%2B49%2030%201234567»",
        "call «019 482 121», unter «040 123 456»",
        "«(415)5552671», «415/555-2671», «030 90182-0», «0711 / 123 45 67»",
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
        "019 482 121, 0120 4821 2193, matrix 033 415 982 203",
        "ISSN 0765-2458, order 030 901820, Auftragsnr. 0171 2345678",
        "5179 0846 2446 5679, IMEI 86 019982 497980 0",
        "order no. 415-555-2671, RMA 212-555-0147, NHS number 710 791 4660, <b>NHS no:</b> 523 853 6250",
        "id;NHS_no\n1;536 810 6441, the invoice_number is 0013 260 199, NL63 OPBL 0309 3383 03",
        "AWB 075-81427343, 13042215 09151 48330, 06 12345678",
        "diff +6224 -6352, Az. 083/5771-50",
        "3+4 = 7, +12 points",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
)
