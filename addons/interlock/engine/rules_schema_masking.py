"""Packs of masking rules as JSON Schema; its sentences are their documentation."""

from __future__ import annotations

from typing import Any

from interlock.engine.rules_schema_kinds import NAME, TEXT, TEXTS, Schema, any_of, choice, choices, items, record, says
from interlock.engine.rules_schema_policy import mask
from interlock.masking.actions import ACTIONS
from interlock.masking.detector import CONFIDENCES
from interlock.masking.rules import PLACES, SEALED, THINKING

__all__ = ["mask_entry", "mask_pack"]


def mask_entry() -> Schema:
    """An entry of `masking:`: a rule, or the use of a pack."""
    members = {
        "use": says(TEXT, "packs/NAME, a file under rules/."),
        "except": says(TEXTS, "Rules of the pack that are left out."),
        "with": says(choice(ACTIONS), "What all its rules put in the place of values."),
        "min_confidence": says(choice(CONFIDENCES), "How sure the detectors of all its rules must be."),
        "apply": says(choice(("always", "when-named")), "When all its rules apply."),
        "where": says(choices(PLACES), "In which direction all its rules apply."),
        "on": says(TEXTS, "Connections that all its rules are for."),
        "thinking": says(choice(THINKING), "What happens to signed thoughts in which its rules find something."),
        "sealed": says(choice(SEALED), "What happens to thoughts that nobody can read."),
    }
    return any_of(mask(), record("a masking pack's entry", ("use",), members))


def mask_pack() -> Schema:
    """A file under packs/ that holds masking rules."""
    rule: Any = mask()["properties"]
    needed = ("id", "says", "masked", "passes")
    members: dict[str, Schema] = {name: rule[name] for name in ("path", "detect", "fields", "with", "min_confidence")}
    members |= {
        "id": says(NAME, "Its name, for `mask:`, `unmask:` and `except:`."),
        "says": says(TEXT, "What it masks."),
        "masked": says(TEXTS, "Texts and JSON documents; what it must mask stands between « and »."),
        "passes": says(TEXTS, "Texts and documents in which it must change nothing."),
    }
    return record(
        "a masking pack",
        ("pack", "version", "says", "masking"),
        {
            "pack": says(NAME, "The file's own name."),
            "version": {"const": 1},
            "says": says(TEXT, "What it is for."),
            "masking": says(items(record("a rule of a masking pack", needed, members)), "Its rules."),
        },
    )
