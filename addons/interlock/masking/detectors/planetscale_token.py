"""PlanetScale's tokens and passwords."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "planetscale-token",
    r"pscale_(?:tkn|oauth|pw)_[A-Za-z0-9_.\-=]{32,64}",
    prefixes=("pscale_",),
    length=80,
    more=".=",
    hits=(
        "«" + "pscale_tkn_" + "aB3d" * 10 + "»",
        "«" + "pscale_pw_" + "aB3d" * 10 + "»",
        "KEY=«" + "pscale_tkn_" + "aB3d" * 10 + "», next",
        "a\\n«" + "pscale_tkn_" + "aB3d" * 10 + "»\\n",
    ),
    misses=(
        "x" + "pscale_tkn_" + "aB3d" * 10,
        "pscale_short",
    ),
)
