"""Whatever anybody changes in a recorded day, verification finds it against the anchored heads, and names the file.

Every file, session and line is tried in every way, and a sample of bytes, by a fixed seed; all bytes with
INTERLOCK_TAMPERING=all in the environment.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from tests.recording.day import Day, record_day

from interlock.recording import Verification, verify

_NOT_EVIDENCE = re.compile(r"\.open/.*|\.[a-z0-9-]+\.lock|\.(tree|ship)/[^/]+/lock")
"""Locks: nothing that they hold says anything."""

_ALL = os.environ.get("INTERLOCK_TAMPERING") == "all"
_BYTES_A_FILE = 1
_LINES_A_FILE = 3


@pytest.fixture(scope="module", params=["ended", "running"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    found = record_day(tmp_path_factory.mktemp(request.param), running=request.param == "running")
    yield found
    found.restore()


def _verify(day: Day, folder: Path | None = None) -> Verification:
    return verify(folder or day.folder, keys=[day.key], heads=[day.heads], workers=1)


def _files(day: Day) -> list[str]:
    names = [str(path.relative_to(day.folder)) for path in sorted(day.folder.rglob("*")) if path.is_file()]
    return [name for name in names if not _NOT_EVIDENCE.fullmatch(name)]


def _sessions(day: Day) -> list[str]:
    return sorted(path.name for path in day.folder.iterdir() if len(path.name) == 26)


def _missed(day: Day, name: str, contents: Iterator[bytes]) -> list[str]:
    """Puts each content in the place of a file, and says which of them were not found, or not in that file.

    What is only added at the end of a file that grows may have come after the last anchor: that has to be said.
    """
    path = day.folder / name
    original, missed = path.read_bytes(), []
    try:
        for number, content in enumerate(contents):
            if content == original:
                continue
            path.write_bytes(content)
            findings = [finding for finding in _verify(day).all_findings if finding.file == name]
            added = content.startswith(original) and any(finding.what == "uncovered" for finding in findings)
            if not added and not any(finding.grave for finding in findings):
                missed.append(f"{name}, {number}: {findings}")
    finally:
        path.write_bytes(original)
    return missed


def test_the_day_is_intact_and_holds_what_a_day_holds(day: Day) -> None:
    """Nothing is found in it; everything is vouched for; what was deleted on purpose is said."""
    found = _verify(day)
    assert [finding for finding in found.all_findings if finding.grave] == []
    assert found.ok
    assert {finding.what for finding in found.all_findings} <= {"deleted", "erased", "open", "gap"}
    states = {chain.state for chain in found.chains}
    assert {"closed", "log", "deleted"} <= states
    assert ("open" in states) == any(not tree.final for tree in found.trees)
    assert all(chain.last == chain.sure for chain in found.chains if chain.state != "deleted")
    assert {tree.gateway: bool(tree.anchored_at) for tree in found.trees} == {"one": True, "two": True}
    names = _files(day)
    assert {"refusals.jsonl", "refusals.1.jsonl", "refusals-2.jsonl", "reviews.jsonl"} <= set(names)
    assert {name.split("/")[0] for name in names if name.startswith(".")} == {".runs", ".rules", ".ship", ".tree"}


def _bytes(content: bytes, chosen: random.Random) -> Iterator[bytes]:
    """One byte changed, removed, doubled, exchanged with the next; the end cut off before it."""
    few = min(_BYTES_A_FILE, len(content))
    yield content[:1]
    for at in range(len(content)) if _ALL else chosen.sample(range(len(content)), few):
        yield content[:at] + bytes([content[at] ^ (1 << chosen.randrange(8))]) + content[at + 1 :]
        yield content[:at] + content[at + 1 :]
        yield content[:at] + content[at : at + 1] * 2 + content[at + 1 :]
        yield content[:at] + content[at : at + 2][::-1] + content[at + 2 :]
        yield content[:at]


def test_any_byte_of_any_file_is_found(day: Day) -> None:
    """Evidence, flows, salts, entries, heads, logs, indexes, kept rules."""
    chosen = random.Random(6)
    missed = [
        one for name in _files(day) for one in _missed(day, name, _bytes((day.folder / name).read_bytes(), chosen))
    ]
    assert missed == []


def _lines(content: bytes, chosen: random.Random) -> Iterator[bytes]:
    """Each line removed, doubled, exchanged with the next; the end cut off at it; another one written over it."""
    lines = content.splitlines(keepends=True)
    few = {0, len(lines) - 1, *chosen.sample(range(len(lines)), min(_LINES_A_FILE - 2, len(lines)))}
    for at in range(len(lines)) if _ALL else sorted(few):
        yield b"".join(lines[:at] + lines[at + 1 :])
        yield b"".join(lines[: at + 1] + lines[at:])
        yield b"".join([*lines[:at], *lines[at : at + 2][::-1], *lines[at + 2 :]])
        yield b"".join(lines[:at])
        yield b"".join([*lines[:at], lines[at - 1], *lines[at + 1 :]])


def test_any_line_of_any_file_is_found(day: Day) -> None:
    """Removed, doubled, exchanged, overwritten, or the end cut off at it."""
    chosen = random.Random(6)
    missed = [
        one
        for name in _files(day)
        if not name.endswith((".mitm", "salt"))
        for one in _missed(day, name, _lines((day.folder / name).read_bytes(), chosen))
    ]
    assert missed == []


def test_any_line_of_another_chain_is_found(day: Day) -> None:
    """Spliced into the middle of another session, of another log, of the other gateway's tree; and at their ends."""
    chosen = random.Random(6)
    chains = [name for name in _files(day) if name.endswith(".jsonl")]

    def spliced(name: str) -> Iterator[bytes]:
        lines = (day.folder / name).read_bytes().splitlines(keepends=True)
        for _ in range(4):
            other = chosen.choice([chain for chain in chains if chain != name])
            foreign = chosen.choice((day.folder / other).read_bytes().splitlines(keepends=True))
            at = chosen.randrange(len(lines))
            yield b"".join([*lines[:at], foreign, *lines[at + 1 :]])
            yield b"".join([*lines[:at], foreign, *lines[at:]])
            yield b"".join([*lines, foreign])

    assert [one for name in chains for one in _missed(day, name, spliced(name))] == []


