"""API tokens of PyPI and TestPyPI."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "pypi-token",
    r"pypi-(?:Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[A-Za-z0-9_\-]{50,}|[A-Za-z0-9_]{80,})",
    prefixes=("pypi-",),
    length=0,
    hits=(
        "«" + "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 16 + "»",
        "KEY=«" + "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 16 + "», next",
        "a\\n«" + "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 16 + "»\\n",
    ),
    misses=(
        "x" + "pypi-AgEIcHlwaS5vcmc" + "aB3d" * 16,
        "pypi-Agshort, pypi-mirror-of-the-packages-of-a-company-that-has-very-long-names-for-everything-it-makes",
    ),
)
