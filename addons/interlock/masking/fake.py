"""Invented values of the same shape: a receiver that checks a value takes them, and they belong to nobody we know.

Keyed: one key gives one value one fake, and nobody without the key can tell which value it stands for. Where the kind
is a detector's, candidates are drawn until that detector takes one, so check digits and ranges are right.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from interlock.masking.detector import Detector, encode
from interlock.masking.rules import known_detectors
from interlock.masking.scan import Scanner

__all__ = ["fake"]

_TRIES, _TRIES_DIGITS = 100, 1000
"""Of digits one draw in hundreds may be right; what has letters is right at once, or has words that must stay."""
_LONGEST = 8192
_VOWELS, _CONSONANTS, _HEX = "aeiou", "bcdfghjklmnpqrstvwxz", "abcdef"
_EMAIL = re.compile(r"\A([^\s@]{1,128}?)(@|%40|&#64;|&#[xX]40;|&commat;|\uff20)[^\s@]{1,255}\Z")
_DOMAINS = ("example.com", "example.net", "example.org")
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
"""For documentation alone (RFC 5737)."""
_LOCAL = 6
_WORD = re.compile(r"[^\W_]+")
_KEPT = {
    "credit-card": re.compile(r"\A(?:[0-9][ \-.\u00a0]?){4}"),  # whose card it is
    "iban": re.compile(r"\A[A-Z]{2}"),
    "ch-ahv": re.compile(r"\A756"),
    "phone": re.compile(r"\A(?:\+[0-9]{2}|00[0-9]{2}|0|\([2-9])?"),
}
"""What stays at the beginning."""


class _Dice:
    """An endless row of draws that follows from a key and a value."""

    def __init__(self, key: bytes, kind: str, value: str) -> None:
        self._seed = hmac.digest(key, b"fake\0" + kind.encode() + b"\0" + encode(value), hashlib.sha256)
        self._block, self._at, self._count = b"", 0, 0

    def pick(self, choices: str) -> str:
        """One of at most 64 characters; the bias of a remainder is of no use to anybody."""
        return choices[self.number(len(choices))]

    def number(self, below: int) -> int:
        """A number under 256."""
        if self._at >= len(self._block):
            self._count += 1
            self._block = hmac.digest(self._seed, self._count.to_bytes(8, "big"), hashlib.sha512)
            self._at = 0
        self._at += 1
        return self._block[self._at - 1] % below


@lru_cache(maxsize=2048)
def fake(kind: str, value: str, key: bytes) -> str | None:
    """The fake of a value, never the value itself; None for what has no shape of its own: blocks, long text."""
    detector = known_detectors().get(kind)
    if not value or len(value) > _LONGEST or (detector is not None and detector.until):
        return None
    checked = detector if detector is not None and _has_fakes(detector) else None
    return _drawn(kind, value, _Dice(key, kind, value), detector, checked)


def _drawn(kind: str, value: str, dice: _Dice, detector: Detector | None, checked: Detector | None) -> str | None:
    address = _EMAIL.match(value) if kind == "email" or detector is None else None
    last = ""
    tries = _TRIES if sum(map(str.isalpha, value)) > 2 else _TRIES_DIGITS
    for attempt in range(tries + _TRIES):
        if address is not None:
            last = _email(address, dice)
        elif kind == "ipv4":
            last = f"{_NETWORKS[dice.number(len(_NETWORKS))]}.{1 + dice.number(254)}"
        else:
            # Half of a value may be words that belong to its kind, or a date: then the other half is drawn alone.
            last = _shaped(kind, value, dice, detector, len(value) // 2 if attempt >= tries else 0)
        if last.casefold() == value.casefold():
            continue
        if checked is None or address is not None or _taken(checked, last):
            return last
    return last if last.casefold() != value.casefold() else None


@lru_cache(maxsize=512)
def _has_fakes(detector: Detector) -> bool:
    """Whether draws for the detector's own example come to what it takes; of others only the shape is kept."""
    example = next((hit.partition("«")[2].partition("»")[0] for hit in detector.hits), "")
    drawn = _drawn(detector.name, example, _Dice(b"", detector.name, example), detector, detector) if example else None
    return drawn is not None and _taken(detector, drawn)


def _email(address: re.Match[str], dice: _Dice) -> str:
    local = _WORD.sub(lambda word: _letters(word[0], dice), address[1])
    if sum(map(str.isalnum, local)) < _LOCAL:
        local += "".join(dice.pick("0123456789") for _ in range(4))
    return f"{local}{address[2]}{_DOMAINS[dice.number(len(_DOMAINS))]}"


def _shaped(kind: str, value: str, dice: _Dice, detector: Detector | None, start: int) -> str:
    kept = _KEPT[kind].match(value) if kind in _KEPT else None
    start = max(start, kept.end() if kept is not None else 0)
    for prefix in detector.prefixes if detector is not None else ():
        if value.startswith(prefix):
            start = max(start, len(prefix))
    drawn = value[:start] + _WORD.sub(lambda word: _letters(word[0], dice), value[start:])
    right = _RIGHT.get(kind)
    return right(drawn) if right is not None else drawn


def _letters(word: str, dice: _Dice) -> str:
    """Digits for digits, vowels for vowels, other letters for other letters, small for small."""
    letters = [letter for letter in word.lower() if letter.isalpha()]
    coded = len(word) >= 2 * _LOCAL and len(letters) < len(word) and all(letter in _HEX for letter in letters)
    return "".join(_one(letter, dice, coded) for letter in word)


def _one(letter: str, dice: _Dice, hexadecimal: bool) -> str:
    if letter.isdigit():
        return dice.pick("0123456789")
    small = letter.lower()
    found = dice.pick(_HEX if hexadecimal else _VOWELS if small in _VOWELS or not small.isascii() else _CONSONANTS)
    return found.upper() if letter.isupper() else found


def _luhn(text: str) -> str:
    """With the last digit that makes it right."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    last = -(doubled + sum(digits[-3::-2])) % 10
    at = max(place for place, letter in enumerate(text) if letter.isdigit())
    return f"{text[:at]}{last}{text[at + 1 :]}"


def _mod97(text: str) -> str:
    """With the check digits that make it right (ISO 7064, MOD 97-10)."""
    letters = [letter for letter in text if letter.isascii() and letter.isalnum()]
    number = int("".join(str(int(letter, 36)) for letter in (*letters[4:], *letters[:2], "0", "0")))
    digits = iter(f"{98 - number % 97:02d}")
    places = [place for place, letter in enumerate(text) if letter.isdigit()][:2]
    return "".join(next(digits) if place in places else letter for place, letter in enumerate(text))


_RIGHT = {"credit-card": _luhn, "iban": _mod97}


def _taken(detector: Detector, text: str) -> bool:
    """Whether the detector finds this very text, where a word stands before it if it asks for one."""
    before = f"{detector.words[0]}: " if detector.words else ""
    whole = encode(before + text)
    return any(hit.start == len(encode(before)) and hit.end == len(whole) for hit in _scanner(detector).hits(whole))


@lru_cache(maxsize=128)
def _scanner(detector: Detector) -> Scanner:
    return Scanner((detector,))
