"""What advanced since somebody last asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from interlock.recording import FlowSnapshot, Recordings, RequestSnapshot
from interlock.recording.tips import Taken

_FLOW = FlowSnapshot(id="1", request=RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/"))


def test_a_session_is_told_of_once_with_how_far_it_went(recordings: Recordings, erika) -> None:
    """Its last event, and what stands in its flow file; nothing new is nothing."""
    session = recordings.session(erika, "run-1")
    session.append("decision", {})
    (tip,), names, (index,) = recordings.tips.take()
    assert (tip.name, tip.seq, tip.hash, tip.closed) == (session.id, *session.head, False)
    assert (tip.flows, tip.digest, names) == (0, hashlib.sha256().hexdigest(), ())
    assert index.parent == recordings.folder / ".runs"
    assert recordings.tips.take() == Taken()


def test_a_closed_session_comes_with_all_its_flows(recordings: Recordings, erika) -> None:
    """Its flows are on the disk by then."""
    session = recordings.session(erika)
    session.flow(_FLOW)
    session.close("idle")
    ((tip,), _, _) = recordings.tips.take()
    flows = (session.folder / "flows.mitm").read_bytes()
    assert (tip.closed, tip.flows, tip.digest) == (True, len(flows), hashlib.sha256(flows).hexdigest())
    assert not tip.waiting


def test_a_session_whose_flows_are_still_queued_comes_again(recordings: Recordings, erika) -> None:
    """Until they are written: no event need follow."""
    session = recordings.session(erika)
    session.flow(_FLOW)
    ((tip,), _, _) = recordings.tips.take()
    while tip.waiting:
        ((tip,), _, _) = recordings.tips.take()
    assert tip.flows == (session.folder / "flows.mitm").stat().st_size


def test_what_others_changed_is_told_by_name(recordings: Recordings) -> None:
    """Sessions of dead gateways that were closed, files that were added to."""
    recordings.tips.name("b")
    recordings.tips.name("a")
    recordings.tips.file(Path("x"))
    assert recordings.tips.take() == Taken((), ("a", "b"), (Path("x"),))
