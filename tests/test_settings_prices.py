"""What tokens cost, as the rules say it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.settings_prices import Price, price_of, read_prices
from interlock.source import read_yaml


def read(folder: Path, text: str) -> tuple[Price, ...]:
    """The prices of a file."""
    (folder / "rules.yaml").write_text(text)
    reader = Reader()
    found = read_prices(read_yaml(folder / "rules.yaml"), reader)
    reader.finish()
    return found


def test_the_first_price_that_speaks_of_a_model_counts(tmp_path: Path) -> None:
    """Fractions are exact; what is not written costs nothing; a model nobody named has no price."""
    prices = read(
        tmp_path, "[{model: claude-opus-*, input: 5, output: 25, cache_read: 0.1}, {model: '*', input: 1, output: 1}]"
    )
    assert price_of("claude-opus-5-5", prices) == Price("claude-opus-*", Decimal(5), Decimal(25), Decimal("0.1"))
    assert price_of("gpt", prices) == prices[1]
    assert price_of("gpt", prices[:1]) is None
    assert price_of("", prices) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[{model: a, input: -1, output: 1}]", "input must be a number from 0"),
        ("[{model: a, input: much, output: 1}]", "input must be a number from 0"),
        ("[{model: a, input: 1}]", "output"),
        ("[{model: a, input: 1, output: 1, currency: euro}]", "three capital letters"),
        ("[{model: a, input: 1, output: 1, thinking: 2}]", "thinking"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    """Each with the line and what to write instead."""
    with pytest.raises(RulesInvalid, match=says) as caught:
        read(tmp_path, text)
    assert "rules.yaml:1" in str(caught.value)
