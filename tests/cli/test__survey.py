"""What `interlock check` says of recorded calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, record, write_rules

from interlock.cli._survey import samples_of
from interlock.recording import FlowSnapshot, RequestSnapshot, ResponseSnapshot, encode_flow

MAIL = "erika.mustermann@example.com"
RULES = """\
version: 1
connections:
  - {name: crm, protocol: http, hosts: ["https://crm.example.com"]}
masking:
  - {id: people, detect: [email], with: token}
  - {id: cards, path: $.card}
policy:
  - {id: readers, permit: ["http.get /**"], on: [crm], to: anyone}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Rules, and one recorded call."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(RULES, encoding="utf-8")
    session = tmp_path / "recordings" / "samples" / "one"
    session.mkdir(parents=True)
    body = json.dumps({"a": MAIL, "b": "<email:ABCDEFGHIJKLMNOP>"}).encode()
    flow = FlowSnapshot(
        id="f1",
        request=RequestSnapshot(method="GET", scheme="https", host="crm.example.com", port=443, path="/a"),
        response=ResponseSnapshot(status=200, headers=(("content-type", "application/json"),), body=body),
    )
    (session / "flows.mitm").write_bytes(encode_flow(flow))
    return tmp_path


def test_each_rule_says_what_it_would_match(interlock: Interlock, folder: Path) -> None:
    """The samples beside the rules, without being asked."""
    result = interlock("check", folder / "rules")
    said = "1 masks that stand there already, 1 values that it would mask now in 1 of 1 recorded calls"
    assert f"masking people: {said}" in result.out
    assert "the first: f1 email /a" in result.out
    assert "match nothing in 1 recorded calls: cards" in result.out
    assert MAIL not in result.out


def test_machines_get_every_rule(interlock: Interlock, folder: Path) -> None:
    """Those that match nothing too."""
    told = json.loads(interlock("check", folder / "rules", "--json", "--recordings", folder / "recordings").out)
    told = told["recordings"]
    assert (told["calls"], told["elsewhere"], told["unread"]) == (1, 0, 0)
    assert [(one["rule"], one["masked"], one["new"]) for one in told["rules"]] == [("people", 1, 1), ("cards", 0, 0)]


def test_without_samples_nothing_is_said(interlock: Interlock, tmp_path: Path) -> None:
    """An empty folder is none; a folder that was named must be there."""
    (tmp_path / "recordings" / "samples").mkdir(parents=True)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.yaml").write_text(RULES, encoding="utf-8")
    assert samples_of(tmp_path / "rules") is None
    assert "recorded calls" not in interlock("check", tmp_path / "rules").out
    result = interlock("check", tmp_path / "rules", "--recordings", tmp_path / "gone")
    assert result.code != 0


def test_whoever_has_recordings_looked_at_leaves_a_line(interlock: Interlock, tmp_path: Path) -> None:
    """In each folder that holds sessions; golden samples beside the rules are nobody's."""
    rules = write_rules(tmp_path, "{}")
    record(rules, ERIKA)
    assert interlock("check", rules, "--recordings", tmp_path / "recordings").code == 0
    assert "interlock check --recordings" in (tmp_path / "recordings" / "looks.jsonl").read_text()
    (tmp_path / "recordings").rename(tmp_path / "day")
    (tmp_path / "recordings" / "samples").mkdir(parents=True)
    (tmp_path / "day" / "looks.jsonl").unlink()
    (tmp_path / "day").rename(tmp_path / "recordings" / "samples" / "day")
    for folder in ("recordings", "recordings/samples/day"):
        assert interlock("check", rules, "--recordings", tmp_path / folder).code == 0
    assert not list(tmp_path.rglob("looks.jsonl"))
