"""JFrog's API keys and reference tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "jfrog-key",
    r"AKC[A-Za-z0-9]{69,73}|cmVmdGtu[A-Za-z0-9]{50,60}",
    prefixes=("AKC", "cmVmdGtu"),
    length=76,
    hits=(
        "«" + "AKCp" + "aB3d" * 17 + "x" + "»",
        "«" + "cmVmdGtu" + "aB3d" * 14 + "»",
        "KEY=«" + "AKCp" + "aB3d" * 17 + "x" + "», next",
        "a\\n«" + "AKCp" + "aB3d" * 17 + "x" + "»\\n",
    ),
    misses=(
        "x" + "AKCp" + "aB3d" * 17 + "x",
        "AKCshort",
    ),
)
