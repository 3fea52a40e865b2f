"""Hugging Face's user and organisation tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "huggingface-token",
    r"(?:hf|api_org)_[A-Za-z0-9]{30,40}",
    prefixes=("hf_", "api_org_"),
    length=48,
    hits=(
        "«" + "hf_" + "aB3d" * 8 + "xY" + "»",
        "«" + "api_org_" + "aB3d" * 8 + "xY" + "»",
        "KEY=«" + "hf_" + "aB3d" * 8 + "xY" + "», next",
        "a\\n«" + "hf_" + "aB3d" * 8 + "xY" + "»\\n",
    ),
    misses=(
        "x" + "hf_" + "aB3d" * 8 + "xY",
        "hf_short",
    ),
)
