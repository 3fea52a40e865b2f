"""`interlock fetch`: what was shipped, brought back and put together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, MAX, record, write_rules
from tests.servers.az import ACCOUNT, KEY, az
from tests.servers.gs import account, gs
from tests.servers.s3 import ACCESS_KEY, s3

from interlock.engine.recording_keys import gateway_keys
from interlock.engine.rules import load_rules
from interlock.recording import Recordings


class _Now:
    def now(self) -> float:
        return 1_767_225_600.0

    def monotonic(self) -> float:
        return 0.0


def _grown(interlock: Interlock, rules: Path) -> str:
    """A session that is shipped twice while it is open, and once after."""
    loaded = load_rules(rules)
    recordings = Recordings(loaded.gateway.recordings, _Now(), keys=gateway_keys(loaded))
    session = recordings.session(ERIKA, "run-grows")
    for _ in range(2):
        session.append("principal", {"groups": []})
        assert interlock("ship", "--now", "--rules", rules).code == 0
    recordings.close()
    assert interlock("ship", "--now", "--rules", rules).code == 0
    return session.id


@pytest.mark.parametrize("to", ["file", "store", "s3", "gs", "az"])
def test_what_was_shipped_in_pieces_is_fetched_and_verifies(interlock: Interlock, tmp_path, monkeypatch, to) -> None:
    """From every kind of place, without the folder that it was recorded in; byte for byte what was there."""
    given = {"S3_ID": ACCESS_KEY, "S3_SECRET": "hunter2", "AZ_KEY": KEY, "GS_ACCOUNT": account()}
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    with {"gs": gs, "az": az}.get(to, s3)() as server:
        places = {
            "file": f"{{to: 'file://{tmp_path}/archive'}}",
            "store": "{to: store}",
            "s3": f"{{to: 's3://bucket/a/b', region: eu-test-1, endpoint: '{server.endpoint}', access_key: env:S3_ID,"
            " secret_key: env:S3_SECRET}",
            "gs": f"{{to: 'gs://bucket/a/b', endpoint: '{server.endpoint}', account: env:GS_ACCOUNT}}",
            "az": f"{{to: 'az://bucket/a/b', account: {ACCOUNT}, endpoint: '{server.endpoint}',"
            " access_key: env:AZ_KEY}",
        }
        rules = write_rules(tmp_path, f"{{ship: [{places[to]}]}}")
        name, (other,) = _grown(interlock, rules), record(rules, MAX)
        assert interlock("ship", "--now", "--rules", rules).code == 0
        folder = load_rules(rules).gateway.recordings
        before = {path: path.read_bytes() for path in folder.glob("0*/*") if path.name != "salt"}
        for path in folder.glob("0*/*"):
            path.unlink()
        done = interlock("fetch", to, tmp_path / "to", "--json", "--rules", rules)
    assert done.code == 0, done.out + done.err
    assert not server.unsigned
    found = {entry["name"]: entry["pieces"] for line in done.out.splitlines() if (entry := json.loads(line))}
    assert found == {name: 3, other: 2}
    assert {
        folder / path.relative_to(tmp_path / "to"): path.read_bytes() for path in (tmp_path / "to").glob("0*/*")
    } == before
    assert interlock("verify", tmp_path / "to").code == 0
    assert name in interlock("sessions", "--recordings", tmp_path / "to", "--json").out


def test_a_copy_in_a_folder_needs_no_rules(interlock: Interlock, tmp_path) -> None:
    """An auditor has the copy alone; one session of it when asked so, and what is missing is said with status 1."""
    rules = write_rules(tmp_path, f"{{ship: [{{to: 'file://{tmp_path}/archive'}}]}}")
    name, (other,) = _grown(interlock, rules), record(rules, MAX)
    assert interlock("ship", "--now", "--rules", rules).code == 0
    asked = ("fetch", tmp_path / "archive", tmp_path / "to", "--rules", tmp_path / "nowhere")
    assert interlock(*asked, "--session", name).code == 0
    assert [path.name for path in (tmp_path / "to").iterdir()] == [name]
    again = interlock(*asked)
    assert (again.code, "already" in again.out, other in again.out) == (1, True, True)
    (tmp_path / "archive" / name / "evidence.jsonl").unlink()
    torn = interlock("fetch", tmp_path / "archive", tmp_path / "torn", "--json")
    assert torn.code == 1
    assert "does not follow" in torn.out


@pytest.mark.parametrize(("words", "says"), [
    (("elsewhere",), "neither a folder nor a place"),
    (("file", "--session", "../../etc"), "is not a session"),
])  # fmt: skip
def test_what_is_no_place_is_told(interlock: Interlock, tmp_path, words, says) -> None:
    """With those that there are."""
    rules = write_rules(tmp_path, f"{{ship: [{{to: 'file://{tmp_path}/archive'}}]}}")
    done = interlock("fetch", words[0], tmp_path / "to", *words[1:], "--rules", rules)
    assert (done.code, says in done.err) == (1, True)
