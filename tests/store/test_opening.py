"""A store is open with its tables, or not at all."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.store.opening import open_store


async def test_a_store_that_cannot_be_opened_leaves_nothing_behind(tmp_path: Path) -> None:
    """Neither a connection nor its thread."""
    (tmp_path / "a.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(OSError, match="cannot be used"):
        await open_store(Secret("sqlite:a.sqlite"), base=tmp_path)
    for thread in threading.enumerate():
        if "aiosqlite" in repr(getattr(thread, "_target", "")):
            await asyncio.to_thread(thread.join, 2.0)
            assert not thread.is_alive()
    with pytest.raises(InterlockError):
        await open_store(Secret("redis://localhost"))


async def test_an_open_store_answers(store_url: Secret) -> None:
    """Empty, on either database."""
    store = await open_store(store_url)
    assert await store.approvals() == []
    await store.close()
