"""Tokens of HCP Terraform and Terraform Enterprise."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="terraform-token",
    pattern=r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{60,70}",
    needs=r"\.atlasv1\.",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=.",
    length=14 + 9 + 70 + 2,
    retry=True,
    judge=fullest,
    hits=(
        'token = "«' + "aB3dE4f" * 2 + ".atlasv1." + "aB3_" * 16 + '»"',
        "«" + "aB3dE4f" * 2 + ".atlasv1." + "aB3d" * 16 + "»,",
    ),
    misses=("x.atlasv1.y", "aB3dE4f" * 3 + ".atlasv1." + "aB3_" * 16),
)
