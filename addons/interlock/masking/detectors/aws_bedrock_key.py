"""Amazon Bedrock's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "aws-bedrock-key",
    r"ABSK[A-Za-z0-9+/]{100,260}={0,2}",
    prefixes=("ABSK",),
    length=266,
    more="+/=",
    hits=(
        "«" + "ABSK" + "aB3d" * 32 + "»",
        "KEY=«" + "ABSK" + "aB3d" * 32 + "», next",
        "a\\n«" + "ABSK" + "aB3d" * 32 + "»\\n",
    ),
    misses=(
        "x" + "ABSK" + "aB3d" * 32,
        "ABSKshort",
    ),
)
