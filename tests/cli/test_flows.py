"""`interlock flows`: what mitmweb opens."""

from __future__ import annotations

import pytest
from mitmproxy.io import FlowReader
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, record, write_rules

from interlock.recording import keyring


@pytest.mark.parametrize("encrypt", ["{}", "{encrypt: env:RECORDING_KEY}"])
def test_a_session_opens_in_mitmproxy(interlock: Interlock, tmp_path, monkeypatch, encrypt) -> None:
    """Encrypted or not; the file is the reader's alone, and the look is noted."""
    monkeypatch.setenv("RECORDING_KEY", "11" * 32)
    rules = write_rules(tmp_path, encrypt)
    (name,) = record(rules, ERIKA)
    out = tmp_path / "session.mitm"
    by = {"INTERLOCK_RULES": str(rules)}
    done = interlock("flows", name[:20], "-o", out, "--recordings", tmp_path / "recordings", env=by)
    assert done.code == 0, done.err
    with out.open("rb") as file:
        assert [flow.request.host for flow in FlowReader(file).stream()] == ["a.example"]
    assert out.stat().st_mode & 0o777 == 0o600
    assert "interlock flows" in (tmp_path / "recordings/looks.jsonl").read_text()


@pytest.mark.parametrize(
    ("gone", "says"), [("", "its key is not here"), ("key", "was erased"), ("flows.mitm", "no flows")]
)
def test_what_cannot_be_opened_says_why(interlock: Interlock, tmp_path, monkeypatch, gone, says) -> None:
    """No key here, none any more, or nothing there: words, and status 1."""
    monkeypatch.setattr(keyring, "_reached", {})
    monkeypatch.setenv("RECORDING_KEY", "11" * 32)
    rules = write_rules(tmp_path, "{encrypt: env:RECORDING_KEY}")
    (name,) = record(rules, ERIKA)
    if gone:
        (tmp_path / "recordings" / name / gone).unlink()
    by = {"INTERLOCK_RULES": str(tmp_path / ("rules" if gone else "nowhere"))}
    done = interlock("flows", name, "-o", tmp_path / "x", "--recordings", tmp_path / "recordings", env=by)
    assert (done.code, says in done.err) == (1, True), done.err
