"""One step of undoing; what steps make together stands in test_layers."""

from __future__ import annotations

import pytest

from interlock.encodings.decoders import Budget, could_hide, steps


def test_a_text_can_be_read_in_several_ways() -> None:
    """All of them are shown: which one a receiver takes is not known."""
    found = [(step.how, step.text) for step in steps("%44%52OP &#68; \\u0044", Budget(1000, 10))]
    assert found == [("url", "DROP &#68; \\u0044"), ("html", "%44%52OP D \\u0044"), ("escapes", "%44%52OP &#68; D")]


@pytest.mark.parametrize("text", ["plain words", "a+b", "50% off", "AT&T", "C:\\temp", "22.11.2026", "x"])
def test_most_texts_could_hide_nothing(text: str) -> None:
    """They cost one search."""
    assert not could_hide(text)


def test_what_is_decompressed_is_cut_at_the_budget() -> None:
    """And says so."""
    import base64
    import gzip

    text = base64.b64encode(gzip.compress(b"a" * 5000)).decode()
    (step,) = steps(text, Budget(100, 10))
    assert (len(step.text), step.cut, step.how) == (100, True, "base64+gzip")
