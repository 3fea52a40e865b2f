"""Grafana's service account and cloud tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "grafana-token",
    r"glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}|glc_[A-Za-z0-9+/=]{32,400}|eyJrIjoi[A-Za-z0-9]{70,390}={0,2}",
    prefixes=("glsa_", "glc_", "eyJrIjoi"),
    length=404,
    more="+/=",
    hits=(
        "«" + "glsa_" + "aB3d" * 8 + "_" + "0f9e" * 2 + "»",
        "«" + "glc_" + "aB3d" * 12 + "»",
        "KEY=«" + "glsa_" + "aB3d" * 8 + "_" + "0f9e" * 2 + "», next",
        "a\\n«" + "glsa_" + "aB3d" * 8 + "_" + "0f9e" * 2 + "»\\n",
    ),
    misses=(
        "x" + "glsa_" + "aB3d" * 8 + "_" + "0f9e" * 2,
        "glsa_short",
    ),
)
