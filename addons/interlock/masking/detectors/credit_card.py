"""Payment card numbers: issuer and length (ISO/IEC 7812), check digit (Luhn), grouped in any usual way."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, after_word, is_word
from interlock.masking.detectors._not_phones import is_called_otherwise
from interlock.masking.nearby import near
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART", "is_card"]

_GROUP = re.compile(rb"[0-9]+")
_WHOLE = re.compile(rb"[0-9]{12,19}|(?:[0-9]{4,6}|[0-9]{8})(?:[^0-9%]+[0-9]{2,8})+")
"""One run of digits, or groups that may make a card: most often the candidate is a card and nothing else."""
_SIGNS = bytes(set(range(0x100)) - set(b"0123456789"))
_CODED = re.compile(rb"(?:%20)?([0-9]+)")
_LOW, _HIGH, _OLD = 12, 19, 13
_FIRST = (4, 5, 6, 8)
"""Digits of the first group, where there are groups."""
_ONCE = bytes.maketrans(b"0123456789", bytes(range(10)))
_TWICE = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_MAESTRO = frozenset({12, 13, 14, 15, 16, 18, 19})
_ASKS = near("card", "visa", "pan", "cc", "kreditkarte", "carte", "tarjeta", "maestro", "mastercard")
_DEVICE = re.compile(rb"(?i)(?:imei(?:sv)?|iccid|meid|isbn|\bean|gtin|sscc)[^0-9A-Za-z\n\0]{1,4}\Z")
_NEAR, _SHORT = 10, (b"06", b"56", b"57", b"58")
# (first digits, from, to, lengths)
_ISSUERS = (
    (1, 4, 4, {13, 16, 19}),  # Visa
    (2, 51, 55, {16}),  # Mastercard
    (4, 2221, 2720, {16}),
    (2, 34, 34, {15}),  # American Express
    (2, 37, 37, {15}),
    (4, 6011, 6011, {16, 19}),  # Discover
    (3, 644, 649, {16, 19}),
    (2, 65, 65, {16, 19}),
    (2, 35, 35, {16}),  # JCB, and what is given out as its cards
    (4, 3528, 3589, {17, 18, 19}),
    (3, 300, 305, {14}),  # Diners Club
    (2, 36, 36, {14, 16, 19}),
    (2, 38, 39, {14, 16, 19}),
    (2, 62, 62, {16, 17, 18, 19}),  # UnionPay
    (4, 2131, 2131, {15}),
    (4, 1800, 1800, {15}),
    (4, 5018, 5018, _MAESTRO),  # Maestro
    (4, 5020, 5020, _MAESTRO),
    (4, 5038, 5038, _MAESTRO),
    (2, 56, 58, {12, 16, 18, 19}),
    (4, 5893, 5893, _MAESTRO),
    (4, 604, 604, {12}),
    (4, 6304, 6304, _MAESTRO),
    (4, 6390, 6390, _MAESTRO),
    (4, 6759, 6763, _MAESTRO),
    (4, 6706, 6709, {16, 17, 18, 19}),  # Laser
    (4, 6767, 6767, {16, 18, 19}),  # Solo
    (4, 6771, 6771, {16, 17, 18, 19}),
    (4, 5019, 5019, {16}),  # Dankort
    (4, 2200, 2205, {16, 17, 18, 19}),  # Mir, Borica
    (4, 9792, 9792, {16}),  # Troy
    (4, 5041, 5041, {16}),  # Elo
    (4, 5066, 5067, {16}),
    (4, 5090, 5099, {16}),
    (4, 6362, 6363, {16}),
    (4, 6062, 6062, {16}),  # Hipercard
    (4, 5060, 5061, {16, 18, 19}),  # Verve
    (4, 5085, 5089, {16}),  # RuPay
    (4, 6069, 6085, {16}),
    (4, 8172, 8201, {16}),
)


_PREFIX = 4


def _lengths() -> tuple[frozenset[int], ...]:
    """Of every first four digits, how long cards are."""
    found: list[frozenset[int]] = [frozenset()] * 10**_PREFIX
    for count, low, high, lengths in _ISSUERS:
        more = 10 ** (_PREFIX - count)
        for prefix in range(low * more, (high + 1) * more):
            found[prefix] |= frozenset(lengths)
    return tuple(found)


_LENGTHS = _lengths()


def is_card(digits: bytes) -> bool:
    """Whether digits are of an issuer's cards, as long as they are, with the check digit that they have."""
    if not _LOW <= len(digits) <= _HIGH or len(digits) not in _LENGTHS[int(digits[:_PREFIX])]:
        return False
    return (sum(digits[-1::-2].translate(_ONCE)) + sum(digits[-2::-2].translate(_TWICE))) % 10 == 0


