"""What `scripts/bench commands` measures is what it says."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_commands import HOSTILE, ORDINARY, growth, main
from interlock.demo.hostile_answers import ANSWERS

UNDERSTOOD = {
    *("subqueries of subqueries", "200 KB word", "backslashes", "40,000 open braces", "lists of open braces"),
    *("values of one form", "a path of 60,000 steps", "SQL run 90 times", "tabs behind a sign"),
    *("200 loops over 50 words", "250 alternatives"),
}


@pytest.mark.parametrize(("power", "expected"), [(1, 1.0), (2, 2.0), (0, 0.0)])
def test_growth_is_the_power_of_the_size(power: int, expected: float) -> None:
    """Linear is 1, quadratic 2."""
    sizes = [1024, 2048, 4096]

    assert growth(sizes, [size**power for size in sizes]) == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(ORDINARY))
def test_texts_have_the_size_they_are_measured_by(name: str) -> None:
    """And none is sent twice, or it would be remembered."""
    made = [ORDINARY[name].text(4096) for _ in range(3)]

    assert all(3900 <= len(text) <= 4200 for text in made)
    assert len(set(made)) == 3


def test_a_round_measures_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Every ordinary text by size, every hostile one with its verdict."""
    main(["--rounds", "1", "--json"])
    report = json.loads(capsys.readouterr().out)

    assert report["by_size"].keys() == ORDINARY.keys()
    assert report["hostile"].keys() == HOSTILE.keys()
    assert {name for name, found in report["hostile"].items() if not found["refused"]} == UNDERSTOOD
    assert report["answers"].keys() == ANSWERS.keys()
    assert all(found["ms"] >= 0 for found in report["hostile"].values())
