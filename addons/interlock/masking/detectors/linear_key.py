"""Linear's API and OAuth keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "linear-key",
    r"lin_(?:api|oauth|wh)_[A-Za-z0-9]{32,64}",
    prefixes=("lin_api_", "lin_oauth_", "lin_wh_"),
    length=74,
    hits=(
        "«" + "lin_api_" + "aB3d" * 10 + "»",
        "«" + "lin_oauth_" + "0f9e" * 16 + "»",
        "KEY=«" + "lin_api_" + "aB3d" * 10 + "», next",
        "a\\n«" + "lin_api_" + "aB3d" * 10 + "»\\n",
    ),
    misses=(
        "x" + "lin_api_" + "aB3d" * 10,
        "lin_api_short",
    ),
)
