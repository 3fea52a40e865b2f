"""Deletion leaves a tombstone, whatever happens in the middle of it."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from tests.recording.orders import Signs

from interlock.recording.deletion import DELETING, Deletion, Order

_SESSION = "01JD3ZK7V00000000000000000"


class Tombstones(Signs):
    """Remembers what was noted, and what was there at that moment."""

    def __init__(self, folder: Path) -> None:
        self.found: list[tuple[str, str, str, str]] = []
        self.present: list[bool] = []
        self._folder = folder

    def tombstone(self, session: str, why: str, rule: str = "", *, what: str = "session") -> None:
        self.found.append((session, what, why, rule))
        self.present.append((self._folder / session).exists())


@pytest.fixture
def session(tmp_path: Path) -> Path:
    folder = tmp_path / _SESSION
    folder.mkdir()
    for name in ("evidence.jsonl", "flows.mitm", "salt", "key"):
        (folder / name).write_bytes(b"content")
    return folder


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_a_session_goes_after_its_tombstone(tmp_path, session) -> None:
    """First the tombstone, then the folder; nothing of the order is left."""
    stones = Tombstones(tmp_path)
    Deletion(tmp_path, stones).carry_out(Order(_SESSION, "session", "180 days are over", "default"))
    assert (stones.found, stones.present) == ([(_SESSION, "session", "180 days are over", "default")], [True])
    assert _left(tmp_path) == [DELETING]
    assert _left(tmp_path / DELETING) == []


@pytest.mark.parametrize(("what", "name"), [("flows", "flows.mitm"), ("salt", "salt"), ("key", "key")])
def test_one_file_goes_alone(tmp_path, session, what, name) -> None:
    """The rest stays as it is."""
    Deletion(tmp_path, Tombstones(tmp_path)).carry_out(Order(_SESSION, what, "asked for"))
    assert _left(session) == sorted({"evidence.jsonl", "flows.mitm", "key", "salt"} - {name})


def test_a_key_is_overwritten_first(tmp_path, session) -> None:
    """Who kept the file open, or a link to it, finds zeros."""
    os.link(session / "key", tmp_path / "kept")
    Deletion(tmp_path, Tombstones(tmp_path)).carry_out(Order(_SESSION, "key", "asked for"))
    assert (tmp_path / "kept").read_bytes() == bytes(7)


def test_without_a_tombstone_nothing_goes(tmp_path, session) -> None:
    """The tree cannot be written: everything stays, and the order is tried again."""

    class Broken(Signs):
        def tombstone(self, *_: object, **__: object) -> None:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        Deletion(tmp_path, Broken()).carry_out(Order(_SESSION, "session", "old", "default"))
    assert "evidence.jsonl" in _left(session)
    stones = Tombstones(tmp_path)
    assert Deletion(tmp_path, stones).finish() == [Order(_SESSION, "session", "old", "default")]
    assert (_left(session), stones.found[0][2]) == ([], "old")


@pytest.mark.parametrize("what", ["session", "flows", "salt", "key"])
@pytest.mark.parametrize("fails", ["rename", "unlink", "rmdir", "fsync", "replace"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_crash_anywhere_is_finished(tmp_path, session, monkeypatch, what, fails, nth) -> None:
    """Each call to the disk is where the process dies once: afterwards either nothing was begun, or all of it is
    done, with a tombstone.
    """
    calls = 0
    real = getattr(os, fails)

    class Died(BaseException):
        pass

    def dying(*arguments: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise Died
        return real(*arguments, **named)

    stones, told = Tombstones(tmp_path), list[Order]()
    deletion = Deletion(tmp_path, stones, told.append)
    order = Order(_SESSION, what, "old", "default")
    with monkeypatch.context() as patched:
        patched.setattr(os, fails, dying)
        try:
            deletion.carry_out(order)
        except Died:
            begun = bool(stones.found)
        else:
            begun = True
    deletion.finish()
    goes = {"session": ["evidence.jsonl", "flows.mitm", "key", "salt"], "flows": ["flows.mitm"]}.get(what, [what])
    whole = {"evidence.jsonl", "flows.mitm", "key", "salt"}
    assert set(_left(session)) == (whole - set(goes) if stones.found else whole)
    assert bool(stones.found) >= begun
    assert not [name for name in _left(tmp_path / DELETING) if name.endswith((".json", ".gone"))]
    assert (told[-1] == order) if stones.found else not told


@pytest.mark.parametrize("what", ["session", "flows", "salt", "key"])
def test_a_link_in_the_place_of_a_session_deletes_nothing_elsewhere(tmp_path, session, what) -> None:
    """Nobody has the gateway empty and remove files of another folder, and no tombstone says that it did."""
    elsewhere = tmp_path / "elsewhere"
    session.rename(elsewhere)
    session.symlink_to(elsewhere)
    stones = Tombstones(tmp_path)
    with pytest.raises(OSError, match="a link stands where the session was"):
        Deletion(tmp_path, stones).carry_out(Order(_SESSION, what, "old", "default"))
    assert (stones.found, _left(elsewhere)) == ([], ["evidence.jsonl", "flows.mitm", "key", "salt"])
    assert {path.read_bytes() for path in elsewhere.iterdir()} == {b"content"}


@pytest.mark.parametrize("what", ["session", "flows", "salt", "key"])
def test_a_link_that_comes_at_the_last_moment_leads_nowhere(tmp_path, session, what) -> None:
    """The folder is exchanged after it was looked at: files are named within the folder that was opened."""
    elsewhere = tmp_path / "elsewhere"

    class Swapping(Tombstones):
        def tombstone(self, *arguments: str, **named: str) -> None:
            shutil.copytree(session, elsewhere)
            shutil.rmtree(session)
            session.symlink_to(elsewhere)

    with suppress(OSError):
        Deletion(tmp_path, Swapping(tmp_path)).carry_out(Order(_SESSION, what, "old", "default"))
    assert {path.name: path.read_bytes() for path in elsewhere.iterdir()} == dict.fromkeys(
        ("evidence.jsonl", "flows.mitm", "key", "salt"), b"content"
    )


@pytest.mark.parametrize("planted", ["link", "pipe", "folder", "huge"])
def test_what_is_no_secret_is_not_overwritten_and_stops_nothing(tmp_path, session, planted) -> None:
    """A link, a pipe, a folder or a terabyte under the name of a key: the session goes all the same."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"content")
    for name in ("key", "salt"):
        (session / name).unlink()
        if planted == "link":
            (session / name).symlink_to(outside)
        elif planted == "pipe":
            os.mkfifo(session / name)
        elif planted == "folder":
            (session / name / "inner").mkdir(parents=True)
        else:
            os.truncate((session / name).open("wb").name, 1 << 40)
    Deletion(tmp_path, Tombstones(tmp_path)).carry_out(Order(_SESSION, "session", "old", "default"))
    assert _left(session) == []
    assert outside.read_bytes() == b"content"
    assert not _left(tmp_path / DELETING)


