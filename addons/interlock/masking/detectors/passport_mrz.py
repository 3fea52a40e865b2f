"""The machine-readable lines of passports and identity cards (ICAO 9303)."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    return [(start, end, "high")] if separate(text, start, end) and text[end : end + 1] != b"<" else []


PART = Detector(
    name="passport-mrz",
    pattern=(
        r"[PVIAC][A-Z<][A-Z<]{3}[A-Z]{1,30}<[A-Z<]{8,40}"
        r"|[A-Z0-9<]{9}[0-9<][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{7,16}"
    ),
    needs="<[A-Z<]{8}|[A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789<",
    length=5 + 30 + 41 + 2,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "«P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<»",
        "x «C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4» y",
    ),
    misses=("IDENTITY<T> and MAP<STRING", "PUBLIC STATIC"),
)