def _alone(text: bytes, start: int, end: int) -> bool:
    """Not a part of a longer word and not the fraction of a decimal number."""
    if is_word(text, end):
        return False
    if after_word(text, start):
        return text[start - 2 : start] in (b"%B", b"%b") and text[end : end + 1] == b"^"  # a magnetic stripe
    return not (text[start - 1 : start] == b"." and start > 1 and 48 <= text[start - 2] <= 57)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    """Every run of whole groups that makes a card, longest first: what follows a card must not hide it."""
    if (
        _WHOLE.fullmatch(text, start, end)
        and is_card(text[start:end].translate(None, _SIGNS))
        and _alone(text, start, end)
    ):
        return [(start, end, _sure(text, start, end))]
    if text.find(b"%", start, end) < 0:
        groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    else:
        groups = [match.span(1) for match in _CODED.finditer(text, start, end)]
    found: list[tuple[int, int, str]] = []
    first = 0
    while first < len(groups):
        last = _window(text, groups, first)
        if last < 0:
            first += 1
            continue
        low, high = groups[first][0], groups[last][1]
        found.append((low, high, _sure(text, low, high)))
        first = last + 1
    return found


def _sure(text: bytes, start: int, end: int) -> str:
    """Articles are numbered with thirteen digits, too, and have a check digit of their own (EAN)."""
    digits = text[start:end]
    if _DEVICE.search(text, max(0, start - _NEAR), start):
        return "low"
    if digits[:2] in _SHORT and len(digits.translate(None, _SIGNS)) == _LOW:
        # So many orders have as many digits that one in a thousand looks like it.
        if len(digits) > _LOW:
            return "low"
        if not _ASKS(text, start):
            return "low" if is_called_otherwise(text, start, surely=False) else "medium"
    article = len(digits) == _OLD and digits.isdigit() and weighed(digits.decode(), (1, 3) * 6 + (1,)) % 10 == 0
    return "low" if article and not _ASKS(text, start) else "high"


def _window(text: bytes, groups: list[tuple[int, int]], first: int) -> int:
    """The last group of the longest card that begins at group `first`, or -1."""
    digits, best = b"", -1
    for last in range(first, len(groups)):
        low, high = groups[last]
        if high - low + len(digits) > _HIGH:
            break
        digits += text[low:high]
        shaped = first == last or (high - low >= 2 and groups[first][1] - groups[first][0] in _FIRST)
        if last > first and not shaped:
            break
        if len(digits) >= _LOW and is_card(digits) and _alone(text, groups[first][0], high):
            best = last
    return best


PART = Detector(
    name="credit-card",
    pattern=rf"[0-9](?:(?:{GAP}{{0,3}}|&nbsp;|%20|\+)[0-9]){{11,}}",
    begins="0123456789",
    needs=r'[0-9](?:(?:[^0-9A-Za-z"]{0,3}|&nbsp;)[0-9]){11}',
    chars="0123456789 .-&nbsp;%+",
    wide=True,
    judge=_judge,
    hits=(
        "card «4111 1111 1111 1111»",
        "card «4111 1111 1111 1111» 12/27 123",
        "«4111111111111111»,«5555555555554444»",
        "«4111-1111-1111-1111» «3782 822463 10005»",
        "«4111.1111.1111.1111».",
        "«4111\u00a01111\u00a01111\u00a01111»",
        "«4111\u20111111\u20111111\u20111111», «4111&nbsp;1111&nbsp;1111&nbsp;1111», pan=«4111+1111+1111+1111»&x=1",
        "card=«4111%201111%201111%201111»&y=2",
        "«4111  1111  1111  1111», «4111 - 1111 - 1111 - 1111»",
        "%B«4111111111111111»^MUSTERMANN/ERIKA^29121010000",
        "«4111\u20091111\u20091111\u20091111» «4111\u202f1111\u202f1111\u202f1111»",
        "«6011000990139424» and «30569309025904» and «3530111333300000»",
        "a\\n«4111111111111111»\\nb\\t«4111 1111 1111 1111»\\r",
        "no. 17 «2223003122003222»; 5",
        "Mir «2200 7649 6468 5924», Troy «9792105757820832», Elo «6363 6862 0279 0378»",
    ),
    misses=(
        "4111 1111 1111 1112",
        "IMEI 490154203237518",
        "order 570507535543, 1234 5678 9012 3459",
        "order 1234567890123456",
        "f4111111111111111a and x_4111111111111111",
        "0.4111111111111111",
        "550e8400-e29b-41d4-a716-446655440000",
        "1763801400123 1763801400124",
        "41111111111111111111111111111111",
    ),
)
