"""The rules that were in force lie beside the sessions, under the digest that events name."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.recording.kept_rules import keep_rules, kept_rules, rules_digest


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rules folder with a pack."""
    folder = tmp_path / "rules"
    (folder / "packs").mkdir(parents=True)
    (folder / "all.yaml").write_text("version: 1\n")
    (folder / "packs" / "own.yml").write_text("version: 1\n")
    (folder / "keys.json").write_text("{}")
    return folder


def test_rules_are_kept_once_as_they_were(tmp_path: Path, rules: Path) -> None:
    """Rule files alone, readable by the owner, found again by their digest; kept twice is kept once."""
    digest = rules_digest(rules)
    kept = keep_rules(tmp_path / "recordings", rules, digest)
    assert keep_rules(tmp_path / "recordings", rules, digest) == kept == kept_rules(tmp_path / "recordings", digest)
    found = {str(file.relative_to(kept)): file.read_bytes() for file in kept.rglob("*") if file.is_file()}
    assert found == {"all.yaml": b"version: 1\n", "packs/own.yml": b"version: 1\n"}
    assert (kept / "all.yaml").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in kept.parent.iterdir()] == [digest]


def test_edited_rules_are_not_kept_as_those_of_before(tmp_path: Path, rules: Path) -> None:
    """What lies under a digest is what it names, also where the folder is edited meanwhile or afterwards."""
    digest = rules_digest(rules)
    (rules / "all.yaml").write_text("version: 1 # edited\n")
    with pytest.raises(InterlockError, match="edited while"):
        keep_rules(tmp_path / "recordings", rules, digest)
    assert kept_rules(tmp_path / "recordings", digest) is None
    kept = keep_rules(tmp_path / "recordings", rules, rules_digest(rules))
    (kept / "all.yaml").write_text("version: 1 # changed\n")
    assert kept_rules(tmp_path / "recordings", rules_digest(rules)) is None


@pytest.mark.parametrize("digest", ["", "../" * 20 + "abcd", "x" * 63, "é" * 64, "f" * 64])
def test_a_digest_from_a_file_is_no_path(tmp_path: Path, digest: str) -> None:
    """An event may claim anything."""
    assert kept_rules(tmp_path, digest) is None
