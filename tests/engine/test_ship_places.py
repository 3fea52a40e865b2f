"""The places of `ship:`, as the rules say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from interlock.engine.rules import load_rules
from interlock.engine.ship_places import open_place
from interlock.errors import Refused


async def _chunks() -> AsyncIterator[bytes]:
    yield b"one"


def _load(tmp_path: Path, ship: str):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/rules.yaml").write_text(f"version: 1\nrecording: {{ship: [{ship}]}}\n")
    return load_rules(tmp_path / "rules")


@pytest.mark.parametrize("ship", ["{{to: 'file://{folder}/archive'}}", "{{to: store}}"])
async def test_what_is_put_is_got(tmp_path, ship) -> None:
    """A folder; the store of approvals, whose tables are made at the first use."""
    rules = _load(tmp_path, ship.format(folder=tmp_path))
    place = open_place(rules.recording.keeping.ship[0], rules)
    await place.put("a/b", _chunks(), 3)
    assert [piece async for piece in place.get("a/b")] == [b"one"]
    await place.close()


def test_a_secret_that_is_not_there_is_told_without_anything(tmp_path, monkeypatch) -> None:
    """It is read when something is to be shipped, so it may come later."""
    monkeypatch.delenv("S3_ID", raising=False)
    rules = _load(tmp_path, "{to: 's3://bucket', access_key: env:S3_ID}")
    with pytest.raises(Refused, match="env:S3_ID is not set"):
        open_place(rules.recording.keeping.ship[0], rules)
