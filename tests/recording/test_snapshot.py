"""Snapshots of flows."""

from __future__ import annotations

from interlock.recording import FlowSnapshot, RequestSnapshot, ResponseSnapshot


def test_a_snapshot_shows_no_body_and_knows_its_weight() -> None:
    """Bodies stay out of reprs; the queue counts them."""
    request = RequestSnapshot(method="GET", scheme="http", host="a.example", port=80, path="/", body=b"canary" * 10)
    flow = FlowSnapshot(id="1", request=request, response=ResponseSnapshot(status=200, body=b"canary"))
    assert "canary" not in repr(flow)
    assert flow.weight == 66 + FlowSnapshot(id="1", request=RequestSnapshot(
        method="GET", scheme="http", host="a.example", port=80, path="/")).weight  # fmt: skip
