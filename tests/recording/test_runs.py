"""Run ids and whose they are."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.reasons import Reason
from interlock.recording import read_events
from interlock.recording.runs import Runs, binding, first_event, session_folders


def _refusal(act) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def test_a_run_belongs_to_who_used_it_first(recordings, erika, max_) -> None:
    """The other principal learns nothing but that."""
    recordings.session(erika, "run-1")
    error = _refusal(lambda: recordings.session(max_, "run-1"))
    assert error.reason is Reason.RUN_REFUSED
    assert "erika" not in str(error)
    assert len(session_folders(recordings.folder)) == 1


def test_a_run_still_belongs_to_its_principal_after_a_restart(record, erika, max_) -> None:
    """Also when the first gateway was killed, and when the index was lost."""
    first = record()
    old = first.session(erika, "run-1")
    restarted = record()
    assert _refusal(lambda: restarted.session(max_, "run-1")).reason is Reason.RUN_REFUSED
    for file in (first.folder / ".runs").iterdir():
        file.unlink()
    (first.folder / ".runs").rmdir()
    rebuilt = record()
    assert _refusal(lambda: rebuilt.session(max_, "run-1")).reason is Reason.RUN_REFUSED
    opened = next(iter(read_events(rebuilt.session(erika, "run-1").folder))).event
    assert opened.data["continues"] == old.id


def test_the_evidence_outranks_the_index(recordings, erika, max_) -> None:
    """An index that was edited does not give a run to somebody else."""
    recordings.session(erika, "run-1")
    (entry,) = (recordings.folder / ".runs").iterdir()
    text = entry.read_text()
    ours, theirs = (binding(who.issuer, who.subject) for who in (erika, max_))
    entry.write_text(text.replace(ours, theirs))
    assert _refusal(lambda: recordings.session(max_, "run-1")).reason is Reason.RUN_REFUSED


def test_of_two_gateways_the_first_claim_counts(recordings, erika, max_) -> None:
    """Even before the first has written its evidence."""
    one, other = Runs(recordings.folder), Runs(recordings.folder)
    assert one.claim("run-1", binding("i", "erika"), "01ARZ3NDEKTSV4RRFFQ69G5FAV") == ""
    error = _refusal(lambda: other.claim("run-1", binding("i", "max"), "01ARZ3NDEKTSV4RRFFQ69G5FAW"))
    assert error.reason is Reason.RUN_REFUSED


def test_a_torn_entry_stays_alone(recordings) -> None:
    """A line that a full disk cut does not swallow the next one."""
    runs, owner = Runs(recordings.folder), binding("i", "erika")
    runs.claim("run-1", owner, "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    (entry,) = (recordings.folder / ".runs").iterdir()
    entry.write_bytes(entry.read_bytes() + b"\n01ARZ3NDEKTSV4RRFFQ69G5FAW 12")
    runs.claim("run-1", owner, "01ARZ3NDEKTSV4RRFFQ69G5FAX")
    error = _refusal(lambda: runs.check("run-1", binding("i", "max")))
    assert error.reason is Reason.RUN_REFUSED
    assert len(entry.read_bytes().split()) == 6


@pytest.mark.parametrize("run", ["a b", "a\n", "../x\0", "ä", "x" * 129, "<script>"])
def test_a_malformed_run_id_is_refused(recordings, erika, run: str) -> None:
    """It never becomes part of a path either: the index names files by digest."""
    error = _refusal(lambda: recordings.session(erika, run))
    assert error.reason is Reason.RUN_REFUSED
    assert session_folders(recordings.folder) == []


def test_a_run_id_that_looks_like_a_path_stays_in_the_folder(recordings, erika) -> None:
    """Dots and slashes are only text."""
    session = recordings.session(erika, "../../etc")
    assert session.folder.parent == recordings.folder
    assert {path.name for path in recordings.folder.iterdir()} == {".open", ".runs", session.id}


def test_an_index_that_cannot_be_used_forbids(recordings, erika) -> None:
    """A file in place of its folder."""
    (recordings.folder / ".runs").rmdir()
    (recordings.folder / ".runs").write_text("")
    assert _refusal(lambda: recordings.session(erika, "run-1")).reason is Reason.RECORDING_UNAVAILABLE
    assert session_folders(recordings.folder) == []


def test_only_an_intact_first_line_of_the_folders_own_counts(recordings, erika) -> None:
    """A folder under another name, or a changed line, says nothing."""
    session = recordings.session(erika, "run-1")
    assert first_event(session.folder).data["run"] == "run-1"
    moved = session.folder.rename(recordings.folder / "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert first_event(moved) is None
    assert first_event(recordings.folder / "nowhere") is None
