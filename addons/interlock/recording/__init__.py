"""What a session left: evidence that shows whether it was changed, and flows that mitmweb opens.

A recordings folder holds one folder a session (named by a ULID) with `evidence.jsonl` (one chained event a line),
`flows.mitm` (mitmproxy's format) and `salt` (the key of the digests), and beside them `refusals.jsonl`.
"""

from __future__ import annotations

from interlock.recording.flows import encode_flow
from interlock.recording.limits import Limits
from interlock.recording.reading import Line, SessionSummary, list_sessions, read_events
from interlock.recording.recordings import Recordings
from interlock.recording.session import Session
from interlock.recording.snapshot import ConnectionSnapshot, FlowSnapshot, RequestSnapshot, ResponseSnapshot
from interlock.recording.ulid import is_ulid
from interlock.recording.verify import ChainReport, TreeReport, Verification, verify
from interlock.recording.walk import Finding

__all__ = [
    "ChainReport",
    "ConnectionSnapshot",
    "Finding",
    "FlowSnapshot",
    "Limits",
    "Line",
    "Recordings",
    "RequestSnapshot",
    "ResponseSnapshot",
    "Session",
    "SessionSummary",
    "TreeReport",
    "Verification",
    "encode_flow",
    "is_ulid",
    "list_sessions",
    "read_events",
    "verify",
]
