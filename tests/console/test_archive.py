"""Recordings by pages: newest first, bounded in time, nothing passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.console.recorded import record

from interlock.clocks import SystemClock
from interlock.console import archive
from interlock.console.archive import Archive, pieces
from interlock.console.drawing import draw
from interlock.errors import Refused
from interlock.model import JSON, Principal
from interlock.reasons import Reason
from interlock.recording import Recordings
from interlock.recording.finding import Wanted


@pytest.fixture
def kept(tmp_path: Path) -> Archive:
    """Seven sessions."""
    for number in range(7):
        record(tmp_path, f"erika-{number}", run=f"run-{number}")
    return Archive(tmp_path, SystemClock())


def _all(kept: Archive, wanted: Wanted) -> list[str]:
    found, before = [], ""
    for _ in range(20):
        listed = kept.sessions(wanted, before)
        found += [one.id for one in listed.sessions]
        before = listed.older
        if not before:
            return found
    raise AssertionError("it does not end")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_pages_hold_every_session_once(kept: Archive, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Newest first, whatever the size of a page."""
    monkeypatch.setattr(archive, "_PAGE", size)
    found = _all(kept, Wanted())
    assert (len(found), found) == (7, sorted(found, reverse=True))
    assert len(_all(kept, Wanted(principal="erika-3", connection="db"))) == 1


def test_what_is_looked_through_in_part_is_looked_through_again(kept: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session in whose middle time was over is the first of the next page."""
    real, asked = Archive._holds, list[str]()

    def hurried(self: Archive, name: str, wanted: Wanted, until: float) -> bool | None:
        asked.append(name)
        return None if asked.count(name) == 1 and len(set(asked)) == 3 else real(self, name, wanted, until)

    monkeypatch.setattr(Archive, "_holds", hurried)
    assert len(_all(kept, Wanted(connection="db"))) == 7
    assert len(asked) == 8


def test_looking_ends_in_time(kept: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was not reached is asked for next."""
    monkeypatch.setattr(archive, "_PATIENCE", -1.0)
    listed = kept.sessions(Wanted())
    assert (len(listed.sessions), listed.hurried, bool(listed.older)) == (1, True, True)
    for wanted in (Wanted(), Wanted(connection="db"), Wanted(connection="db", principal="erika-0")):
        found = _all(kept, wanted)
        assert (len(found), found) == (1 if wanted.principal else 7, sorted(set(found), reverse=True))


def test_a_run_that_went_on_names_the_session_before(tmp_path: Path) -> None:
    """Of the same principal and run alone; the first one continues nothing."""
    first, second = (record(tmp_path, run="run-1") for _ in range(2))
    kept = Archive(tmp_path, SystemClock())
    assert (kept.timeline(first).continues, kept.timeline(second).continues) == ("", first)


def test_unknown_sessions(kept: Archive) -> None:
    """A name that is no session's is none's, whatever is below it."""
    for name in ("", "..", "looks.jsonl", "01JD3ZK7V00000000000000000", "../x"):
        with pytest.raises(Refused) as refused:
            kept.timeline(name)
        assert refused.value.reason is Reason.NOT_FOUND


def test_a_file_in_pieces(kept: Archive) -> None:
    """No more than its size when it was opened: it may grow meanwhile."""
    session = kept.sessions(Wanted()).sessions[0].id
    file, size = kept.part(session, "evidence")
    with (kept.folder / session / "evidence.jsonl").open("ab") as more:
        more.write(b"more")
    assert len(b"".join(pieces(file, size))) == size
    assert file.closed


def test_a_page_is_bounded_whatever_its_lines_say(tmp_path: Path) -> None:
    """Events of a megabyte each: what one says is cut and counted, pages end early, and every line is on one."""
    recordings = Recordings(tmp_path, SystemClock(), rules_digest="ab" * 32)
    session = recordings.session(Principal("demo", "https://idp.example.com", "a" * 50_000), "")
    told: list[JSON] = [{"name": f"http.get /{number}" + "x" * 400, "place": f"/{number}"} for number in range(600)]
    names: list[JSON] = ["n" * 900] * 200
    for _ in range(40):
        session.append(
            "decision", {"operations": told, "masked": told, "grants": names, "effect": "permit", "flow": "f"}
        )
        session.append("approval", {"approval": "../" * 9, "operation": "o" * 900_000})
    recordings.close()
    archive, id = Archive(tmp_path, SystemClock()), session.id
    start, seen = 1, list[int]()
    while start:
        page = archive.timeline(id, start)
        assert sum(row.length for row in page.rows) < 2 << 20
        assert all(len(text) < 2100 for row in page.rows for text in (row.what, row.why, *row.masked))
        seen += [row.number for row in page.rows]
        start = page.later
    assert seen == [*range(1, 83)]
    assert "characters more" in page.rows[-2].what
    assert not any(row.approval for row in page.rows)  # what is no id leads nowhere
    drawn = draw(archive.graph(id))
    assert max(len(box.told) for box in drawn.boxes) <= 1000


def test_the_graph_is_of_the_whole_run(tmp_path: Path) -> None:
    """As the terminal's: what the sessions before led to, each node in its own; of another run nothing."""
    first, second, _ = (record(tmp_path, run=run) for run in ("run-1", "run-1", "run-2"))
    kept = Archive(tmp_path, SystemClock())
    assert (kept.run(first), kept.run(second)) == ([first], [first, second])
    drawn = draw(kept.graph(second), second)
    assert [*dict.fromkeys(box.session for box in drawn.boxes if box.session)] == [first, second]
    assert {box.session for box in draw(kept.graph(first), first).boxes} == {first, ""}
    assert len(drawn.boxes) > len(draw(kept.graph(first)).boxes)
