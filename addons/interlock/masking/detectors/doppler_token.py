"""Doppler's tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "doppler-token",
    r"dp\.(?:pt|st|sa|ct|scim|audit|said)\.(?:[a-z0-9_\-]{2,35}\.)?[A-Za-z0-9]{40,44}",
    prefixes=("dp.pt.", "dp.st.", "dp.sa.", "dp.ct.", "dp.scim.", "dp.audit.", "dp.said."),
    length=90,
    more=".",
    hits=(
        "«" + "dp.pt." + "aB3d" * 11 + "»",
        "«" + "dp.st.prd." + "aB3d" * 10 + "»",
        "KEY=«" + "dp.pt." + "aB3d" * 11 + "», next",
        "a\\n«" + "dp.pt." + "aB3d" * 11 + "»\\n",
    ),
    misses=(
        "x" + "dp.pt." + "aB3d" * 11,
        "dp.pt.short",
    ),
)
