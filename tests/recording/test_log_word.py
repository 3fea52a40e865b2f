"""What was said last of each log is found again at a start."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.recording.day import SIGNER, Ticking

import interlock.recording.log_word as under_test
from interlock.recording.event import seal
from interlock.recording.ledger import LEAVES, TREE, Ledger
from interlock.recording.log_word import LogWord, known_words, learn, word_of, words_data
from interlock.recording.signing import read_private

_OTHER = read_private("B" * 42 + "A=")
_SAID = {"bytes": 700, "hash": "a" * 64, "name": "looks", "seq": 3, "starts": [1]}


def _known(folder: Path, name: str = "one") -> dict[str, LogWord]:
    return known_words(folder / TREE, folder / TREE / name, SIGNER.public)


def test_an_entry_is_a_word_or_none() -> None:
    """Entries are hostile: numbers are numbers, digests digests, and what is not said is not known."""
    assert word_of(_SAID, "now") == LogWord(3, "a" * 64, (1,), 700, "now")
    assert word_of({**_SAID, "starts": [1, "x", 7], "bytes": -1}) == LogWord(3, "a" * 64, (1,), 0)
    for odd in ({"seq": True}, {"seq": -1}, {"hash": "a"}, {"hash": 1}):
        assert word_of({**_SAID, **odd}) is None  # type: ignore[arg-type]
    words: dict[str, LogWord] = {}
    for data in ({"name": "../x"}, {"name": 1}, {"logs": []}, {"logs": {"looks": 1, "../x": _SAID}}):
        learn(words, "logs" if "logs" in data else "log", {**_SAID, **data}, "now")  # type: ignore[arg-type]
    assert words == {}


def test_all_words_stand_together_before_an_edge(tmp_path: Path) -> None:
    """So a start reads what came after; what was found broken is known no more."""
    ledger = Ledger(tmp_path, "one", SIGNER, Ticking())
    ledger.add("log", _SAID)
    ledger.add("log", {**_SAID, "name": "reviews"})
    ledger.add("broken", {"name": "reviews", "seq": 3, "why": "was cut"})
    ledger.head(final=True)
    *_, last = ledger.leaves()
    assert (last.kind, last.data) == ("logs", words_data(ledger.words))
    ledger.close()
    leaves = tmp_path / TREE / "one" / LEAVES
    again = Ledger(tmp_path, "one", SIGNER, Ticking())
    assert again.words == ledger.words
    assert {name: word.seq for name, word in again.words.items()} == {"looks": 3, "reviews": 0}
    again.add("log", {**_SAID, "seq": 4})
    again.head()
    again.close()
    lines = leaves.read_bytes().splitlines(keepends=True)
    leaves.write_bytes(b"".join([b"x" * (len(line) - 1) + b"\n" for line in lines[:4]] + lines[4:]))
    assert _known(tmp_path)["looks"].seq == 4  # nothing before was read


def test_only_what_a_head_covers_counts_and_of_others_only_what_the_key_signed(tmp_path: Path) -> None:
    """Whoever can write the folder can add entries, heads, whole trees; but sign none."""
    clock = Ticking()
    one = Ledger(tmp_path, "one", SIGNER, clock)
    one.add("log", _SAID)
    one.head()
    one.add("log", {**_SAID, "seq": 8})
    one.close()
    assert _known(tmp_path)["looks"].seq == 3
    for name, signer in (("two", _OTHER), ("three", SIGNER)):
        other = Ledger(tmp_path, name, signer, clock)
        other.add("log", {**_SAID, "seq": 9 if signer is _OTHER else 5})
        other.head()
        other.close()
    (tmp_path / TREE / "four").mkdir()
    (tmp_path / TREE / "file").write_text("x")
    assert _known(tmp_path)["looks"].seq == 5
    forged = Ledger(tmp_path, "one", _OTHER, clock)
    forged.add("log", {**_SAID, "seq": 10})
    forged.head()
    forged.close()
    assert _known(tmp_path)["looks"].seq == 5
    assert known_words(tmp_path / TREE, tmp_path / TREE / "two", SIGNER.public)["looks"].seq == 5


def test_of_many_trees_the_latest_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each vouched for every log: the last of them know them all, however many there were before."""
    clock = Ticking()
    for number in range(12):
        tree = Ledger(tmp_path, f"gateway-{number:02d}", SIGNER, clock)
        tree.add("log", {**_SAID, "seq": number + 1})
        tree.head()
        tree.close()
    read: list[str] = []
    before = under_test._words
    monkeypatch.setattr(
        under_test, "_words", lambda tree, *args, **more: read.append(tree.name) or before(tree, *args, **more)
    )
    assert _known(tmp_path, "fresh")["looks"].seq == 12
    assert read == ["fresh", *(f"gateway-{number:02d}" for number in range(11, 3, -1))]


def test_a_tree_of_an_older_version_is_read_from_its_beginning(tmp_path: Path) -> None:
    """It has edges, and no entry that says it all; bytes of halves it does not know."""
    ledger = Ledger(tmp_path, "one", SIGNER, Ticking())
    ledger.add("log", {name: value for name, value in _SAID.items() if name != "bytes"})
    ledger.words = {}
    ledger.head(final=True)
    ledger.close()
    leaves = tmp_path / TREE / "one" / LEAVES
    assert [json.loads(line)["kind"] for line in leaves.read_bytes().splitlines()] == ["opened", "log"]
    assert _known(tmp_path)["looks"] == LogWord(3, "a" * 64, (1,), 0, _known(tmp_path)["looks"].at)
    leaves.write_bytes(seal("logs", {}, 1, "0" * 64, "2026-01-01T00:00:00.000Z")[0][:50])
    assert _known(tmp_path) == {}
