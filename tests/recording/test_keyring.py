"""Which keys of a folder open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.recording import keyring
from interlock.recording.keyring import VARIABLE, Keyring, reach, reachable
from interlock.recording.keys import Kek, Unopened, read_kek

_SESSION = "01JD3ZK7V00000000000000000"


def _kek(octet: str) -> Kek:
    return read_kek(Secret(octet * 32), "env:KEY")


def _session(folder: Path, ring: Keyring, name: str = _SESSION) -> Path:
    _, file = ring.current().make(name)
    (folder / name).mkdir(parents=True)
    (folder / name / "key").write_bytes(file)
    return folder / name


def _state(ring: Keyring, folder: Path) -> str:
    try:
        return ring.open(folder).session
    except Unopened as error:
        return error.state


def test_the_first_use_makes_a_master_key_for_all(tmp_path) -> None:
    """Another gateway of the folder finds it; its file is the owner's alone."""
    one = Keyring(tmp_path, [_kek("11")]).current()
    assert Keyring(tmp_path, [_kek("11")]).current() == one
    (file,) = (tmp_path / ".keys").iterdir()
    assert (file.stem, file.stat().st_mode & 0o777) == (one.id, 0o600)


def test_a_session_opens_seals_and_is_erased(tmp_path) -> None:
    """With the key it opens; without it is sealed; without its file it is erased."""
    ring = Keyring(tmp_path, [_kek("11")])
    session = _session(tmp_path, ring)
    assert _state(Keyring(tmp_path, [_kek("11")]), session) == _SESSION
    assert _state(Keyring(tmp_path), session) == "sealed"
    assert _state(Keyring(tmp_path, [_kek("22")]), session) == "sealed"
    (session / "key").unlink()
    assert _state(ring, session) == "erased"


def test_swapped_keys_are_found(tmp_path) -> None:
    """Another session's file, also one whose name was edited."""
    ring = Keyring(tmp_path, [_kek("11")])
    one, other = _session(tmp_path, ring), _session(tmp_path, ring, _SESSION[:-1] + "1")
    (one / "key").write_bytes((other / "key").read_bytes())
    assert _state(ring, one) == "changed"
    said = json.loads((other / "key").read_bytes())
    said["session"] = _SESSION
    (one / "key").write_text(json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n")
    assert _state(ring, one) == "changed"


def test_a_master_named_like_a_path_is_not_followed(tmp_path) -> None:
    """What a key's file names never becomes a path outside the folder of keys."""
    ring = Keyring(tmp_path / "recordings", [_kek("11")])
    session = _session(tmp_path / "recordings", ring)
    (tmp_path / "elsewhere.json").write_bytes(next((tmp_path / "recordings/.keys").iterdir()).read_bytes())
    said = json.loads((session / "key").read_bytes()) | {"master": "../../elsewhere"}
    (session / "key").write_text(json.dumps(said, sort_keys=True, separators=(",", ":")) + "\n")
    assert _state(ring, session) == "sealed"


def test_the_operator_changes_the_key(tmp_path) -> None:
    """New key first, old key after it: what was written opens with the new one alone, and new sessions have another
    master key.
    """
    old = Keyring(tmp_path, [_kek("11")])
    session = _session(tmp_path, old)
    assert Keyring(tmp_path, [_kek("22"), _kek("11")]).rewrap() == 1
    new = Keyring(tmp_path, [_kek("22")])
    assert _state(new, session) == _SESSION
    assert new.current().id != old.current().id
    assert (new.rewrap(), new.closed()) == (0, 0)


def test_a_damaged_master_key_stops_nothing_else(tmp_path) -> None:
    """A gateway starts all the same: new sessions need another one."""
    Keyring(tmp_path, [_kek("11")]).current()
    next((tmp_path / ".keys").iterdir()).write_bytes(b"{}")
    ring = Keyring(tmp_path, [_kek("11")])
    assert (ring.rewrap(), ring.closed()) == (0, 1)
    assert ring.current() in ring.masters()


def test_keys_that_do_not_open_are_counted(tmp_path) -> None:
    """So that an erasure can say what it could not look into."""
    Keyring(tmp_path, [_kek("11")]).current()
    assert (Keyring(tmp_path, [_kek("22")]).closed(), Keyring(tmp_path, [_kek("11")]).closed()) == (1, 0)


def test_a_person_is_found_across_master_keys(tmp_path) -> None:
    """After a change of the operator's key there are two, and a digest under each."""
    Keyring(tmp_path, [_kek("11")]).current()
    ring = Keyring(tmp_path, [_kek("22"), _kek("11")])
    ring.current()
    assert len(ring.whose("https://issuer.example", "erika.mustermann")) == 2


def test_no_key_makes_no_master_key(tmp_path) -> None:
    """Fail closed: nothing is written in clear because a key is missing."""
    with pytest.raises(InterlockError):
        Keyring(tmp_path).current()


def test_readers_take_what_they_are_given(tmp_path, monkeypatch) -> None:
    """The variable, several with commas, and what the process was told."""
    session = _session(tmp_path, Keyring(tmp_path, [_kek("11")]))
    monkeypatch.setattr(keyring, "_reached", {})
    monkeypatch.delenv(VARIABLE, raising=False)
    assert _state(reachable(tmp_path), session) == "sealed"
    monkeypatch.setenv(VARIABLE, f"{'22' * 32},{'11' * 32}")
    assert _state(reachable(tmp_path), session) == _SESSION
    monkeypatch.delenv(VARIABLE)
    reach([_kek("11")])
    assert _state(reachable(tmp_path), session) == _SESSION


def test_a_variable_without_a_key_is_our_error(tmp_path, monkeypatch) -> None:
    """It names the variable, not the text."""
    monkeypatch.setenv(VARIABLE, "hunter2")
    with pytest.raises(InterlockError, match=VARIABLE) as caught:
        reachable(tmp_path)
    assert "hunter2" not in str(caught.value)
