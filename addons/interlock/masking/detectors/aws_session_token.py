"""Session tokens of Amazon Web Services, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "aws-session-token",
    r"[A-Za-z0-9/+]{100,1000}={0,2}",
    words=("session token", "security token"),
    length=1002,
    more="/+=",
    hits=(
        "aws_session_token=«" + "aB3d" * 40 + "»",
        "x: 1, aws_session_token='«" + "aB3d" * 40 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 40,
        "session token is a service",
        "aws_session_token=" + "aB3d" * 40 + "-x9",
    ),
)
