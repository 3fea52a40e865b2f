"""API Activity as OCSF 1.6.0 has it: its required members, its enumerations, its arithmetic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.recording.nasty import NASTY, Clock, nasty_session

from interlock.model import JSON, Principal
from interlock.recording import Recordings
from interlock.recording.exporting import Exported
from interlock.recording.ocsf import VERSION, ocsf

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def needs(**members: Any) -> dict[str, Any]:
    """An object with at least these members."""
    return {"type": "object", "properties": members, "required": [*members]}


ACTIVITY = needs(
    activity_id={"enum": [1, 2, 3, 4, 99]}, category_uid={"const": 6}, class_uid={"const": 6003}, type_uid=NUMBER,
    time={"type": "integer", "minimum": 1_600_000_000_000, "maximum": 4_000_000_000_000},
    severity_id={"enum": [0, 1, 2, 3, 4, 5, 6, 99]}, status_id={"enum": [0, 1, 2, 99]}, action_id={"enum": [0, 1, 2]},
    disposition_id={"enum": [1, 2]},
    metadata=needs(
        version={"const": VERSION}, product=needs(vendor_name=TEXT, name=TEXT), profiles={"const": ["security_control"]}
    ),
    actor=needs(user=needs(name={"type": "string", "minLength": 1}, type_id=NUMBER)),
    api=needs(operation={"type": "string", "minLength": 1}),
    src_endpoint=needs(name={"type": "string", "minLength": 1}),
)  # fmt: skip


def activities(folder: Path) -> list[dict[str, Any]]:
    """The lines of an export; each holds against the class."""
    written = "".join(ocsf(Exported.of(folder)))
    assert written.isascii()
    found = [json.loads(line) for line in written.splitlines()]
    for one in found:
        jsonschema.validate(one, ACTIVITY)
        assert one["type_uid"] == one["class_uid"] * 100 + one["activity_id"]
    return found


DROP: list[JSON] = [
    {"name": "http.post", "access": "write", "place": "", "arguments": {}},
    {
        "name": "sql.ddl",
        "access": "ddl",
        "place": "/q",
        "in": 0,
        "arguments": {"kinds": ["drop"], "tables": ["customers"]},
    },
]
READ: list[JSON] = [{"name": "http.post", "arguments": {}}, {"name": "sql.read", "access": "read", "in": 0}]
OLD: list[JSON] = [
    {"name": "http.post", "access": "write"},
    {"name": "sql.write", "access": "write", "kinds": ["update"]},
]
ROWS: list[tuple[dict[str, JSON], int]] = [
    ({"method": "POST", "operations": DROP}, 4),
    ({"method": "POST", "operations": READ}, 2),
    ({"method": "POST", "operations": OLD}, 3),
    ({"method": "DELETE", "operations": [{"name": "http.delete", "access": "write"}]}, 4),
    ({"method": "PROPFIND", "operations": []}, 99),
    ({"operations": [{"name": "shell.unknown", "access": "unknown"}]}, 99),
]


@pytest.mark.parametrize(("data", "activity"), ROWS)
def test_the_activity_is_what_would_be_done(tmp_path: Path, data: dict[str, JSON], activity: int) -> None:
    """Not the method, where it is known what the body would do."""
    recordings = Recordings(tmp_path, Clock())
    session = recordings.session(Principal("corp", "https://idp.example.com", "erika"), "run-1")
    session.append("principal", {"groups": ["dba"], "acting_for": "max"})
    session.append("decision", {"effect": "forbid", "reason": "blocked", "rule": "no-drops", "rules": "d" * 64, **data})
    recordings.close()
    (found,) = activities(tmp_path / session.id)
    assert found["activity_id"] == activity
    assert (found["action"], found["disposition"], found["status_detail"]) == ("Denied", "Blocked", "blocked")
    assert found["policy"] == {"name": "no-drops", "uid": "no-drops", "version": "d" * 64}
    assert (found["actor"]["user"]["groups"], found["actor"]["invoked_by"]) == ([{"name": "dba"}], "max")
    if data["operations"] == DROP:
        assert found["resources"] == [{"type": "table", "name": "customers"}]
        assert found["message"] == "sql.ddl drop customers"


def test_whatever_was_recorded_is_an_activity(tmp_path: Path) -> None:
    """Every decision and every judged call, with its place in the evidence."""
    found = activities(nasty_session(tmp_path))
    assert len(found) == 3 * len(NASTY)
    assert {one["metadata"]["uid"] for one in found} == {one["unmapped"]["reference"] for one in found}
