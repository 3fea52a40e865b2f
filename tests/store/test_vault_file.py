"""Vaults in a file: the first origin stays, strangers read nothing, a file that is not there is an OSError."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from interlock.masking import AGENT, Vault
from interlock.ports import VaultRow
from interlock.store.vault_file import VaultFile

MAIL = "erika.mustermann@example.com"
ROW = VaultRow("<email:AAAAAAAAAAAAAAAA>", "crm", b"sealed")


_opened: list[VaultFile] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """What a test opened is closed after it."""
    yield
    while _opened:
        _opened.pop().close()


def _file(folder: Path, at: float = 0.0) -> VaultFile:
    _opened.append(VaultFile(folder / "deep" / "vault.sqlite", lambda: at))
    return _opened[-1]


def test_the_first_one_to_write_a_token_says_where_it_was_seen(tmp_path: Path) -> None:
    """Another gateway gets what stands there; `echoes` is never taken back."""
    one, other = _file(tmp_path), _file(tmp_path)
    assert one.write("s", [ROW]) == [ROW]

    late = VaultRow(ROW.token, AGENT, b"other", echoes=True)
    assert other.write("s", [late]) == [VaultRow(ROW.token, "crm", b"sealed", echoes=True)]
    assert one.write("s", [ROW])[0].echoes
    assert [row.origin for row in one.read("s")] == ["crm"]
    assert one.read("t") == []


def test_it_is_its_owners_and_holds_no_value(tmp_path: Path) -> None:
    """Modes of all its files, and their bytes."""
    vault, file = Vault(b"k" * 32, kept=True), _file(tmp_path)
    vault.put(file.read(vault.session))
    vault.token("email", MAIL, "crm")
    vault.put(file.write(vault.session, vault.take()))

    files = [*(tmp_path / "deep").iterdir()]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert MAIL.encode() not in b"".join(each.read_bytes() for each in files)
    again = Vault(b"k" * 32, kept=True)
    again.put(_file(tmp_path).read(again.session))
    assert again.value(vault.token("email", MAIL, ""), ("crm",)) == MAIL


def test_sessions_nobody_writes_to_are_forgotten(tmp_path: Path) -> None:
    """As wholes: one new row keeps all of a session."""
    old, new = _file(tmp_path, 100.0), _file(tmp_path, 200.0)
    old.write("gone", [ROW])
    old.write("kept", [ROW])
    new.write("kept", [VaultRow("<email:BBBBBBBBBBBBBBBB>", "crm", b"x")])
    new.forget(150.0)

    assert [len(new.read(session)) for session in ("gone", "kept")] == [0, 2]
    new.close()
    assert len(new.read("kept")) == 2


@pytest.mark.parametrize("what", ["folder", "link", "noise"])
def test_what_is_no_vault_is_an_oserror(tmp_path: Path, what: str) -> None:
    """A folder, a link to elsewhere, bytes that are no database."""
    path = tmp_path / "vault.sqlite"
    if what == "folder":
        path.mkdir()
    elif what == "link":
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_bytes(b"not a database, but long enough to be read as one" * 50)
    file = VaultFile(path, lambda: 0.0)

    for use in (lambda: file.read("s"), lambda: file.write("s", [ROW]), lambda: file.forget(1.0)):
        with pytest.raises(OSError):
            use()
