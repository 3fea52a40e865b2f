"""Reasons: a closed list, spelt in one way, each with a sentence."""

from __future__ import annotations

import json
import re

import pytest

from interlock.reasons import Reason


@pytest.mark.parametrize("reason", Reason)
def test_reason_is_spelt_as_its_name(reason: Reason) -> None:
    """Kebab-case, equal to its name in the code, so that one can be found from the other."""
    assert str(reason) == reason.name.lower().replace("_", "-")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", reason)


@pytest.mark.parametrize("reason", Reason)
def test_reason_has_a_sentence(reason: Reason) -> None:
    """It continues a sentence: no capital word of its own but names, no full stop, one line, plain characters."""
    assert 5 < len(reason.says) < 100
    assert reason.says.isascii()
    assert not reason.says.endswith(".")
    assert "\n" not in reason.says


def test_sentences_tell_reasons_apart() -> None:
    """No two reasons say the same."""
    assert len({reason.says for reason in Reason}) == len(Reason)


def test_a_reason_is_its_text() -> None:
    """In JSON, in comparisons and as a key it is the plain text."""
    assert json.dumps(Reason.NO_RULE) == '"no-rule"'
    assert {Reason.NO_RULE: 1}["no-rule"] == 1


def test_what_is_no_reason_is_an_internal_error() -> None:
    """A value that does not exist never becomes a reason that passes."""
    assert Reason.of("no-rule") is Reason.NO_RULE
    assert Reason.of("because") is Reason.INTERNAL_ERROR
    assert Reason.of("") is Reason.INTERNAL_ERROR
