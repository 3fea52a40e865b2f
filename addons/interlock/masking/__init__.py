"""Masks what must not be seen: by JSONPath, by field name, by detection, and known secrets in every form.

Untouched bytes stay as they are; what cannot be read is rejected. Pure code: keys and rules come in from outside.
"""

from __future__ import annotations

from interlock.masking.detector import Detector
from interlock.masking.keys import derive
from interlock.masking.literals import Literal
from interlock.masking.masker import Masked, MaskedText, Masker
from interlock.masking.packs import MaskPack, broken, load_mask_packs, read_masking
from interlock.masking.replacer import Replacer
from interlock.masking.restore import Restored, has_tokens, restore_all, restore_at, tokens_in
from interlock.masking.rules import PLACES, MaskRule, Restore, applicable, known_detectors
from interlock.masking.stream import MaskStream
from interlock.masking.token import TOKEN, kind_of
from interlock.masking.vault import AGENT, BUDGET, Vault

__all__ = [
    "AGENT",
    "BUDGET",
    "PLACES",
    "TOKEN",
    "Detector",
    "Literal",
    "MaskPack",
    "MaskRule",
    "MaskStream",
    "Masked",
    "MaskedText",
    "Masker",
    "Replacer",
    "Restore",
    "Restored",
    "Vault",
    "applicable",
    "broken",
    "derive",
    "has_tokens",
    "kind_of",
    "known_detectors",
    "load_mask_packs",
    "read_masking",
    "restore_all",
    "restore_at",
    "tokens_in",
]
