"""SendGrid's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "sendgrid-key",
    r"SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{40,48}",
    prefixes=("SG.",),
    length=84,
    more=".",
    hits=(
        "«" + "SG." + "aB3d" * 5 + "xY." + "aB3d" * 10 + "xYz" + "»",
        "KEY=«" + "SG." + "aB3d" * 5 + "xY." + "aB3d" * 10 + "xYz" + "», next",
        "a\\n«" + "SG." + "aB3d" * 5 + "xY." + "aB3d" * 10 + "xYz" + "»\\n",
    ),
    misses=(
        "x" + "SG." + "aB3d" * 5 + "xY." + "aB3d" * 10 + "xYz",
        "SG.short",
    ),
)
