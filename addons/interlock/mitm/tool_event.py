"""What the evidence says of a strange tool: digests and names of members, never what they say."""

from __future__ import annotations

from interlock.mitm.call import Call
from interlock.model import JSON
from interlock.reasons import Reason
from interlock.recording.pin_store import Verdict

__all__ = ["tool_event"]

_MEMBERS = frozenset(
    ("name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons", "execution", "_meta")
)


def tool_event(
    call: Call, name: str, verdict: Verdict, findings: list[str], twins: list[tuple[str, str]]
) -> dict[str, JSON]:
    """The data of a `tool` event. `twins` are tools of the same or a similar name: connection and name."""
    data: dict[str, JSON] = {
        "connection": call.contained.connection.name if call.contained is not None else "",
        "decision": call.reference,
        "tool": name,
        "findings": list(findings),
        "effect": "permit" if verdict.reason is None else "forbid",
        "reason": str(verdict.reason or Reason.PERMITTED),
        "digest": verdict.digest,
    }
    if verdict.finding == "changed":
        data |= {"pinned": verdict.pinned, "members": [*sorted({_shown(each) for each in verdict.members})]}
    if verdict.by:
        data["by"] = verdict.by
    if twins:
        data["twins"] = [f"{where}/{which}" for where, which in twins]
    return data


def _shown(member: str) -> str:
    return member if member in _MEMBERS else "another"
