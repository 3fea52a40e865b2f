"""The operator's key, master keys and data keys."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.recording.keys import Kek, Master, Unopened, derive, digest, read_kek, read_key_file, read_master

_TEXT = base64.b64encode(bytes(range(32))).decode()
_SESSION = "01JD3ZK7V00000000000000000"


@pytest.fixture
def kek() -> Kek:
    return read_kek(Secret(_TEXT), "env:KEY")


@pytest.mark.parametrize(
    "text", [_TEXT, _TEXT + "\n", bytes(range(32)).hex(), base64.urlsafe_b64encode(bytes(range(32))).decode()]
)
def test_a_key_is_written_in_base64_or_hex(text, kek) -> None:
    """Either spelling is the same key, with the same id."""
    assert (read_kek(Secret(text), "env:KEY").secret, read_kek(Secret(text), "env:KEY").id) == (kek.secret, kek.id)


@pytest.mark.parametrize("text", ["hunter2", "correct horse battery staple", _TEXT[:-4], "ä" * 44, "=" * 44, "0" * 63])
def test_what_is_no_key_is_refused_without_its_text(text) -> None:
    """Where it was looked for and how to make one; never what stands there."""
    with pytest.raises(InterlockError) as caught:
        read_kek(Secret(text), "env:KEY")
    assert "env:KEY" in str(caught.value)
    assert "openssl rand -base64 32" in caught.value.hint
    assert text not in str(caught.value) + caught.value.hint


def test_nothing_shows_a_key(kek) -> None:
    """Not the repr of any of the three."""
    master = Master.new(kek)
    data, _ = master.make(_SESSION)
    shown = repr((kek, master, data))
    assert not any(repr(secret) in shown for secret in (kek.secret, master.secret, data.secret))


def test_a_master_key_is_read_back_by_its_kek_alone(tmp_path, kek) -> None:
    """Another key of the operator's does not open it, which is no damage."""
    master = Master.new(kek)
    path = tmp_path / f"{master.id}.json"
    path.write_bytes(kek.wrap(master))
    assert read_master(path, [kek]) == master
    assert read_master(path, [read_kek(Secret("11" * 32), "env:OTHER")]) is None


def test_a_data_key_is_bound_to_its_session(kek) -> None:
    """Under another session's name it does not open: swapped key files are found."""
    master = Master.new(kek)
    data, file = master.make(_SESSION)
    wrapped = json.loads(file)["wrapped"]
    assert master.open(_SESSION, wrapped) == data
    with pytest.raises(Unopened) as caught:
        master.open(_SESSION[:-1] + "1", wrapped)
    assert caught.value.state == "changed"


def test_any_changed_byte_of_a_key_file_is_found(tmp_path, kek) -> None:
    """Each byte, three ways: unreadable or unwrappable, always our error."""
    master = Master.new(kek)
    path = tmp_path / f"{master.id}.json"
    whole = kek.wrap(master)
    for at in range(len(whole)):
        for octet in (whole[at] ^ 1, 0, 255):
            if octet == whole[at]:
                continue
            path.write_bytes(whole[:at] + bytes([octet]) + whole[at + 1 :])
            outcome = _outcome(path, kek)
            assert outcome == "changed" or (outcome == "another key's" and b'"kek"' in whole[at - 22 : at]), at


def _outcome(path: Path, kek: Kek) -> str:
    try:
        return "opened" if read_master(path, [kek]) else "another key's"
    except Unopened as error:
        return error.state


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"[]\n", b"\xff\n", b'{"format":2}\n', b"[" * 3000, b"x" * 9000])
def test_what_is_no_key_file_is_our_error(tmp_path, raw) -> None:
    """Whatever bytes stand there."""
    path = tmp_path / "key"
    path.write_bytes(raw)
    with pytest.raises(Unopened):
        read_key_file(path)


def test_keys_for_different_purposes_differ(kek) -> None:
    """Events, flows and salt of a session; two sessions; and a known answer (HKDF-Expand, RFC 5869)."""
    master = Master.new(kek)
    (one, _), (other, _) = master.make(_SESSION), master.make(_SESSION)
    assert len({one.key(b"events"), one.key(b"flows"), one.salt, other.salt, other.key(b"events")}) == 5
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    assert derive(kek.secret, b"x") == HKDFExpand(SHA256(), 32, b"interlock recording: x").derive(kek.secret)


def test_a_person_is_a_keyed_digest(kek) -> None:
    """The same person is recognised under one master key, not under another, and never by the text."""
    one, other = Master.new(kek), Master.new(kek)
    whose = one.whose("https://issuer.example", "erika.mustermann")
    assert whose == one.whose("https://issuer.example", "erika.mustermann")
    assert whose != one.whose("https://issuer.example", "max.mustermann")
    assert whose != other.whose("https://issuer.example", "erika.mustermann")


def test_the_digest_of_a_key_file_is_plain_sha256(tmp_path: Path) -> None:
    """What an auditor computes with sha256sum."""
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
