"""Secret access keys of Amazon Web Services, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "aws-secret-key",
    r"[A-Za-z0-9/+]{40}",
    words=("aws secret", "secret access key", "aws key", "secret key"),
    length=40,
    more="/+",
    hits=(
        "aws_secret_access_key = «" + "aB3d" * 9 + "/+3x" + "»",
        "x: 1, aws_secret_access_key = '«" + "aB3d" * 9 + "/+3x" + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 9 + "/+3x",
        "aws secret is a service",
        "aws_secret_access_key = " + "aB3d" * 9 + "/+3x" + "-x9",
    ),
)