def test_what_stands_in_the_way_goes_too(tmp_path, session) -> None:
    """A folder that somebody put where deleted ones are moved does not keep a session."""
    (tmp_path / DELETING / f"{_SESSION}.gone" / "x").mkdir(parents=True)
    Deletion(tmp_path, Tombstones(tmp_path)).carry_out(Order(_SESSION, "session", "old", "default"))
    assert (_left(session), _left(tmp_path / DELETING)) == ([], [])


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff", b"{"])
def test_what_is_no_order_is_passed_over(tmp_path, session, raw) -> None:
    """Nothing is deleted for a file that nobody can read."""
    (tmp_path / DELETING).mkdir()
    (tmp_path / DELETING / f"{_SESSION}.session.json").write_bytes(raw)
    (tmp_path / DELETING / "..session.json").write_bytes(b"{}")
    assert Deletion(tmp_path, Tombstones(tmp_path)).finish() == []
    assert "evidence.jsonl" in _left(session)


def test_an_order_that_somebody_else_put_there_is_left_alone(tmp_path, session, caplog) -> None:
    """Whoever can write the folder could delete it; a signed tombstone for that they do not get."""
    (tmp_path / DELETING).mkdir()
    for said in ({"rule": "default", "why": "retention"}, {"rule": "", "signature": "0" * 64, "why": "retention"}):
        (tmp_path / DELETING / f"{_SESSION}.session.json").write_text(json.dumps(said))
        stones = Tombstones(tmp_path)
        assert Deletion(tmp_path, stones).finish() == []
        assert (stones.found, "evidence.jsonl" in _left(session)) == ([], True)
    assert "is left alone" in caplog.text


def test_a_signed_order_is_for_one_thing_of_one_session(tmp_path, session) -> None:
    """Under another name it counts for nothing."""

    class Broken(Signs):
        def tombstone(self, *_: object, **__: object) -> None:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        Deletion(tmp_path, Broken()).carry_out(Order(_SESSION, "flows", "old", "default"))
    order = tmp_path / DELETING / f"{_SESSION}.flows.json"
    order.rename(order.with_name(f"{_SESSION}.session.json"))
    assert Deletion(tmp_path, Tombstones(tmp_path)).finish() == []
    assert "evidence.jsonl" in _left(session)


def test_two_gateways_of_one_folder_delete_the_same(tmp_path, session, monkeypatch) -> None:
    """The second finds half of it gone: that is no failure."""
    real = shutil.rmtree

    def other(path: Path, *arguments: object, **named: object) -> None:
        real(path)
        real(path, *arguments, **named)

    monkeypatch.setattr(shutil, "rmtree", other)
    Deletion(tmp_path, Tombstones(tmp_path)).carry_out(Order(_SESSION, "session", "old", "default"))
    assert _left(tmp_path / DELETING) == []


def test_a_folder_that_was_left_behind_goes(tmp_path) -> None:
    """It was moved there after its tombstone; its order is gone already."""
    (tmp_path / DELETING / f"{_SESSION}.gone").mkdir(parents=True)
    (tmp_path / DELETING / f"{_SESSION}.gone/key").write_bytes(b"content")
    assert Deletion(tmp_path, Tombstones(tmp_path)).finish() == []
    assert _left(tmp_path / DELETING) == []
