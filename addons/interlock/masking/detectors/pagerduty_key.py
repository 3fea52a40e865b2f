"""PagerDuty's API and routing keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "pagerduty-key",
    r"[A-Za-z0-9_+\-]{20}|[0-9a-f]{32}",
    words=("pagerduty", "pd api key", "routing key"),
    length=32,
    more="+",
    hits=(
        "PAGERDUTY_API_KEY=«" + "aB3d" * 5 + "»",
        "x: 1, PAGERDUTY_API_KEY='«" + "aB3d" * 5 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 5,
        "pagerduty is a service",
        "PAGERDUTY_API_KEY=" + "aB3d" * 5 + "-x9",
    ),
)
