"""Passwords in URLs and connection strings: the password alone, so that host and database stay readable."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    placeholder = value[:1] in (b"$", b"<", b"{", b"%") and value[-1:] in (b"}", b">", b"%")
    return [] if placeholder or not value.strip(b"*x.") else [(start, end, "high")]


PART = Detector(
    name="connection-string",
    pattern=r"[A-Za-z][A-Za-z0-9+.\-]{1,30}://[A-Za-z0-9._%+\-]{0,100}:([!#-.0-9:;=-?A-\[\]-~]{1,256})@",
    needs="://",
    chars="".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"\\<'),
    length=400,
    judge=_judge,
    hits=(
        "postgres://app:«s3cret-Pa55»@db.example.com/x",
        "redis://:«hunter2»@cache:6379/0",
        'DSN="mysql+pymysql://root:«p%40ss»@127.0.0.1/db"',
    ),
    misses=(
        "https://example.com/a:b@c",
        "postgres://app@db.example.com/x",
        "postgres://app:${PASSWORD}@db/x",
        "https://user:****@host/",
        "see http://example.com: mail me @ home",
    ),
)