@pytest.fixture
def copy(day: Day, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Copies of the day, one after the other, to be tampered with as a whole."""

    def make() -> Path:
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        return shutil.copytree(day.folder, tmp_path / "copy")

    return make


def _named(found: Verification) -> set[str]:
    return {finding.file for finding in found.all_findings if finding.grave}


def test_any_missing_or_emptied_file_is_found(day: Day, copy: Callable[[], Path]) -> None:
    """Whichever it is; a session's evidence, a tree's heads, a kept rule."""
    for name in _files(day):
        for act in (lambda path: path.unlink(), lambda path: path.write_bytes(b"")):
            folder = copy()
            act(folder / name)
            found = _verify(day, folder)
            gone = name.startswith(".ship/") and not (folder / name).exists()  # a place may be dropped: no attack
            assert name in ({finding.file for finding in found.all_findings} if gone else _named(found)), name


def test_any_two_files_exchanged_are_found(day: Day, copy: Callable[[], Path]) -> None:
    """Between sessions, logs, trees, runs: both are named."""
    kinds: dict[str, list[str]] = {}
    for name in _files(day):
        kinds.setdefault(re.sub(r"[0-9A-Z]{26}|[0-9a-f]{64}|one|two|-2", "", name), []).append(name)
    for names in kinds.values():
        for first, second in pairwise(names):
            folder = copy()
            if (folder / first).read_bytes() == (folder / second).read_bytes():
                continue
            (folder / first).rename(folder / "aside")
            (folder / second).rename(folder / first)
            (folder / "aside").rename(folder / second)
            assert {first, second} <= _named(_verify(day, folder)), (first, second)


def test_any_session_removed_copied_or_exchanged_is_found(day: Day, copy: Callable[[], Path]) -> None:
    """Dropped as a whole; again under another name; in each other's place."""
    names = _sessions(day)
    for name in names:
        folder = copy()
        shutil.rmtree(folder / name)
        found = _verify(day, folder)
        assert [chain.state for chain in found.chains if chain.name == name] == ["dropped"]
        assert name in _named(found)
        fresh = f"7{name[1:]}"
        folder = copy()
        shutil.copytree(folder / name, folder / fresh)
        assert f"{fresh}/evidence.jsonl" in _named(_verify(day, folder))
    for first, second in pairwise(names):
        folder = copy()
        (folder / first).rename(folder / "aside")
        (folder / second).rename(folder / first)
        (folder / "aside").rename(folder / second)
        assert {f"{first}/evidence.jsonl", f"{second}/evidence.jsonl"} <= _named(_verify(day, folder))


def test_a_dropped_tree_is_found(day: Day, copy: Callable[[], Path]) -> None:
    """With the anchored heads; and without them by the sessions that name it."""
    for name in ("one", "two"):
        folder = copy()
        shutil.rmtree(folder / ".tree" / name)
        assert f".tree/{name}" in _named(_verify(day, folder))
        assert f".tree/{name}" in _named(verify(folder))


@pytest.mark.parametrize("name", ["SESSION/flows.mitm", ".runs/RUN", ".rules/DIGEST/rules.yaml"])
def test_a_file_is_read_as_far_as_anybody_vouched_for_it(
    day: Day, copy: Callable[[], Path], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hole of many gigabytes at its end is found by its size."""
    folder = copy()
    run, rules = (next((folder / top).iterdir()).name for top in (".runs", ".rules"))
    session = next(one for one in _sessions(day) if (folder / one / "flows.mitm").exists())
    path = folder / name.replace("SESSION", session).replace("RUN", run).replace("DIGEST", rules)
    size = path.stat().st_size
    os.truncate(path, 1 << 34)
    monkeypatch.setattr("interlock.recording.verify_session._CHUNK", 4096)  # so that 16 GiB would take minutes
    found = [finding for finding in _verify(day, folder).all_findings if str(path.relative_to(folder)) == finding.file]
    assert [finding.what for finding in found] == [{".runs": "uncovered"}.get(name[:5], found[0].what)]
    assert found[0].grave or str((1 << 34) - size) in found[0].message
