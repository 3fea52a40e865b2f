"""A file is there whole or as it was; a lock is one process's at a time."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from interlock.recording.disk import in_turn, replace_file, sync, take


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """Readable by its owner alone, with nothing left beside it."""
    path = tmp_path / "order.json"
    for data in (b"one", b"two" * 1_000_000, b""):
        replace_file(path, data)
        assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_cannot_be_replaced_stays(tmp_path: Path) -> None:
    """And nothing half-written lies beside it."""
    (tmp_path / "taken" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        replace_file(tmp_path / "taken", b"data")
    with pytest.raises(FileNotFoundError):
        replace_file(tmp_path / "nowhere" / "file", b"data")

    assert list(tmp_path.iterdir()) == [tmp_path / "taken"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    """What somebody links to is neither written nor synced; the link itself is replaced. Its folder may be one."""
    (tmp_path / "other").write_bytes(b"other")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "other")
    with pytest.raises(OSError):
        sync(link)
    replace_file(link, b"own")
    (tmp_path / "there").symlink_to(tmp_path)
    replace_file(tmp_path / "there" / "link", b"own")

    assert (link.is_symlink(), link.read_bytes(), (tmp_path / "other").read_bytes()) == (False, b"own", b"other")


def test_turns_are_taken(tmp_path: Path) -> None:
    """Who comes while another holds the lock waits for it, or gives up in time."""
    lock, held, go = tmp_path / ".lock", threading.Event(), threading.Event()

    def hold() -> None:
        with in_turn(lock, 60):
            held.set()
            go.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(60)
    with pytest.raises(OSError, match="somebody else holds it"), in_turn(lock, 0.02):
        raise AssertionError
    go.set()
    with in_turn(lock, 60):
        pass
    thread.join(60)


def test_a_lock_is_given_back_with_its_handle(tmp_path: Path) -> None:
    """Until then nobody else has it, and who asks does not wait."""
    held = take(tmp_path / ".lock")
    with pytest.raises(BlockingIOError):
        take(tmp_path / ".lock")
    os.close(held)
    os.close(take(tmp_path / ".lock"))
