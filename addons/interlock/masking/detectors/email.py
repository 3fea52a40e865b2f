"""E-mail addresses (RFC 5322's common form, with internationalised names), in URLs and in HTML too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector, is_word

__all__ = ["PART"]

_BACKSLASH, _AT = 0x5C, 0x40
_SIGN = r"(?:@|%40|&#64;|&#[xX]40;|&commat;|\x{ff20})"
_SIGNS = re.compile(rb"@|%40|&#64;|&#[xX]40;|&commat;|\xef\xbc\xa0")
_FILES = frozenset(b"png jpg jpeg gif svg webp avif ico css scss js ts mjs html md py json yaml yml txt zip".split())


_USERINFO = re.compile(rb"://[^\s/@:\"']{0,60}:[^\s/@\"']{0,60}\Z|(?<!mailto)(?<!sip)(?<!sips)(?<!xmpp)://\Z")
_ESCAPE = re.compile(rb"[bfnrt](?!@)|u[0-9A-Fa-f]{4}(?!@)|x[0-9A-Fa-f]{2}(?!@)")
_CODED = re.compile(rb"%(?:0[AaDd]|2[0236789CcFf]|3[A-Fa-f]|5[BbDd]|7[B-Db-d])(?=[^@])")
"""Signs that end what stands before an address, as URLs write them."""


def _after_escape(text: bytes, start: int) -> int:
    """Where the address begins: what ends an escape of JSON or of a URL is none of it."""
    if start and text[start - 1] == _BACKSLASH:
        escape = _ESCAPE.match(text, start)
        return escape.end() if escape else start
    sign = _SIGNS.search(text, start)
    if sign is None:
        return start
    for coded in _CODED.finditer(text, start - 1 if start else 0, sign.start()):
        start = coded.end()
    return start


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    start = _after_escape(text, start)
    local, domain = _SIGNS.split(text[start:end], maxsplit=1)
    if local == b"git" or domain.rpartition(b".")[2].lower() in _FILES or is_word(text, end):
        return []
    least = max(0, start - CONTEXT)
    if text.find(b"://", least, start) >= 0 and _USERINFO.search(text, least, start):
        return []  # a password before a host, or the name of who logs in there
    return [(start, end, "high")]


# ASCII, and the letters of Latin, Greek and Cyrillic as far as UTF-8 has them in two bytes.
_ALPHABET = r"A-Za-z\x{c0}-\x{24f}\x{370}-\x{52f}"
_LETTERS = "0-9" + _ALPHABET
# Armenian, Hebrew, Arabic; India, Thailand; Georgia; Kana, Han, Hangul.
_FAR = (
    r"\x{531}-\x{587}\x{5d0}-\x{5ea}\x{620}-\x{6d3}\x{900}-\x{e4e}\x{10d0}-\x{10ff}"
    r"\x{3041}-\x{30ff}\x{3400}-\x{9fff}\x{ac00}-\x{d7a3}"
)

PART = Detector(
    name="email",
    pattern=rf"(?:[{_LETTERS}_][{_LETTERS}._%+'\-]{{0,63}}|[{_FAR}]{{1,24}})"
    rf"{_SIGN}(?:(?:[{_LETTERS}\-]{{1,63}}\.){{1,8}}[{_ALPHABET}]{{2,24}}"
    rf"|(?:[{_LETTERS}{_FAR}\-]{{1,40}}\.){{1,4}}[{_FAR}]{{2,24}})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+'-@&#;",
    needs=_SIGN,
    # 64 characters, the sign, 8 labels of 64, 24: in UTF-8 at most 2 bytes each; two more are seen.
    length=2 * (64 + 8 * 64 + 24) + 8 + 2,
    wide=True,
    judge=_judge,
    hits=(
        "Mail «erika.mustermann@example.com».",
        "Mail «erika+shop@mail.example.co.uk», «e@example.org»; done",
        "<«Erika_M@Example.COM»>",
        "mailto:«erika@example.com»?subject=x",
        "«jürgen@müller.example»",
        "请联系«erika@example.com»谢谢",
        "«erika@例子.测试», «用户@example.org»",
        "\\u003c«erika@example.com»\\u003e, ?next=%2Fa%3Fmail%3D«erika%40example.com»%26b, %22«e@example.com»%22",
        "“«erika@example.io»”",
        "/users?mail=«erika%40example.com»&a=1 and «erika&#64;example.com», «erika＠example.com»",
        '{\\n  \\"mail\\": \\"a\\n«erika@example.com»\\"}',
    ),
    misses=(
        "@erika on the board, version pkg@1.2.3",
        "logo@2x.png and git@github.com:owner/name.git",
        "user at example dot com",
        "a@b",
        "postgres://app:secret@db.example.com/x",
        "https://erika@git.example.com/a.git",
        "100%40.5 and a&#65;example.com",
        "@scope/package@latest",
    ),
)
