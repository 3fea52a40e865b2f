"""A log is gone on with where it ended, whoever ended it and however."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.recording.chain import Chain
from interlock.recording.event import GENESIS
from interlock.recording.log_file import goes_on, last_event, never_began, rotated


def _log(path: Path, count: int) -> Chain:
    chain = Chain(path)
    chain.create()
    for number in range(count):
        chain.append("look", {"n": number}, 0.0)
    chain.release()
    return chain


def test_where_a_log_ended_is_known(tmp_path: Path) -> None:
    """By its last whole event; a log that is not there, or ends in rubbish, ended nowhere."""
    chain = _log(tmp_path / "looks.jsonl", 3)
    assert last_event(chain.path) == (3, chain.head)
    assert last_event(tmp_path / "none.jsonl") == (0, GENESIS)
    chain.path.write_bytes(chain.path.read_bytes() + b"rubbish\n")
    assert last_event(chain.path) == (0, GENESIS)
    assert rotated(chain.path).name == "looks.1.jsonl"


@pytest.mark.parametrize("content", [b"", b"{", b'{"at":"2026'])
def test_what_was_only_begun_is_taken_away(tmp_path: Path, content: bytes) -> None:
    """A process died while it wrote the first line: there is nothing to go on with."""
    chain = Chain(tmp_path / "looks.jsonl")
    chain.path.write_bytes(content)
    assert never_began(chain.path)
    assert not goes_on(chain, 0.0)
    assert not chain.path.exists()


def test_rubbish_is_kept_aside_and_a_whole_log_gone_on_with(tmp_path: Path) -> None:
    """Nothing is thrown away."""
    whole = _log(tmp_path / "looks.jsonl", 2)
    again = Chain(whole.path)
    assert goes_on(again, 0.0)
    assert again.append("look", {}, 0.0) == 3
    again.release()
    rubbish = whole.path.read_bytes() + b"rubbish\n"
    whole.path.write_bytes(rubbish)
    assert not goes_on(Chain(whole.path), 17.0)
    assert (tmp_path / "looks.broken-17.jsonl").read_bytes() == rubbish
    assert not goes_on(Chain(whole.path), 17.0)
