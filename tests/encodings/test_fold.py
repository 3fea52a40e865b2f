"""Letters that look alike are searched alike."""

from __future__ import annotations

import time

import pytest

from interlock.encodings import plain, skeleton


@pytest.mark.parametrize(
    "text",
    [
        "drop table",
        "ｄｒｏｐ　ｔａｂｌｅ",
        "dr\u200bop ta\u2060ble",
        "𝐝𝐫𝐨𝐩 𝓽𝓪𝓫𝓵𝓮",
        "ⓓⓡⓞⓟ ⓣⓐⓑⓛⓔ",
        "drop\u00a0table",
        "d\u0301r\u0336o\u0308p táblè",
        "drоp tаblе",
        "dгοр тαвlе".replace("в", "b"),
        "drop\ufe0f table",
        "drop ta\U000e0041ble",
        "ꭰrop table".replace("ꭰ", "d"),
    ],
)
def test_a_spelling_has_the_skeleton_of_plain_letters(text: str) -> None:
    """Width, style, accents, look-alikes and invisible characters are gone."""
    assert skeleton(text).lower() == "drop table"


@pytest.mark.parametrize(("text", "expected"), [("Größe", "Größe"), ("привет", "привет"), ("ﬁle", "file"), ("", "")])
def test_plain_keeps_every_letter(text: str, expected: str) -> None:
    """Patterns in other languages than English still find their words."""
    assert plain(text) == expected


def test_case_stays() -> None:
    """Only a pattern says whether it matters."""
    assert (plain("DrOp"), skeleton("DrОp")) == ("DrOp", "DrOp")


@pytest.mark.parametrize("text", ["a" + "\u0300\u0323" * 100_000, "\ufdfa" * 100_000, "о" * 300_000])
def test_hostile_text_is_folded_in_linear_time(text: str) -> None:
    """Neither sorted marks nor ligatures that become sentences take long."""
    began = time.process_time()
    plain(text), skeleton(text)
    assert time.process_time() - began < 1
