"""Square's access tokens and OAuth secrets."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "square-token",
    r"sq0(?:atp|idp|csp)-[A-Za-z0-9_\-]{22,43}|EAAA[A-Za-z0-9_\-+=]{60}",
    prefixes=("sq0atp-", "sq0idp-", "sq0csp-", "EAAA"),
    length=64,
    more="+=",
    hits=(
        "«" + "sq0atp-" + "aB3d" * 5 + "xY" + "»",
        "«" + "EAAA" + "aB3d" * 15 + "»",
        "KEY=«" + "sq0atp-" + "aB3d" * 5 + "xY" + "», next",
        "a\\n«" + "sq0atp-" + "aB3d" * 5 + "xY" + "»\\n",
    ),
    misses=(
        "x" + "sq0atp-" + "aB3d" * 5 + "xY",
        "sq0atp-short",
    ),
)
