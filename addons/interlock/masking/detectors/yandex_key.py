"""Yandex Cloud's API keys and OAuth and IAM tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "yandex-key",
    r"AQVN[A-Za-z0-9_\-]{35,38}|YCAJE[A-Za-z0-9_\-]{20}|YCM[A-Za-z0-9_\-]{37}|y0_[A-Za-z0-9_\-]{40,60}|t1\.[A-Z0-9a-z_\-]{20,}\.[A-Za-z0-9_\-]{86}",
    prefixes=("AQVN", "YCAJE", "YCM", "y0_", "t1."),
    length=0,
    more=".",
    hits=(
        "«" + "AQVN" + "aB3d" * 9 + "»",
        "«" + "y0_" + "aB3d" * 13 + "»",
        "KEY=«" + "AQVN" + "aB3d" * 9 + "», next",
        "a\\n«" + "AQVN" + "aB3d" * 9 + "»\\n",
    ),
    misses=(
        "x" + "AQVN" + "aB3d" * 9,
        "AQVNshort",
    ),
)
