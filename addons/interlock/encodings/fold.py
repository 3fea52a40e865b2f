"""Letters that look alike, written alike: for searching, never for what is forwarded.

Two spellings of a text: `plain` keeps every letter (compatibility forms unified, invisible characters removed);
`skeleton` is what a reader sees in Latin letters: without combining marks, with Cyrillic, Greek and other look-alikes
replaced. The table of look-alikes is ours: letters that are drawn like Latin ones in common fonts.
"""

from __future__ import annotations

import unicodedata

import regex

__all__ = ["plain", "skeleton"]

_INVISIBLE = (
    0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x2800, 0x3164,
    0xFEFF, 0xFFA0, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
    *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE1000),
)  # fmt: skip
_HIDDEN: dict[int, None] = dict.fromkeys(_INVISIBLE)
_ALIKE = {
    "a": "аɑαⱥᴀ", "b": "Ьƅᖯʙ", "c": "сϲᴄⅽ", "d": "ԁɗᴅ", "e": "еєҽɛᴇ", "f": "ƒẝꜰ", "g": "ɡցɢ", "h": "һհʜ",
    "i": "іɩιıɪӏ", "j": "јϳᴊ", "k": "κкᴋ", "l": "ⅼʟǀ", "m": "мⅿᴍ", "n": "ոռпɴη", "o": "оοօσᴏ", "p": "рρᴘ",
    "q": "ԛգ", "r": "гᴦʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νѵᴠ", "w": "ԝѡɯᴡ", "x": "хχ", "y": "уγүʏ",
    "z": "ᴢʐ", "A": "АΑ", "B": "ВΒ", "C": "СϹ", "D": "Ꭰ", "E": "ЕΕ", "F": "Ϝ", "G": "Ԍ", "H": "НΗ", "I": "ІΙӀ",
    "J": "ЈͿ", "K": "КΚ", "L": "Ꮮ", "M": "МΜ", "N": "Ν", "O": "ОΟՕ", "P": "РΡ", "Q": "Ԛ", "S": "ЅՏ", "T": "ТΤ",
    "U": "Ս", "V": "Ѵ", "W": "Ԝ", "X": "ХΧ", "Y": "УΥҮ", "Z": "Ζ", "-": "‐‑‒–—−", "'": "‘’ʼ", '"': "“”", "/": "⁄∕",
    ".": "․", ":": "ː∶", "_": "ˍ",
}  # fmt: skip
_LATIN: dict[int, str] = {ord(char): letter for letter, chars in _ALIKE.items() for char in chars} | {
    ord("ł"): "l", ord("Ł"): "L", ord("ø"): "o", ord("Ø"): "O", ord("đ"): "d", ord("Đ"): "D", ord("ħ"): "h",
}  # fmt: skip
_LATIN |= {code: "" for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code))}
_SENTENCES = str.maketrans("", "", "\ufdfa\ufdfb")
_MAX_SENTENCES = 256
# UAX #15, stream-safe text: sorting runs of more marks than 30 would cost the square of their length.
_LONG = regex.compile(r"(\p{M}{30})\p{M}+")


def plain(text: str) -> str:
    """Text in one spelling: compatibility forms unified (NFKC), invisible characters removed."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _bounded(text.translate(_HIDDEN)))


def skeleton(text: str) -> str:
    """Text as it looks in Latin letters; its case stays. An ASCII text is its own skeleton."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", _bounded(text.translate(_HIDDEN)))
    return parts.translate(_LATIN)


def _bounded(text: str) -> str:
    """Without what makes normalising slow: endless runs of combining marks, ligatures that become whole sentences."""
    if text.isascii():
        return text
    if text.count("\ufdfa") + text.count("\ufdfb") > _MAX_SENTENCES:
        text = text.translate(_SENTENCES)
    bounded: str = _LONG.sub(r"\1", text)
    return bounded
