"""A session as OCSF events for a SIEM: one API Activity (class 6003, OCSF 1.6.0) a line for each decision.

The profile `security_control` says what became of it; what has no member there stands in `unmapped`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from interlock.model import JSON
from interlock.recording.event import Event
from interlock.recording.exporting import Exported, nanoseconds
from interlock.recording.operations import detail
from interlock.recording.wording import innermost, text_of, touched

__all__ = ["VERSION", "ocsf"]

VERSION: Final = "1.6.0"
_CLASS, _CATEGORY = 6003, 6
_ACTIVITIES: Final = {1: "Create", 2: "Read", 3: "Update", 4: "Delete", 99: "Other"}
_BY_METHOD: Final = {"GET": 2, "HEAD": 2, "OPTIONS": 2, "POST": 1, "PUT": 3, "PATCH": 3, "DELETE": 4}
_BY_ACCESS: Final = {"read": 2, "write": 3, "ddl": 3, "admin": 99, "unknown": 99}
_DELETES: Final = frozenset(("drop", "delete", "truncate"))
_MAX_RESOURCES: Final = 100
_KINDS: Final = frozenset(("decision", "reply"))


def ocsf(session: Exported) -> Iterator[str]:
    """JSON lines, oldest first."""
    person: Mapping[str, JSON] = {}
    for event in session.events():
        if event.kind == "principal":
            person = event.data
        elif event.kind in _KINDS:
            yield json.dumps(_activity(session, event, person), ensure_ascii=True, separators=(",", ":")) + "\n"


def _activity(session: Exported, event: Event, person: Mapping[str, JSON]) -> dict[str, JSON]:
    data, summary = event.data, session.summary
    activity, permitted = _activity_id(data), text_of(data, "effect") == "permit"
    reference = f"{summary.id}/{event.seq}"
    host = text_of(data, "origin").partition("://")[2]
    found: dict[str, JSON] = {
        "activity_id": activity,
        "activity_name": _ACTIVITIES[activity],
        "category_uid": _CATEGORY,
        "category_name": "Application Activity",
        "class_uid": _CLASS,
        "class_name": "API Activity",
        "type_uid": _CLASS * 100 + activity,
        "type_name": f"API Activity: {_ACTIVITIES[activity]}",
        "time": nanoseconds(event.at) // 1_000_000,
        "severity_id": 1 if permitted else 3,
        "severity": "Informational" if permitted else "Medium",
        "status_id": 1 if permitted else 2,
        "status": "Success" if permitted else "Failure",
        "status_detail": text_of(data, "reason"),
        "action_id": 1 if permitted else 2,
        "action": "Allowed" if permitted else "Denied",
        "disposition_id": 1 if permitted else 2,
        "disposition": "Allowed" if permitted else "Blocked",
        "message": touched(data.get("operations")),
        "metadata": _metadata(session, event, reference),
        "actor": _actor(session, person),
        "api": _api(data),
        "src_endpoint": {"name": summary.subject or "unknown", "uid": summary.run or summary.id},
        "unmapped": {"reference": reference, "event": event.kind, "hash": event.hash, **_unmapped(data)},
    }
    if host:
        found["dst_endpoint"] = {"hostname": host, "svc_name": text_of(data, "connection")}
    if text_of(data, "method"):
        found["http_request"] = {"http_method": text_of(data, "method"), "url": {"path": text_of(data, "path")}}
    if resources := _resources(data):
        found["resources"] = resources
    if rule := text_of(data, "rule"):
        found["policy"] = {"name": rule, "uid": rule, "version": text_of(data, "rules")}
    return found


def _metadata(session: Exported, event: Event, reference: str) -> dict[str, JSON]:
    product: dict[str, JSON] = {
        "name": "Interlock", "vendor_name": "Interlock", "version": session.summary.gateway or "unknown",
    }  # fmt: skip
    return {
        "version": VERSION,
        "product": product,
        "profiles": ["security_control"],
        "uid": reference,
        "original_time": event.at,
        "sequence": event.seq,
        "log_name": "evidence.jsonl",
        "correlation_uid": session.summary.id,
    }


def _actor(session: Exported, person: Mapping[str, JSON]) -> dict[str, JSON]:
    summary = session.summary
    user: dict[str, JSON] = {
        "name": summary.subject or "unknown", "uid": summary.subject or "unknown", "type_id": 99, "type": "Agent",
        "domain": summary.issuer,
    }  # fmt: skip
    groups = person.get("groups")
    if isinstance(groups, list) and groups:
        user["groups"] = [{"name": str(name)} for name in groups]
    actor: dict[str, JSON] = {"user": user, "session": {"uid": summary.id, "issuer": summary.issuer}}
    if acting := text_of(person, "acting_for"):
        actor["invoked_by"] = acting
    return actor


def _api(data: Mapping[str, JSON]) -> dict[str, JSON]:
    items = data.get("operations")
    first = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
    api: dict[str, JSON] = {"operation": text_of(first, "name") or text_of(data, "method") or "unknown"}
    if service := text_of(data, "connection"):
        api["service"] = {"name": service}
    return api


def _activity_id(data: Mapping[str, JSON]) -> int:
    """By the most dangerous operation, where one was found; otherwise by the method."""
    items = data.get("operations")
    found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    inner = [item for item in innermost(found) if isinstance(item, dict)]  # type: ignore[arg-type]
    kinds = {str(kind) for item in inner for kind in _list(detail(item, "kinds"))}
    if kinds & _DELETES:
        return 4
    told = [item for item in inner if not text_of(item, "name").startswith("http.")]
    if told:
        return max(_BY_ACCESS.get(text_of(item, "access"), 99) for item in told)
    return _BY_METHOD.get(text_of(data, "method"), 99)


def _resources(data: Mapping[str, JSON]) -> list[JSON]:
    found: dict[tuple[str, str], None] = {}
    items = data.get("operations")
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            for kind, name in (("table", "tables"), ("host", "hosts"), ("path", "paths")):
                for value in _list(detail(item, name)):
                    found[kind, str(value)] = None
    return [{"type": kind, "name": name} for kind, name in [*found][:_MAX_RESOURCES]]


def _unmapped(data: Mapping[str, JSON]) -> dict[str, JSON]:
    names = ("mode", "approval", "tool_use", "claims", "credential", "masked", "reports", "grants")
    return {name: data[name] for name in names if data.get(name)}


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []
