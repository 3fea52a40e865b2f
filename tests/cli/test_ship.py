"""`interlock ship`: what waits, and shipping it now."""

from __future__ import annotations

import json

from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, MAX, record, write_rules


def _ship(tmp_path) -> str:
    return f"{{ship: [{{to: 'file://{tmp_path}/archive'}}, {{id: second, to: store}}]}}"


def test_what_waits_is_said_and_then_shipped(interlock: Interlock, tmp_path) -> None:
    """To a folder and to the store; the fetched copy verifies."""
    rules = write_rules(tmp_path, _ship(tmp_path))
    names = record(rules, ERIKA, MAX)
    asked = [json.loads(line) for line in interlock("ship", "--json", "--rules", rules).out.splitlines()]
    assert [(entry["to"], entry["shipped"], entry["waiting"]) for entry in asked] == [("file", 0, 2), ("second", 0, 2)]
    done = interlock("ship", "--now", "--rules", rules)
    assert done.code == 0, done.out + done.err
    assert sorted(path.name for path in (tmp_path / "archive").glob("0*")) == sorted(names)
    assert interlock("verify", tmp_path / "archive").code == 0
    asked = [json.loads(line) for line in interlock("ship", "--json", "--rules", rules).out.splitlines()]
    assert [entry["waiting"] for entry in asked] == [0, 0]


def test_a_place_that_is_not_there_ends_with_status_1(interlock: Interlock, tmp_path, monkeypatch) -> None:
    """It is told which, and what waits stays; no secret is shown."""
    monkeypatch.setenv("S3_SECRET", "hunter2")
    monkeypatch.delenv("S3_ID", raising=False)
    rules = write_rules(
        tmp_path, "{ship: [{to: 's3://bucket', access_key: env:S3_ID, secret_key: env:S3_SECRET, region: eu}]}"
    )
    record(rules, ERIKA)
    done = interlock("ship", "--now", "--rules", rules)
    assert (done.code, "env:S3_ID is not set" in done.out, "hunter2" in done.out + done.err) == (1, True, False)


def test_rules_that_ship_nothing_say_what_to_write(interlock: Interlock, tmp_path) -> None:
    """With an example."""
    rules = write_rules(tmp_path, "{}")
    record(rules, ERIKA)
    done = interlock("ship", "--now", "--rules", rules)
    assert (done.code, "s3://bucket/prefix" in done.err) == (1, True)
