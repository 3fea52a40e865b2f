"""The log of those who have no session."""

from __future__ import annotations

import json

import pytest

from interlock.errors import Refused
from interlock.recording import Limits, verify

_DATA = {"reason": "token-missing", "peer": "192.0.2.1", "host": "api.example.com"}


def _lines(folder, name="refusals.jsonl") -> list[dict]:
    return [json.loads(line) for line in (folder / name).read_text().splitlines()]


def test_a_refusal_is_written_and_found_by_its_reference(recordings) -> None:
    """No session is opened for a stranger."""
    reference = recordings.refusal(_DATA)
    assert reference == "refusals/2"
    opened, refusal = _lines(recordings.folder)
    assert (opened["kind"], opened["data"]) == ("opened", {"continues": 0, "log": "refusals"})
    assert (refusal["kind"], refusal["data"], refusal["seq"]) == ("refusal", _DATA, 2)
    assert verify(recordings.folder).chains[0].ok


def test_equal_refusals_are_counted_not_repeated(recordings, clock) -> None:
    """Equal in reason and peer; after the window the count is written and they are news again."""
    references = {recordings.refusal({**_DATA, "host": str(number)}) for number in range(50)}
    other = recordings.refusal({**_DATA, "peer": "192.0.2.2"})
    assert (references, other) == ({"refusals/2"}, "refusals/3")
    clock.advance(61)
    assert recordings.refusal(_DATA) == "refusals/5"
    repeated = _lines(recordings.folder)[3]
    assert repeated["data"] == {
        "refusals": [{"count": 49, "first": "refusals/2", "peer": "192.0.2.1", "reason": "token-missing"}]
    }


def test_strangers_cannot_fill_the_disk(record, clock) -> None:
    """New entries are bounded by number within a window, the log by size for ever."""
    recordings = record(Limits(refusal_writes=100, refusal_bytes=20_000))
    for _ in range(10):
        for number in range(300):
            recordings.refusal({**_DATA, "peer": f"198.51.100.{number}", "host": "x" * 100})
        clock.advance(61)
    recordings.close()
    files = sorted(file.name for file in recordings.folder.glob("*.jsonl"))
    assert files == ["refusals.1.jsonl", "refusals.jsonl"]
    assert all((recordings.folder / name).stat().st_size < 21_000 for name in files)
    (report,) = verify(recordings.folder).chains
    assert (report.name, report.ok, report.findings) == ("refusals", True, ())
    kinds = [line["kind"] for name in files for line in _lines(recordings.folder, name)]
    assert "uncounted" in kinds


def test_a_log_of_an_earlier_gateway_is_gone_on_with(record, clock) -> None:
    """Numbers go on; a torn end becomes a gap."""
    first = record()
    first.refusal(_DATA)
    first.close()
    with open(first.folder / "refusals.jsonl", "ab") as file:
        file.write(b"torn")
    assert record().refusal(_DATA) == "refusals/4"
    (report,) = verify(first.folder).chains
    assert ([finding.what for finding in report.findings], report.ok) == (["gap"], True)


def test_two_gateways_on_one_folder_keep_apart(record) -> None:
    """Each has a file of its own, so that no chain is broken."""
    assert record().refusal(_DATA) == "refusals/2"
    second = record()
    assert second.refusal(_DATA) == "refusals-2/2"
    assert [report.name for report in verify(second.folder).chains] == ["refusals", "refusals-2"]


def test_a_log_that_cannot_be_written_stops_traffic_and_never_raises(recordings, erika, clock) -> None:
    """The refusal itself goes through; nobody else passes until the log can be written again."""
    session = recordings.session(erika, "run-1")
    (recordings.folder / "refusals.jsonl").mkdir()
    assert recordings.refusal(_DATA) == ""
    assert not recordings.healthy()
    with pytest.raises(Refused):
        session.append("decision", {})
    (recordings.folder / "refusals.jsonl").rmdir()
    clock.advance(2)
    assert session.append("decision", {}).endswith("/2")
    recovered = _lines(recordings.folder)[1]
    assert (recovered["kind"], recovered["data"]) == ("recovered", {"lost": 1})


