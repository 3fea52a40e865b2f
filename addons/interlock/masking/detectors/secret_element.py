"""Random values in elements of XML that are called as secrets are: `<password>…</password>`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector
from interlock.masking.detectors.secret_value import OTHER, WORDS
from interlock.masking.nearby import directly
from interlock.masking.strength import looks_secret

__all__ = ["PART"]

_ASKS = directly(*WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    name = text.rfind(b">", 0, start)
    if text[start - 9 : start] == b"<![CDATA[":
        name = start - 10
    sure = (
        looks_secret(text[start:end].decode("utf-8", "replace"))
        if _ASKS(text, name) and not OTHER.search(text, max(0, start - CONTEXT), name)
        else ""
    )
    return [(start, end, sure)] if sure else []


PART = Detector(
    name="secret-element",
    kind="secret-value",
    pattern=r">(?:<!\[CDATA\[)?([A-Za-z0-9!#$%*+\-./:?@^_~&=;,]{6,200})(?:<|\]\]>)",
    chars="".join(chr(code) for code in range(0x21, 0x7F)),
    begins=">",
    length=230,
    words=WORDS,
    retry=True,
    judge=_judge,
    hits=(
        "<password>«hunter2-X9»</password>",
        "<clientSecret><![CDATA[«a1B2c3D4e5F6g7H8»]]></clientSecret>",
    ),
    misses=(
        "<password>changeme</password>",
        "<p>a1B2c3D4e5F6g7H8</p>",
        "<token>${TOKEN1}</token>",
        "<token_type>bearer-2</token_type>",
    ),
)
