"""Elastic's API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "elastic-key",
    r"[A-Za-z0-9+/]{58}==|essu_[A-Za-z0-9+/]{40,120}={0,2}",
    words=("elastic", "apikey"),
    length=130,
    more="+/=",
    hits=(
        "ELASTIC_API_KEY=«" + "aB3d" * 14 + "xY==" + "»",
        "x: 1, ELASTIC_API_KEY='«" + "aB3d" * 14 + "xY==" + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 14 + "xY==",
        "elastic is a service",
        "ELASTIC_API_KEY=" + "aB3d" * 14 + "xY==" + "-x9",
    ),
)
