"""One step of undoing: which encodings a text could be in, and what each of them says. Linear, bounded, never raises.

What comes out counts only if it is text: hashes, ids and images are not, and their first bytes show it.
"""

from __future__ import annotations

import binascii
import html
import json
import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

__all__ = ["Budget", "Step", "could_hide", "steps"]

_MIN_WHOLE, _MIN_RUN, _SAMPLE = 8, 16, 96
_MAX_PROSE = 512 << 10  # longer texts are files: escapes among their plain characters are their own
_WORD = r"[A-Za-z0-9+/_-]"
_BASE64 = re.compile(rf"(?<!{_WORD}){_WORD}{{16,}}+(?:\r?\n[ \t]*+{_WORD}{{4,}}+)*+={{0,2}}")
_WHOLE_BASE64 = re.compile(rf"{_WORD}+={{0,2}}\Z")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0[xX]|\\x)?([0-9A-Fa-f]{16,}+)(?![0-9A-Za-z])")
_WHOLE_HEX = re.compile(r"(?:0[xX]|\\x|[xX]')?([0-9A-Fa-f]{8,}+)'?\Z")
_SPACED_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{2}[ :,]){7,}+(?:[0-9A-Fa-f]{2})?")
_URL = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-7]{3}))")
_BLANK = re.compile(r"\s")
_DOCUMENT = re.compile(r'\s*[\[{"]')
_COULD = re.compile(rf"%[0-9A-Fa-f]{{2}}|&(?:#|[A-Za-z]+;)|\\[uUx0-7]|{_WORD}{{16}}|\A\s*(?:[\[{{\"]|{_WORD}{{8}})"
                    r"|(?:[0-9A-Fa-f]{2}[ :,]){7}")  # fmt: skip
_TEXT_CONTROLS = re.compile(r"[\t\n\r\x0b\x0c\x1b]")
_FILES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"PK\x03\x04", b"OggS", b"ID3", b"wOF", b"OTTO", b"\x00asm",
    b"\x7fELF", b"II*\x00", b"MM\x00*", b"BZh", b"\xfd7zXZ",
    b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x1cftyp", b"\x00\x00\x00 ftyp",
)  # fmt: skip
"""How files begin that are no text."""
_PIECES = re.compile(r"[/_+\s-]")


@dataclass(frozen=True, slots=True)
class Step:
    """What one encoding says: where in the text it began, whether it was the whole text, and the document, for JSON.

    `cut` says that more would have come out than was asked for, or that the encoding can be read in two ways.
    """

    text: str
    how: str
    at: int
    whole: bool
    document: object = None
    cut: bool = False


@dataclass(slots=True)
class Budget:
    """What one value may cost: `size` in characters of decoded text, `tries` in places that are looked at, and `pieces`
    in parts of such a place, which cost less.
    """

    size: int
    tries: int
    pieces: int = 80_000

    def spend(self, piece: bool = False) -> bool:
        """Whether one more place, or part of one, may be looked at."""
        self.tries, self.pieces = self.tries - (not piece), self.pieces - piece
        return not self.spent

    @property
    def spent(self) -> bool:
        """Whether something was not looked at."""
        return self.tries < 0 or self.pieces < 0


def could_hide(text: str) -> bool:
    """Whether anything in the text could be an encoding at all: most prose could not."""
    if len(text) < 8 and text.isalnum():
        return False
    return ("%" in text and _URL.search(text) is not None) or _COULD.search(text) is not None


def steps(text: str, budget: Budget) -> Iterator[Step]:
    """What is in a text, one encoding undone; the budget's size bounds each decompressed text, in bytes."""
    limit = max(budget.size, 1)
    read = list(_json(text)) if _DOCUMENT.match(text) else []
    if read:
        yield from read
        return
    if len(text) <= _MAX_PROSE:
        yield from _in_place(text)
    stripped = text.strip()
    whole = False
    for step in _whole(stripped, text.find(stripped[:1]), limit):
        whole = True
        yield step
    if not whole and len(text) >= _MIN_RUN:
        yield from _runs(text, budget, limit)


def _json(text: str) -> Iterator[Step]:
    _READ.twice = False
    try:
        document = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return
    inner = document if isinstance(document, str) else ""
    if isinstance(document, dict | list | str) and document:
        yield Step(inner, "json", 0, True, None if inner else document, _READ.twice)


