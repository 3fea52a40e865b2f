"""An append-only file of chained events."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from interlock.recording.canonical import Uncanonical
from interlock.recording.chain import Chain, ChainBroken, tail
from interlock.recording.event import MAX_EVENT, Event, parse


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    chain = Chain(tmp_path / "evidence.jsonl")
    chain.create()
    chain.append("opened", {"n": 1}, 1.0)
    return chain


def _events(chain: Chain) -> list[Event | None]:
    return [parse(line)[0] for line in chain.path.read_bytes().splitlines()]


def test_events_follow_from_each_other_and_are_in_the_file_at_once(chain: Chain) -> None:
    """Numbers count from one, each names the hash before it."""
    assert chain.append("decision", {"n": 2}, 2.0) == 2
    first, second = _events(chain)
    assert (first.seq, first.prev, second.prev, second.hash) == (1, "0" * 64, first.hash, chain.head)
    assert chain.path.stat().st_mode & 0o777 == 0o600


def test_a_released_file_is_gone_on_with(chain: Chain) -> None:
    """The handle is given back; the next event opens the file again."""
    chain.release()
    assert not chain.is_open
    chain.append("decision", {}, 2.0)
    assert chain.is_open
    assert [event.seq for event in _events(chain)] == [1, 2]


@pytest.mark.parametrize("torn", [b"x", b'{"at":"20', b"one\ntwo", b"\n", b"\xff\n\n"])
def test_torn_bytes_are_kept_and_a_gap_describes_them(chain: Chain, torn: bytes) -> None:
    """Never a repair: what a full disk left stays, and the evidence says how much it was."""
    chain.release()
    with open(chain.path, "ab") as file:
        file.write(torn)
    chain.append("decision", {"n": 2}, 2.0)
    data = chain.path.read_bytes()
    after = data[data.index(torn, data.index(b"\n") + 1) + len(torn) :]
    gap, decision = (parse(line)[0] for line in after.splitlines()[1:])
    assert gap.data == {"bytes": len(torn), "sha256": hashlib.sha256(torn).hexdigest()}
    assert (gap.kind, gap.seq, decision.seq, decision.prev) == ("gap", 2, 3, gap.hash)


@pytest.mark.parametrize("released", [True, False])
def test_a_shortened_file_is_never_appended_to(chain: Chain, released: bool) -> None:
    """An event that was cut off must not be covered up by going on."""
    chain.append("decision", {}, 2.0)
    if released:
        chain.release()
    size = chain.path.stat().st_size
    os.truncate(chain.path, size - 10)
    for _ in range(2):
        with pytest.raises(OSError):
            chain.append("decision", {}, 3.0)
    with pytest.raises(ChainBroken):
        chain.append("decision", {}, 3.0)
    assert chain.path.stat().st_size == size - 10


def test_a_changed_last_event_is_noticed(chain: Chain) -> None:
    """Same length, other content."""
    chain.release()
    data = chain.path.read_bytes()
    chain.path.write_bytes(data.replace(b'"n":1', b'"n":7'))
    with pytest.raises(ChainBroken):
        chain.append("decision", {}, 2.0)


def test_a_removed_file_is_noticed_while_it_is_open(chain: Chain) -> None:
    """Writing into a file that has no name any more is not recording."""
    chain.path.unlink()
    with pytest.raises(OSError, match="somebody else"):
        chain.append("decision", {}, 2.0)
    with pytest.raises(ChainBroken, match="gone"):
        chain.append("decision", {}, 2.0)


def test_a_link_in_place_of_the_file_is_not_followed(chain: Chain, tmp_path: Path) -> None:
    """Evidence goes where it was begun and nowhere else."""
    chain.release()
    chain.path.rename(tmp_path / "elsewhere")
    chain.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        chain.append("decision", {}, 2.0)


def test_data_that_cannot_be_an_event_leaves_the_chain_as_it_is(chain: Chain) -> None:
    """A refused event is no failure of the file."""
    with pytest.raises(Uncanonical):
        chain.append("decision", {"body": b"x"}, 2.0)  # type: ignore[dict-item]
    assert chain.append("decision", {}, 2.0) == 2


def test_an_event_whose_sync_failed_is_kept_as_unconfirmed(chain: Chain) -> None:
    """It was refused to its caller, yet it stands in the file: the gap says so."""
    other = Chain(chain.path)
    other.adopt(2.0)
    other.append("decision", {"n": 2}, 2.0)
    other.release()
    chain.release()
    assert chain.append("decision", {"n": 3}, 3.0) == 4
    assert [(event.kind, dict(event.data)) for event in _events(chain)[2:]] == [
        ("gap", {"unconfirmed": 2}), ("decision", {"n": 3})
    ]  # fmt: skip


def test_a_file_of_an_earlier_process_is_adopted_after_its_last_whole_event(chain: Chain) -> None:
    """The torn end becomes a gap."""
    chain.release()
    with open(chain.path, "ab") as file:
        file.write(b'{"torn')
    adopted = Chain(chain.path)
    adopted.adopt(5.0)
    assert (adopted.seq, adopted.append("decision", {}, 5.0)) == (2, 3)


def test_a_file_without_a_whole_event_is_not_adopted(tmp_path: Path) -> None:
    """There is nothing to go on from."""
    path = tmp_path / "evidence.jsonl"
    path.write_bytes(b"junk\n")
    with pytest.raises(ChainBroken):
        Chain(path).adopt(1.0)


@pytest.mark.parametrize("size", [10, 8000, 8192, 9000, 100_000, MAX_EVENT - 400])
def test_the_tail_is_found_whatever_its_length(tmp_path: Path, size: int) -> None:
    """Blocks are read backwards until the line is whole."""
    chain = Chain(tmp_path / "evidence.jsonl")
    chain.create()
    chain.append("opened", {}, 1.0)
    chain.append("decision", {"text": "x" * size}, 1.0)
    with open(chain.path, "rb") as file:
        event, end = tail(file.fileno(), chain.size)
    assert (event.seq, event.hash, end) == (2, chain.head, chain.size)


def test_after_a_failed_sync_what_was_written_is_read_back_and_said(chain: Chain) -> None:
    """The callers of these events were refused: the gap counts them, and the chain goes on."""
    chain.keep(chain.end, ())
    chain.append("decision", {"n": 2}, 2.0)
    chain.append("decision", {"n": 3}, 2.0)
    chain.doubtful = True
    assert chain.append("decision", {"n": 4}, 3.0) == 5
    assert [(event.kind, dict(event.data)) for event in _events(chain)[3:]] == [
        ("gap", {"unsynced": 2}), ("decision", {"n": 4})
    ]  # fmt: skip
    assert not chain.doubtful


@pytest.mark.parametrize("lost", [b"\0" * 40, b'"n":9'])
def test_what_a_failed_sync_lost_ends_the_file(chain: Chain, lost: bytes) -> None:
    """What stands there is not what was written, although the last line is: it is never appended to again."""
    chain.keep(chain.end, ())
    chain.append("decision", {"n": 2}, 2.0)
    chain.append("decision", {"n": 3}, 2.0)
    data = bytearray(chain.path.read_bytes())
    at = data.index(b'"n":2')
    data[at : at + len(lost)] = lost
    chain.path.write_bytes(data)
    chain.doubtful = True
    with pytest.raises(ChainBroken, match="not on the disk"):
        chain.append("decision", {"n": 4}, 3.0)


def test_a_failed_sync_of_what_was_kept_already_is_no_gap(chain: Chain) -> None:
    """Nothing was written since."""
    chain.keep(chain.end, ())
    chain.doubtful = True
    assert chain.append("decision", {}, 3.0) == 2
