"""Masks what must not be seen: by JSONPath, by field name, by detection, and known secrets in every form.

Untouched bytes stay as they are; what cannot be read is rejected. Pure code: keys and rules come in from outside.
"""

from __future__ import annotations

from interlock.masking.detector import Detector
from interlock.masking.literals import Literal
from interlock.masking.masker import Masked, MaskedText, Masker
from interlock.masking.rules import PLACES, MaskRule, applicable, known_detectors, read_masking
from interlock.masking.stream import MaskStream

__all__ = [
    "PLACES",
    "Detector",
    "Literal",
    "MaskRule",
    "MaskStream",
    "Masked",
    "MaskedText",
    "Masker",
    "applicable",
    "known_detectors",
    "read_masking",
]
