"""Half a document is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.recording.whole import gathered, put


def _breaks() -> Iterator[str]:
    yield "half"
    raise InterlockError("the key is not here")


def test_all_of_it_is_given_or_nothing() -> None:
    """As it was written, ends of lines too; also what does not fit in memory."""
    text = "€\r\n" * (6 << 20)
    assert "".join(gathered(iter([text, "end\n"]))) == text + "end\n"
    found: list[str] = []
    with pytest.raises(InterlockError, match="the key is not here"):
        found.extend(gathered(_breaks()))
    assert found == []


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Nothing is written over, and nothing stays of what failed."""
    path = tmp_path / "session.har"
    with pytest.raises(InterlockError):
        put(_breaks(), path)
    assert list(tmp_path.iterdir()) == []
    put(["a", "b"], path)
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("ab", 0o600)
    with pytest.raises(FileExistsError):
        put(["c"], path)
    assert [file.name for file in tmp_path.iterdir()] == ["session.har"]
    assert path.read_text() == "ab"
