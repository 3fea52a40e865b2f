"""HashiCorp Vault's service, batch and recovery tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "vault-token",
    r"hv[sbr]\.[A-Za-z0-9_\-]{24,}",
    prefixes=("hvs.", "hvb.", "hvr."),
    length=0,
    more=".",
    hits=(
        "«" + "hvs." + "aB3d" * 7 + "»",
        "«" + "hvb." + "aB3d" * 36 + "»",
        "KEY=«" + "hvs." + "aB3d" * 7 + "», next",
        "a\\n«" + "hvs." + "aB3d" * 7 + "»\\n",
    ),
    misses=(
        "x" + "hvs." + "aB3d" * 7,
        "hvs.short",
    ),
)
