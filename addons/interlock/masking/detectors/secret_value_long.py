"""Random values of 200 to 2,000 characters given to names of secrets: `"access_token": "…"`, `session_token=…`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.detectors.secret_value import PART as SHORT
from interlock.masking.detectors.secret_value import WORDS

__all__ = ["PART"]

_LETTERS = r"[A-Za-z0-9+/_.\-%~]"
"""Without what begins another candidate, so that a row of them is looked at once."""


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    return SHORT.judge(text, start, end) if SHORT.judge is not None else []


PART = Detector(
    name="secret-value-long",
    kind="secret-value",
    pattern=rf"(?:[:=]|=>|:=) ?[\"'\\`]{{0,4}}({_LETTERS}{{200}}{_LETTERS}{{1,800}}{_LETTERS}{{0,1000}}"
    r"={0,2})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_.-%~=: \"'\\`>",
    begins=":=",
    length=7 + 2000 + 2 + 2,
    words=WORDS,
    escaped=True,
    retry=True,
    judge=_judge,
    hits=(
        '"access_token": "«' + "aB3d_x9K" * 30 + '»"',
        "session_token=«" + "aB3d/x9K" * 50 + "==»&x=1",
    ),
    misses=("token: short1", 'checksum = "' + "aB3d_x9K" * 30 + '"', "token: " + "word_" * 60),
)
