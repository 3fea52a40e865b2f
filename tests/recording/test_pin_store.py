"""Pins in memory: what is first seen, changed, added; what an operator does to the file meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.pin_store import PinStore
from interlock.recording.pins import Pins, accept, describe, load, save

NOW, LATER = "2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"


def tool(name: str = "search", **more: JSON) -> dict[str, JSON]:
    """A definition."""
    return {"name": name, "description": "Find.", **more}


def sync(store: PinStore) -> None:
    """What the gateway does every second."""
    before = store.snapshot()
    store.adopt(store.sync(before), before[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the gateway keeps pins."""
    return tmp_path / "recordings" / "pins" / "tickets.json"


def test_the_first_description_is_the_pin(file: Path) -> None:
    """Another one waits; the pinned one takes that back."""
    store = PinStore(file)
    first = store.offered("search", tool(), NOW)
    changed = store.offered("search", tool(title="T"), NOW)

    assert (first.finding, first.reason) == ("first", None)
    assert (changed.finding, changed.reason, changed.members) == ("changed", Reason.TOOL_CHANGED, ("title",))
    assert store.called("search") is store.called("Search") is Reason.TOOL_CHANGED
    assert len(store.definitions("search")) == 2
    assert store.offered("search", tool(), NOW).reason is None
    assert store.called("search") is None
    assert store.called("never-listed") is None


def test_a_change_can_be_reported_only(file: Path) -> None:
    """By setting."""
    store = PinStore(file, changed="report")
    store.offered("search", tool(), NOW)
    changed = store.offered("search", tool(title="T"), NOW)

    assert (changed.finding, changed.reason, store.called("search")) == ("changed", None, None)


@pytest.mark.parametrize(("added", "reason"), [("report", None), ("forbid", Reason.TOOL_ADDED)])
def test_a_tool_that_comes_later_was_added(file: Path, added: str, reason: Reason | None) -> None:
    """Those of the first minute are one list, in pages."""
    store = PinStore(file, added=added)
    assert [store.offered(name, tool(name), NOW).finding for name in ("a", "b")] == ["first", "first"]
    late = store.offered("c", tool("c"), LATER)

    assert (late.finding, late.reason) == ("added", reason)
    assert store.called("c") is reason
    assert store.called("a") is None


def test_pins_are_kept_and_changes_wait_on_disk(file: Path) -> None:
    """For the next gateway, and for the operator."""
    store = PinStore(file)
    store.offered("search", tool(), NOW)
    store.offered("search", tool(title="T"), NOW)
    assert store.due
    sync(store)

    assert not store.due
    assert set(load(file).tools) == set(load(file).pending) == {"search"}
    assert PinStore(file).called("search") is Reason.TOOL_CHANGED


def test_what_an_operator_accepts_counts(file: Path) -> None:
    """Beside what the gateway saw meanwhile."""
    store = PinStore(file)
    store.offered("search", tool(), NOW)
    store.offered("search", tool(title="T"), NOW)
    sync(store)
    save(file, accept(load(file), (), "erika", LATER)[0])
    store.offered("new", tool("new"), NOW)
    assert store.due
    sync(store)

    assert store.called("search") is None
    assert store.offered("search", tool(title="T"), NOW).by == "erika"
    assert store.offered("search", tool(), NOW).reason is Reason.TOOL_CHANGED
    assert set(load(file).tools) == {"search", "new"}


def test_what_an_operator_takes_out_is_seen_for_the_first_time_again(file: Path) -> None:
    """Memory does not write it back."""
    store = PinStore(file)
    store.offered("search", tool(), NOW)
    sync(store)
    save(file, Pins())
    sync(store)

    assert load(file) == Pins()
    assert store.offered("search", tool(title="T"), NOW).reason is None


def test_what_comes_while_the_files_are_written_stays(file: Path) -> None:
    """The event loop goes on meanwhile."""
    store = PinStore(file)
    store.offered("a", tool("a"), NOW)
    before = store.snapshot()
    synced = store.sync(before)
    store.offered("b", tool("b"), NOW)
    store.offered("a", tool("a", title="T"), NOW)
    store.adopt(synced, before[0])
    assert store.called("a") is Reason.TOOL_CHANGED
    assert store.due
    sync(store)

    assert set(load(file).tools) == {"a", "b"}
    assert set(load(file).pending) == {"a"}


def test_a_change_taken_back_meanwhile_stays_taken_back(file: Path) -> None:
    """And goes from the disk with the next round."""
    store = PinStore(file)
    store.offered("a", tool("a"), NOW)
    store.offered("a", tool("a", title="T"), NOW)
    before = store.snapshot()
    synced = store.sync(before)
    store.offered("a", tool("a"), NOW)
    store.adopt(synced, before[0])
    assert store.called("a") is None
    sync(store)

    assert not load(file).pending


def test_a_file_that_cannot_be_used_refuses_everything(file: Path) -> None:
    """From the start, or from when it broke; until it is mended."""
    file.parent.mkdir(parents=True)
    file.write_text("{", encoding="utf-8")
    store = PinStore(file)
    assert store.error is not None
    assert store.due
    assert store.offered("search", tool(), NOW).reason is Reason.PINS_UNREADABLE
    assert store.called("search") is Reason.PINS_UNREADABLE
    file.unlink()
    sync(store)

    assert store.offered("search", tool(), NOW).reason is None


def test_a_definition_that_cannot_be_written_is_not_offered(file: Path) -> None:
    """Fail closed."""
    assert PinStore(file).offered("search", tool(n=10**5000), NOW).reason is Reason.BODY_UNPARSABLE


def test_a_reviewed_file_is_only_read(file: Path, tmp_path: Path) -> None:
    """What is not in it waits elsewhere, for the person who writes it."""
    reviewed = tmp_path / "rules" / "pins.json"
    save(reviewed, Pins({"search": describe(tool(), NOW, "erika")}))
    text = reviewed.read_bytes()
    store = PinStore(file, reviewed)
    changed = store.offered("search", tool(title="T"), NOW)
    added = store.offered("other", tool("other"), NOW)
    sync(store)

    assert (changed.reason, added.reason) == (Reason.TOOL_CHANGED, Reason.TOOL_ADDED)
    assert store.called("never-listed") is Reason.TOOL_ADDED
    assert reviewed.read_bytes() == text
    assert set(load(file).pending) == {"search", "other"}
    assert not load(file).tools
    save(reviewed, accept(Pins(load(reviewed).tools, load(file).pending), (), "erika", LATER)[0])
    sync(store)
    assert store.called("other") is None
    assert not load(file).pending


def test_a_server_cannot_fill_the_memory(file: Path) -> None:
    """A bounded number of tools; the rest is not offered."""
    store = PinStore(file)
    verdicts = [store.offered(f"t{n}", {"name": f"t{n}"}, NOW) for n in range(4100)]

    assert verdicts[4095].reason is None
    assert verdicts[4096].reason is Reason.TOOL_ADDED