def _pairs(members: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(members)
    if len({name.casefold() for name in found}) != len(members):
        _READ.twice = True
    return found


def _in_place(text: str) -> Iterator[Step]:
    """Encodings that stand among plain characters: the whole text is decoded, and is one if blanks come out."""
    for how, sign, pattern, decode in _SIGNS:
        found = pattern.search(text) if sign in text else None
        if found is not None:
            decoded = decode(text)
            if decoded != text:
                whole = not _BLANK.search(text.strip())
                yield Step(decoded, how, found.start(), whole)


def _whole(stripped: str, at: int, limit: int) -> Iterator[Step]:
    if len(stripped) < _MIN_WHOLE:
        return
    match = _WHOLE_HEX.match(stripped)
    if match and len(match[1]) % 2 == 0:
        yield from _texts(bytes.fromhex(match[1]), "hex", at, True, limit)
    joined = stripped.replace("\n", "").replace("\r", "")
    if _WHOLE_BASE64.match(joined):
        yield from _base64(joined, at, True, limit)


def _runs(text: str, budget: Budget, limit: int) -> Iterator[Step]:
    for match in _HEX.finditer(text):
        if len(match[1]) % 2 == 0 and budget.spend():
            yield from _texts(bytes.fromhex(match[1]), "hex", match.start(), False, limit)
    for match in _SPACED_HEX.finditer(text):
        if budget.spend():
            digits = re.sub("[ :,]", "", match[0])
            yield from _texts(bytes.fromhex(digits), "hex", match.start(), False, limit)
    for match in _BASE64.finditer(text):
        if not budget.spend():
            return
        yield from _run(match, budget, limit)


def _run(match: re.Match[str], budget: Budget, limit: int) -> Iterator[Step]:
    """A run of base64, which may go over several lines; its last line may be a word that only stands below it."""
    run = match[0]
    lines = run.split()
    for count in {len(lines): None, max(len(lines) - 1, 1): None}:
        found = list(_base64("".join(lines[:count]), match.start(), False, limit))
        if found:
            yield from found
            return
    if _decoded(run[:_MIN_RUN]).startswith(_FILES):
        return  # an image or another file: what its bytes happen to spell is no text of anybody's
    at = match.start()
    for piece in _PIECES.split(run):  # signs of the alphabet that may only have separated words
        if _MIN_RUN <= len(piece) < len(run):
            if not budget.spend(piece=True):
                return
            yield from _base64(piece, at, False, limit)
        at += len(piece) + 1


def _base64(run: str, at: int, whole: bool, limit: int) -> Iterator[Step]:
    digits = run.rstrip("=").replace("-", "+").replace("_", "/")
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    sample = _decoded(digits[:_SAMPLE])
    if sample and (_text(sample, cut=len(digits) > _SAMPLE) is not None or _packed(sample)):
        yield from _texts(_decoded(digits), "base64", at, whole, limit)


def _decoded(digits: str) -> bytes:
    try:
        return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))
    except (binascii.Error, ValueError):
        return b""


def _texts(octets: bytes, how: str, at: int, whole: bool, limit: int) -> Iterator[Step]:
    window, cut = _packed(octets), False
    if window:
        try:
            stream = zlib.decompressobj(window)
            octets = stream.decompress(octets, limit)
            cut = bool(stream.unconsumed_tail)
        except zlib.error:
            return
        how += "+gzip" if window > zlib.MAX_WBITS else "+deflate"
    text = _text(octets, cut=cut)
    if text is not None and text.strip():
        yield Step(text, how, at, whole, cut=cut)


def _packed(octets: bytes) -> int:
    """The window for zlib if the bytes begin like gzip (RFC 1952) or zlib (RFC 1950)."""
    if octets.startswith(b"\x1f\x8b\x08"):
        return 16 + zlib.MAX_WBITS
    return zlib.MAX_WBITS if octets[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda") else 0


def _text(octets: bytes, *, cut: bool) -> str | None:
    """The bytes as text; None if they are none. `cut`: they may end within a character."""
    if octets.count(0, 0, 8) >= 3 and octets[1:8:2].count(0) >= 3 and 0 not in octets[0:8:2]:
        text = octets[: len(octets) // 2 * 2].decode("utf-16-le", "ignore")
    else:
        try:
            text = octets.decode("utf-8")
        except UnicodeDecodeError as error:
            if not cut or error.start < len(octets) - 3:
                return None
            text = octets[: error.start].decode("utf-8")
    head = text[:_SAMPLE]
    return text if head.isprintable() or _TEXT_CONTROLS.sub("", head).isprintable() else None


def _unquoted(text: str) -> str:
    return unquote(text if _BLANK.search(text.strip()) else text.replace("+", " "), errors="replace")


def _plain(text: str) -> str:
    """Escapes of JSON, JavaScript, C and Python undone; pairs of surrogates become one character."""

    def char(match: re.Match[str]) -> str:
        braced, four, eight, two, octal = match.groups()
        code = int(octal, 8) if octal else int(braced or four or eight or two, 16)
        return chr(code) if code <= 0x10FFFF else match[0]

    return _ESCAPE.sub(char, text).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_READ = threading.local()
_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=str, parse_float=str, parse_constant=str)
_SIGNS = (("url", "%", _URL, _unquoted), ("html", "&", _ENTITY, html.unescape), ("escapes", "\\", _ESCAPE, _plain))
"""Encodings among plain characters: name, the sign that each begins with, pattern, and what undoes it."""
