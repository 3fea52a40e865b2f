"""What `scripts/bench stream` measures is what it says."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_stream import LIMIT_MS, added, main


def test_what_is_added_is_the_median_of_the_rounds_differences() -> None:
    """A round in which everything was slow adds nothing to one way alone."""
    found = added({"base": [0.010, 0.100, 0.011], "way": [0.012, 0.102, 0.013]}, "base")

    assert found["base"] == {"first_text_ms": 11.0, "added_ms": 0.0}
    assert found["way"] == {"first_text_ms": 13.0, "added_ms": 2.0}


def test_every_way_gives_its_first_text(capsys: pytest.CaptureFixture[str]) -> None:
    """Directly, through mitmdump, and through the gateway without and with masks; the status tells what was added."""
    code = main(["--rounds", "2", "--json"])
    report = json.loads(capsys.readouterr().out)

    assert list(report["ways"]) == ["direct", "mitmdump -q", "interlock run", "interlock run, masks"]
    assert all(found["first_text_ms"] > 0 for found in report["ways"].values())
    assert report["ways"]["mitmdump -q"]["added_ms"] == 0
    assert code == any(found["added_ms"] > LIMIT_MS for found in report["ways"].values())