def test_a_log_that_could_not_be_synced_stops_traffic_with_power(record, erika, clock) -> None:
    """What strangers were refused is evidence too: nobody passes until it is on the disk."""
    recordings = record(durability="power")
    session = recordings.session(erika, "run-1")
    assert recordings.refusal(_DATA)
    assert session.append("decision", {})
    recordings._refusals._chain.doubtful = True  # as a failed sync leaves it
    with pytest.raises(Refused):
        session.append("decision", {})
    clock.advance(2)
    assert session.append("decision", {})


@pytest.mark.parametrize("odd", [{"x": b"bytes"}, {"x": "y" * 20_000}, {"reason": b"r", "peer": ["p"]}])
def test_odd_data_is_cut_down_not_refused(recordings, odd) -> None:
    """A refusal must be noted whatever the stranger sent."""
    assert recordings.refusal({**_DATA, **odd}) == "refusals/2"
    data = _lines(recordings.folder)[1]["data"]
    assert set(data) == {"dropped", "peer", "reason"}
    assert recordings.healthy()


def test_a_log_with_a_broken_end_is_put_aside(record) -> None:
    """It is kept as the older half, for verify to show, and a new one begun."""
    first = record()
    first.refusal(_DATA)
    first.close()
    path = first.folder / "refusals.jsonl"
    path.write_bytes(path.read_bytes() + b"junk\n")
    assert record().refusal(_DATA) == "refusals/2"
    assert (first.folder / "refusals.1.jsonl").read_bytes().endswith(b"junk\n")
    assert not verify(first.folder).ok


def test_an_empty_log_is_begun_anew(record) -> None:
    """A gateway killed while it made the file leaves it empty."""
    recordings = record()
    (recordings.folder / "refusals.jsonl").write_bytes(b"")
    assert recordings.refusal(_DATA) == "refusals/2"


def test_a_log_that_is_vouched_for_rotates_once_between_two_looks(record, clock) -> None:
    """A flood makes it larger for a while: nobody could tell two rotations from a cut. Far above it, it only counts."""
    recordings = record(Limits(refusal_bytes=1500, refusal_writes=1000))
    recordings.tips.take()
    log = recordings.folder / "refusals.jsonl"

    def flood(count: int, first: int) -> None:
        for number in range(first, first + count):
            recordings.refusal({"reason": "token-missing", "peer": str(number)})

    flood(18, 0)
    recordings.tips.take()
    recordings.tips.failed()  # nobody vouched for anything
    flood(1, 100)
    assert log.stat().st_size > 1500
    assert not log.with_suffix(".1.jsonl").exists()
    recordings.tips.take()
    recordings.tips.take()
    flood(1, 200)
    assert log.stat().st_size < 1500
    first = log.with_suffix(".1.jsonl").read_bytes()
    flood(200, 300)
    assert 8 * 1500 <= log.stat().st_size < 10 * 1500
    assert log.with_suffix(".1.jsonl").read_bytes() == first
    recordings.tips.take()
    recordings.tips.take()
    clock.advance(61)
    flood(1, 900)
    assert log.with_suffix(".1.jsonl").stat().st_size >= 8 * 1500
    (counted,) = [line["data"]["refusals"] for line in _lines(log.parent) if line["kind"] == "uncounted"]
    assert 100 < counted < 200


def test_a_log_waits_for_the_tree_that_is_still_being_opened(record) -> None:
    """A gateway answers before its tree is loaded: a flood in that moment would turn the log over twice, unseen."""
    recordings = record(Limits(refusal_bytes=1500, refusal_writes=1000))
    recordings.tips.awaited = True
    older = recordings.folder / "refusals.1.jsonl"
    for number in range(200):
        recordings.refusal({"reason": "token-missing", "peer": str(number)})
    assert not older.exists()
    recordings.tips.take()
    recordings.refusal({"reason": "token-missing", "peer": "first look"})
    assert not older.exists()
    recordings.tips.take()
    recordings.refusal({"reason": "token-missing", "peer": "after it"})
    assert older.exists()
