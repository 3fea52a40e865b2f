"""The file of pinned tools: what counts as a change, what is kept, what cannot be used."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from interlock.errors import Refused
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.pins import Described, Pins, accept, changed_members, describe, load, locked, save

TOOL: dict[str, JSON] = {"name": "search", "description": "Find.", "inputSchema": {"a": 1, "b": [1.0, None]}}
NOW = "2026-01-01T00:00:00.000Z"


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Find. "},
        {"description": "find."},
        {"title": None},
        {"inputSchema": {"a": True, "b": [1.0, None]}},
        {"inputSchema": {"a": "1", "b": [1.0, None]}},
        {"inputSchema": {"a": 1, "b": [1, None]}},
        {"inputSchema": {"a": 1, "b": ["1.0", None]}},
        {"annotations": {}},
        {"icons": []},
    ],
)
def test_every_member_counts(changed: dict[str, JSON]) -> None:
    """With its type; the order of members does not."""
    assert describe({**TOOL, **changed}, NOW).digest != describe(TOOL, NOW).digest
    assert describe(dict(reversed(TOOL.items())), NOW).digest == describe(TOOL, NOW).digest


def test_a_change_names_its_members() -> None:
    """Those that differ, came or went."""
    new = describe({"name": "search", "description": "Other.", "title": "T"}, NOW)

    assert changed_members(describe(TOOL, NOW), new) == ("description", "inputSchema", "title")
    assert changed_members(describe(TOOL, NOW), Described("0" * 64, NOW)) == ()


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Readable by its owner alone, with nothing left beside it."""
    file = tmp_path / "pins" / "tickets.json"
    pins = Pins({"search": describe(TOOL, NOW, "erika")}, {"other": describe({"name": "other"}, NOW)})
    with locked(file):
        save(file, pins)
    found = load(file)

    assert found == pins
    assert found.tools["search"].definition == TOOL
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == [".tickets.json.lock", "tickets.json"]
    assert load(tmp_path / "none.json") == Pins()


def test_a_definition_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    """Its digest is."""
    found = describe({**TOOL, "description": "x" * 70_000}, NOW)
    many = {f"t{n}": describe({"name": f"t{n}", "description": "x" * 60_000}, NOW) for n in range(200)}
    save(tmp_path / "t.json", Pins({**many, "search": found}))
    back = load(tmp_path / "t.json")

    assert found.definition is None
    assert len(found.digest) == 64
    assert back == Pins({**many, "search": found})
    assert (tmp_path / "t.json").stat().st_size < 10 << 20


def test_a_definition_that_cannot_be_written_is_refused() -> None:
    """Numbers of more digits than Python writes."""
    with pytest.raises(Refused):
        describe({"a": 10**5000}, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"version": 1}',
        '{"version": 2, "tools": {}}',
        '{"version": 1, "tools": []}',
        '{"version": 1, "tools": {"a b": {}}}',
        '{"version": 1, "tools": {"a": 7}}',
        '{"version": 1, "tools": {"a": {"pin": 7}}}',
        '{"version": 1, "tools": {"a": {"pin": {"digest": "x", "since": ""}}}}',
        json.dumps({"version": 1, "tools": {"a": {"pin": {"digest": "0" * 64, "since": "", "definition": []}}}}),
        json.dumps({"version": 1, "tools": {f"t{n}": {} for n in range(4097)}}),
    ],
)
def test_what_is_no_file_of_pins_is_not_used(tmp_path: Path, text: str) -> None:
    """And said so, by name."""
    (tmp_path / "t.json").write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=r"t\.json") as caught:
        load(tmp_path / "t.json")

    assert caught.value.reason is Reason.PINS_UNREADABLE
    assert caught.value.hint


def test_links_and_folders_are_no_pins(tmp_path: Path) -> None:
    """Neither read nor written through."""
    (tmp_path / "real.json").write_text('{"version": 1, "tools": {}}', encoding="utf-8")
    (tmp_path / "t.json").symlink_to(tmp_path / "real.json")
    (tmp_path / "d.json").mkdir()
    for file in ("t.json", "d.json"):
        with pytest.raises(Refused):
            load(tmp_path / file)
    with pytest.raises(Refused):
        save(tmp_path / "d.json", Pins())
    with pytest.raises(Refused), locked(tmp_path / "real.json" / "x.json"):
        pass
    assert [path.name for path in tmp_path.iterdir() if str(os.getpid()) in path.name] == []


def test_pending_descriptions_are_accepted() -> None:
    """One tool's or all of them; by somebody, from now on."""
    old, new, other = describe(TOOL, NOW), describe({**TOOL, "title": "T"}, NOW), describe({"name": "other"}, NOW)
    pins = Pins({"search": old}, {"search": new, "other": other})
    one, names = accept(pins, ("search", "none"), "erika", "later")
    everything, all_names = accept(pins, (), "erika", "later")

    assert names == ("search",)
    assert (one.tools["search"].digest, one.tools["search"].by, one.tools["search"].since) == (
        new.digest,
        "erika",
        "later",
    )
    assert set(one.pending) == {"other"}
    assert all_names == ("other", "search")
    assert not everything.pending
