"""Atlassian's API tokens (Jira, Confluence, Bitbucket)."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "atlassian-token",
    r"AT(?:ATT3|CTT3|STT3|BB)[A-Za-z0-9_\-]{28,}(?:=[0-9A-F]{8})?",
    prefixes=("ATATT3", "ATCTT3", "ATSTT3", "ATBB"),
    length=0,
    more="=",
    hits=(
        "«" + "ATATT3xFfGF0" + "aB3d" * 45 + "=0A1B2C3D" + "»",
        "«" + "ATBB" + "aB3d" * 8 + "»",
        "KEY=«" + "ATATT3xFfGF0" + "aB3d" * 45 + "=0A1B2C3D" + "», next",
        "a\\n«" + "ATATT3xFfGF0" + "aB3d" * 45 + "=0A1B2C3D" + "»\\n",
    ),
    misses=(
        "x" + "ATATT3xFfGF0" + "aB3d" * 45 + "=0A1B2C3D",
        "ATATT3short",
    ),
)
