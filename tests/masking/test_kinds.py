"""Who names a kind means every way in which it is found."""

from __future__ import annotations

import pytest

from interlock.masking import Masker, MaskRule, known_detectors
from interlock.masking.kinds import kind_of, with_kin

KNOWN = known_detectors()
KIN = [part for part in KNOWN.values() if part.kind]


@pytest.mark.parametrize("part", KIN, ids=[part.name for part in KIN])
def test_a_kind_is_a_detector_of_its_own(part):
    """A second way to find a kind is named after the first, which exists and is nobody's second."""
    assert not KNOWN[part.kind].kind
    assert part.name.startswith(part.kind) or part.kind in ("connection-string", "secret-value")
    assert part.name in with_kin([part.kind])


def test_kin_stand_behind_the_one_that_was_named():
    """Each once, in the order they were named."""
    assert with_kin(["iban", "phone-named", "phone", "jwt"])[:5] == (
        "iban",
        "iban-compact",
        "iban-named",
        "iban-split",
        "phone-named",
    )
    assert kind_of("phone-named") == "phone"
    assert kind_of("jwt") == "jwt"


def test_one_value_has_one_token_however_it_was_found():
    """A phone number after a word and one alone are the same number."""
    masker = Masker([MaskRule("all", detect=("phone", "phone-named"), action="token")], b"k" * 32)
    text = masker.text("phone: 030 901820\n030 901820 is busy").text
    first, _, last = text.removeprefix("phone: ").partition("\n")
    assert first.startswith("<phone:")
    assert last == f"{first} is busy"
